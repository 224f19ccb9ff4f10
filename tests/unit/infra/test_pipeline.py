"""The template of the pipeline: the order of its stages, its permissions, and what the approver sees."""

import re
from pathlib import Path

import pytest
import yaml
from tests.permissions import policies
from tests.permissions.calls import Need
from tests.unit.infra.rendered import ACCOUNT, ARNS, REGION, STATE_MACHINE, Rendered, listed

from awsit.aws.deployment import template

CI = Path(__file__).parents[3] / "ci"
ARTIFACTS = ARNS["Bucket"]
HERE = f"arn:aws:SERVICE:{REGION}:{ACCOUNT}"
DEPLOY_ROLE = f"arn:aws:iam::{ACCOUNT}:role/deploys-orders"


@pytest.fixture(scope="module")
def resources():
    return template.read(CI / "pipeline.yaml")["Resources"]


def stages(resources):
    return resources["Pipeline"]["Properties"]["Stages"]


def statements(resources):
    for name, resource in resources.items():
        for policy in resource.get("Properties", {}).get("Policies", ()):
            for statement in policy["PolicyDocument"]["Statement"]:
                yield name, statement["Fn::If"][1] if "Fn::If" in statement else statement


def test_production_comes_after_the_scenarios_and_a_person(resources):
    names = [stage["Name"] for stage in stages(resources)]
    assert names == ["Source", "Build", "Stage", "EndToEndTests", "Approval", "Production"]


def test_stage_and_production_get_the_same_artifact(resources):
    stage, production = (stages(resources)[index]["Actions"][0] for index in (2, 5))
    assert stage["InputArtifacts"] == production["InputArtifacts"]
    assert stage["Configuration"]["TemplatePath"] == production["Configuration"]["TemplatePath"]


def test_the_scenarios_run_as_the_buildspec_says(resources):
    inline = yaml.safe_load(resources["EndToEnd"]["Properties"]["Source"]["BuildSpec"])
    assert inline == yaml.safe_load((CI / "buildspec.yml").read_text(encoding="utf-8"))


def test_the_approver_sees_variables_that_the_scenarios_export(resources):
    (scenarios,), (approval,) = (stages(resources)[index]["Actions"] for index in (3, 4))
    shown = f"{approval['Configuration']['CustomData']} {approval['Configuration']['ExternalEntityLink']}"
    named = re.findall(r"#\{(\w+)\.(\w+)\}", shown)
    buildspec = yaml.safe_load((CI / "buildspec.yml").read_text(encoding="utf-8"))
    assert {namespace for namespace, _ in named} == {scenarios["Namespace"]}
    assert {name for _, name in named} <= set(buildspec["env"]["exported-variables"])
    assert {"AWSIT_SUMMARY", "REPORT_URL"} <= {name for _, name in named}


def test_no_role_may_do_anything_on_everything(resources):
    found = list(statements(resources))
    assert {name for name, _ in found} == {"BuildRole", "EndToEndRole", "PipelineRole"}
    for name, statement in found:
        assert not [each for each in listed(statement["Action"]) if "*" in each], f"{name}: {statement}"
        assert "*" not in listed(statement["Resource"]), f"{name}: {statement}"


def test_only_the_pipeline_passes_a_role_and_only_to_cloudformation(resources):
    (found,) = ((name, each) for name, each in statements(resources) if "iam:PassRole" in listed(each["Action"]))
    assert found[0] == "PipelineRole"
    assert found[1]["Condition"] == {"StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}}


def test_the_bucket_is_private_and_refuses_what_is_not_encrypted(resources):
    blocked = resources["Bucket"]["Properties"]["PublicAccessBlockConfiguration"]
    assert blocked
    assert all(blocked.values())
    (statement,) = resources["BucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


@pytest.fixture(scope="module")
def end_to_end():
    """What the role of the scenarios may do: its own statements, and those of the CLI policy that it has."""
    stack = Rendered(
        template.read(CI / "pipeline.yaml"),
        AwsitCliPolicyArn="policy",
        StageStack="orders-stage",
        ProductionStack="orders",
        DeployRoleArn=DEPLOY_ROLE,
    )
    assert stack.properties("EndToEndRole")["ManagedPolicyArns"] == ["policy"]
    return [*stack.statements("EndToEndRole"), *policies.statements("run")]


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("s3:GetObject", f"{ARTIFACTS}/orders-pipeline-Pipe/Built/AbCdEfG"),
        ("s3:GetObjectVersion", f"{ARTIFACTS}/orders-pipeline-Pipe/Built/AbCdEfG"),
        ("s3:PutObject", f"{ARTIFACTS}/orders-pipeline-Pipe/Reports/AbCdEfG"),
        ("s3:PutObject", f"{ARTIFACTS}/reports/1f.html"),
        ("states:StartExecution", STATE_MACHINE),
    ],
)
def test_the_scenarios_read_what_was_built_and_write_reports(end_to_end, action, resource):
    assert policies.is_allowed(Need(action, resource), end_to_end)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("s3:PutObject", f"{ARTIFACTS}/orders-pipeline-Pipe/Built/AbCdEfG"),
        ("s3:PutObject", f"{ARTIFACTS}/orders-pipeline-Pipe/Source/AbCdEfG"),
        ("s3:PutObject", f"{ARTIFACTS}/packages/0123456789abcdef"),
        ("s3:DeleteObject", f"{ARTIFACTS}/orders-pipeline-Pipe/Built/AbCdEfG"),
        ("s3:DeleteObjectVersion", f"{ARTIFACTS}/packages/0123456789abcdef"),
        ("s3:PutBucketPolicy", ARTIFACTS),
        ("s3:PutReplicationConfiguration", ARTIFACTS),
        *(
            (f"cloudformation:{name}", f"{HERE.replace('SERVICE', 'cloudformation')}:stack/orders/1f")
            for name in ("UpdateStack", "CreateChangeSet", "ExecuteChangeSet", "DeleteStack")
        ),
        ("iam:PassRole", DEPLOY_ROLE),
        ("sts:AssumeRole", DEPLOY_ROLE),
        *(
            (f"codepipeline:{name}", f"{HERE.replace('SERVICE', 'codepipeline')}:orders-pipeline")
            for name in ("PutApprovalResult", "UpdatePipeline", "StartPipelineExecution", "RetryStageExecution")
        ),
        ("codebuild:UpdateProject", f"{HERE.replace('SERVICE', 'codebuild')}:project/Build"),
        ("codebuild:StartBuild", f"{HERE.replace('SERVICE', 'codebuild')}:project/Build"),
        ("lambda:UpdateFunctionCode", f"{HERE.replace('SERVICE', 'lambda')}:function:orders"),
    ],
)
def test_the_scenarios_cannot_replace_what_production_deploys(end_to_end, action, resource):
    assert not policies.is_allowed(Need(action, resource), end_to_end)


def test_what_production_deploys_is_kept_where_the_scenarios_do_not_write(resources):
    (production,) = stages(resources)[5]["Actions"]
    build = yaml.safe_load(resources["Build"]["Properties"]["Source"]["BuildSpec"])
    (packaging,) = (each for each in build["phases"]["build"]["commands"] if "cloudformation package" in each)

    assert [each["Name"] for each in production["InputArtifacts"]] == ["Built"]
    assert "--s3-prefix packages " in packaging
