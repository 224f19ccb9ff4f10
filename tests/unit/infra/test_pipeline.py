"""The template of the pipeline: the order of its stages, its permissions, and what the approver sees."""

import re
from pathlib import Path

import pytest
import yaml
from tests.unit.infra.rendered import listed

from awsit.aws.deployment import template

CI = Path(__file__).parents[3] / "ci"


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
