from datetime import UTC, datetime

import pytest
from tests.unit.aws.fakes import FakeAws, FakeCloudFormation, FakeS3

from awsit.aws.deployment import package
from awsit.aws.deployment.deploy import deploy
from awsit.aws.deployment.model import Deployed, DeployOptions, Packaged, ResourceProgress, StackNote, StackWarning
from awsit.errors import EnvironmentFailure, InvalidInputError, NotFoundError, UsageError
from awsit.model.json import loads
from awsit.records import replace
from awsit.sandbox.deployment.target import SandboxTarget
from awsit.system.clock import FakeClock

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Parameters:
  Size: {Type: String, Default: small, AllowedValues: [small, large]}
  Name: {Type: String}
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: worker}
"""


@pytest.fixture
def options(tmp_path):
    (tmp_path / "worker").mkdir()
    (tmp_path / "worker" / "app.py").write_text("pass")
    (tmp_path / "template.yaml").write_text(TEMPLATE)

    def make(**parameters):
        given = {"Name": "x", **parameters}
        return DeployOptions(tmp_path / "cache", "orders", tmp_path / "template.yaml", parameters=given)

    return make


@pytest.fixture
def cloudformation():
    return FakeCloudFormation()


@pytest.fixture
def aws(cloudformation):
    return FakeAws(cloudformation=cloudformation, s3=FakeS3())


def stack(cloudformation, status, **parameters):
    listed = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
    cloudformation.stacks["orders"] = {
        "StackName": "orders",
        "StackId": "arn:stack/orders/1",
        "StackStatus": status,
        "StackStatusReason": "as it happened",
        "Parameters": listed,
        "Outputs": [{"OutputKey": "Old", "OutputValue": "output"}],
        "Resources": [],
    }


def test_a_new_stack_is_packaged_created_and_reported(aws, cloudformation, options):
    packaged, note, *progress, deployed = deploy(aws, FakeClock(), options(Name="x"))

    assert isinstance(packaged, Packaged)
    assert (packaged.resource, packaged.uploaded) == ("Worker", True)
    assert note == StackNote("orders", "it is created")
    assert [(event.logical_id, event.status) for event in progress if isinstance(event, ResourceProgress)] == [
        ("Bucket", "CREATE_IN_PROGRESS"),
        ("orders", "CREATE_COMPLETE"),
    ]
    assert deployed == Deployed("orders", {"BucketName": "the-bucket"}, changed=True, is_new=True)


def test_the_template_that_is_sent_names_the_object_in_s3(aws, cloudformation, options):
    list(deploy(aws, FakeClock(), options(Name="x")))

    sent = loads(cloudformation.change_sets[0]["TemplateBody"])
    location = sent["Resources"]["Worker"]["Properties"]["CodeUri"]
    assert location["Bucket"] == "awsit-artifacts-123456789012-eu-west-1"
    assert location["Key"] in aws.client("s3").buckets[location["Bucket"]]
    assert "CAPABILITY_IAM" in cloudformation.change_sets[0]["Capabilities"]


def test_a_large_template_goes_through_s3(aws, cloudformation, options, tmp_path):
    (tmp_path / "template.yaml").write_text(TEMPLATE + f"Description: {'x' * 51_200}\n")

    list(deploy(aws, FakeClock(), options(Name="x")))

    url = cloudformation.change_sets[0]["TemplateURL"]
    assert url.startswith("https://s3.eu-west-1.amazonaws.com/awsit-artifacts-123456789012-eu-west-1/")


def test_an_update_keeps_the_parameters_that_are_not_given(aws, cloudformation, options):
    stack(cloudformation, "UPDATE_COMPLETE", Name="old", Size="large", Dropped="x")

    list(deploy(aws, FakeClock(), options(Name="new")))

    asked = cloudformation.change_sets[0]
    assert asked["ChangeSetType"] == "UPDATE"
    assert asked["Parameters"] == [
        {"ParameterKey": "Name", "ParameterValue": "new"},
        {"ParameterKey": "Size", "UsePreviousValue": True},
    ]


def test_without_keeping_them_the_others_have_their_defaults(aws, cloudformation, options):
    stack(cloudformation, "UPDATE_COMPLETE", Name="old", Size="large")

    list(deploy(aws, FakeClock(), replace(options(Name="new"), keep_parameters=False)))

    assert cloudformation.change_sets[0]["Parameters"] == [{"ParameterKey": "Name", "ParameterValue": "new"}]


def test_without_keeping_them_one_that_has_no_default_must_be_given_again(aws, cloudformation, options):
    stack(cloudformation, "UPDATE_COMPLETE", Name="old", Size="large")

    with pytest.raises(UsageError, match="the template needs a value of Name"):
        list(deploy(aws, FakeClock(), replace(options(), parameters={}, keep_parameters=False)))

    assert cloudformation.change_sets == []


def test_nothing_to_change_is_fine(aws, cloudformation, options):
    stack(cloudformation, "UPDATE_COMPLETE")
    cloudformation.refusal = "The submitted information didn't contain changes."

    events = list(deploy(aws, FakeClock(), options()))

    assert events[-2:] == [
        StackNote("orders", "it is up to date"),
        Deployed("orders", {"Old": "output"}, changed=False),
    ]
    assert cloudformation.calls == ["create_change_set UPDATE", "delete_change_set"]


def test_a_template_that_is_refused_leaves_no_stack(aws, cloudformation, options):
    cloudformation.refusal = "Parameters: [Name] must have values"

    with pytest.raises(EnvironmentFailure, match=r"does not take the template .* must have values"):
        list(deploy(aws, FakeClock(), options()))

    assert cloudformation.stacks == {}


def test_a_roll_back_names_the_first_resource_that_failed(aws, cloudformation, options):
    cloudformation.failing = {
        "Worker": "The runtime parameter is not valid",
        "Other": "Resource creation cancelled",
    }

    with pytest.raises(EnvironmentFailure) as caught:
        list(deploy(aws, FakeClock(), options(Name="x")))

    assert caught.value.message == (
        "the stack orders was not deployed and is ROLLBACK_COMPLETE: "
        "Worker (AWS::Lambda::Function): The runtime parameter is not valid"
    )


def test_the_errors_of_the_validation_are_shown(aws, cloudformation, options):
    at = datetime(2030, 1, 1, tzinfo=UTC)
    error = {
        "Timestamp": at,
        "OperationId": "2",
        "EventType": "VALIDATION_ERROR",
        "LogicalResourceId": "B",
        "ResourceType": "AWS::S3::Bucket",
        "ValidationStatusReason": "it exists",
    }
    older = error | {"OperationId": "1", "Timestamp": at.replace(year=2029), "ValidationStatusReason": "of another day"}
    cloudformation.validation = (older, error)

    with pytest.raises(EnvironmentFailure, match=r"is ROLLBACK_COMPLETE: B \(AWS::S3::Bucket\): it exists$"):
        list(deploy(aws, FakeClock(), options(Name="x")))


def test_a_stack_whose_creation_failed_is_made_again(aws, cloudformation, options):
    stack(cloudformation, "ROLLBACK_COMPLETE", Name="old")

    events = list(deploy(aws, FakeClock(), options(Name="x")))

    assert events[1] == StackNote("orders", "its creation had failed: it is removed and made again")
    assert cloudformation.calls[0] == "delete_stack"
    assert cloudformation.change_sets[0]["Parameters"] == [{"ParameterKey": "Name", "ParameterValue": "x"}]


def test_a_stack_in_review_is_created(aws, cloudformation, options):
    stack(cloudformation, "REVIEW_IN_PROGRESS")

    assert isinstance(list(deploy(aws, FakeClock(), options(Name="x")))[-1], Deployed)
    assert cloudformation.calls == ["create_change_set CREATE", "execute CREATE"]


@pytest.mark.parametrize(
    ("status", "hint"),
    [
        ("UPDATE_IN_PROGRESS", "wait until it has ended"),
        ("UPDATE_ROLLBACK_FAILED", "continue-update-rollback --stack-name orders"),
        ("DELETE_FAILED", "awsit destroy --stack orders"),
    ],
)
def test_a_stack_that_cannot_be_updated_is_left_alone(aws, cloudformation, options, status, hint):
    stack(cloudformation, status)

    with pytest.raises(EnvironmentFailure, match=f"the stack orders is {status}") as caught:
        list(deploy(aws, FakeClock(), options(Name="x")))

    assert hint in caught.value.hint
    assert cloudformation.calls == []
    assert aws.client("s3").calls == []


def test_only_events_of_this_deployment_are_shown(aws, cloudformation, options):
    list(deploy(aws, FakeClock(), options(Name="x")))

    events = [event for event in deploy(aws, FakeClock(), options()) if isinstance(event, ResourceProgress)]

    assert [event.status for event in events] == ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"]


def test_waiting_has_an_end(aws, cloudformation, options):
    cloudformation.polls = 10_000
    clock = FakeClock()

    with pytest.raises(EnvironmentFailure, match="still CREATE_IN_PROGRESS: awsit stopped waiting"):
        list(deploy(aws, clock, options(Name="x")))

    assert 1800 <= clock.monotonic() < 1810


@pytest.mark.parametrize(
    ("parameters", "message", "hint"),
    [
        ({"Sise": "large"}, "has no parameter Sise", "did you mean Size"),
        ({"Colour": "red"}, "has no parameter Colour", "it has Size, Name"),
        ({"Size": "huge"}, "Size cannot be huge", "one of small, large"),
    ],
)
def test_wrong_parameters_are_refused_before_anything_happens(aws, options, parameters, message, hint):
    with pytest.raises(UsageError, match=message) as caught:
        list(deploy(aws, FakeClock(), options(**parameters)))

    assert hint in caught.value.hint
    assert aws.client("cloudformation").calls == []


def test_code_that_is_not_there_is_named(aws, options, tmp_path):
    (tmp_path / "template.yaml").write_text(TEMPLATE.replace("CodeUri: worker", "CodeUri: nowhere"))

    with pytest.raises(InvalidInputError, match=r"Worker\.CodeUri names .*nowhere, which does not exist"):
        list(deploy(aws, FakeClock(), options()))


def test_awsits_own_template_gets_its_function_built_for_the_architecture(aws, cloudformation, tmp_path, monkeypatch):
    built = tmp_path / "function.zip"
    built.write_bytes(b"zip")
    asked = []
    monkeypatch.setattr(package, "function_zip", lambda *given, **named: asked.append((given, named)) or built)
    stack(cloudformation, "UPDATE_COMPLETE", Architecture="x86_64")
    cloudformation.stacks["awsit"] = cloudformation.stacks.pop("orders") | {"StackName": "awsit"}

    list(deploy(aws, FakeClock(), DeployOptions(tmp_path, dependencies=False)))

    assert asked == [(("x86_64", tmp_path), {"dependencies": False})] * 2  # its two functions have one package


def test_a_value_of_the_last_deployment_is_none_where_such_values_are_not_kept(aws, cloudformation, options):
    stack(cloudformation, "UPDATE_COMPLETE", Name="old", Size="small")

    with pytest.raises(UsageError, match="the template needs a value of Name"):
        list(deploy(aws, FakeClock(), replace(options(), parameters={}, keep_parameters=False)))

    assert not cloudformation.change_sets


def test_a_template_that_makes_a_stack_of_itself_is_refused(aws, options, tmp_path):
    stack_of_itself = "Resources: {Again: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: template.yaml}}}"
    (tmp_path / "template.yaml").write_text(stack_of_itself)

    with pytest.raises(InvalidInputError, match=r"Again makes a stack of \S+template\.yaml, which this stack is in"):
        list(deploy(aws, FakeClock(), replace(options(), parameters={})))


def test_a_parameter_without_a_value_is_asked_for_before_anything_happens(aws, options, tmp_path):
    (tmp_path / "template.yaml").write_text(TEMPLATE.replace("Name:", "Name: {Type: String}\n  Owner:"))

    with pytest.raises(UsageError, match="the template needs a value of Owner") as caught:
        list(deploy(aws, FakeClock(), options()))

    assert caught.value.hint == "add --parameter Owner=VALUE"
    assert aws.client("s3").buckets == {}


def test_what_the_sandbox_does_not_do_is_told_before_a_failed_stack_is_removed(aws, cloudformation, options, tmp_path):
    (tmp_path / "template.yaml").write_text("Resources: {Group: {Type: AWS::XRay::Group}}")
    stack(cloudformation, "ROLLBACK_COMPLETE")

    with pytest.raises(InvalidInputError) as caught:
        list(deploy(aws, FakeClock(), replace(options(), parameters={}, target=SandboxTarget())))

    assert [problem.path for problem in caught.value.problems] == ["Group"]
    assert (cloudformation.calls, aws.client("s3").buckets) == ([], {})


def test_what_another_program_builds_is_told_before_anything_is_uploaded(aws, cloudformation, options, tmp_path):
    template = TEMPLATE.replace("{CodeUri: worker}", "{CodeUri: worker, Runtime: nodejs22.x}")
    (tmp_path / "template.yaml").write_text(template)
    (tmp_path / "worker" / "package.json").write_text('{"dependencies": {"a": "1"}}')

    with pytest.raises(InvalidInputError, match="code that has to be built first; nothing was created"):
        list(deploy(aws, FakeClock(), options()))

    assert (cloudformation.calls, aws.client("s3").buckets) == ([], {})


def test_nested_templates_are_uploaded_before_those_that_name_them(aws, cloudformation, options, tmp_path):
    (tmp_path / "part" / "code").mkdir(parents=True)
    (tmp_path / "part" / "code" / "app.py").write_text("pass")
    inner = "Resources: {F: {Type: 'AWS::Lambda::Function', Properties: {Code: code}}}"
    (tmp_path / "part" / "template.yaml").write_text(inner)
    stack_of_part = "  Part: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: part/template.yaml}}\n"
    (tmp_path / "template.yaml").write_text(TEMPLATE + stack_of_part)

    packaged = [event.resource for event in deploy(aws, FakeClock(), options()) if isinstance(event, Packaged)]

    assert packaged == ["F", "Part", "Worker"]
    sent = loads(cloudformation.change_sets[0]["TemplateBody"])
    url = sent["Resources"]["Part"]["Properties"]["TemplateURL"]
    assert url.startswith("https://s3.eu-west-1.amazonaws.com/awsit-artifacts-123456789012-eu-west-1/")
    objects = aws.client("s3").buckets["awsit-artifacts-123456789012-eu-west-1"]
    code = loads(objects[url.rpartition("/")[2]][-1])["Resources"]["F"]["Properties"]["Code"]
    assert code["S3Key"] in objects


def test_a_nested_template_that_is_not_there_is_named(aws, options, tmp_path):
    stack_of_part = "  Part: {Type: 'AWS::Serverless::Application', Properties: {Location: nowhere.yaml}}\n"
    (tmp_path / "template.yaml").write_text(TEMPLATE + stack_of_part)

    with pytest.raises(NotFoundError, match=r"nowhere\.yaml cannot be read"):
        list(deploy(aws, FakeClock(), options()))


@pytest.mark.parametrize(("before", "is_told"), [("Old", True), ("ActionsRoleArn", False)])
def test_an_update_that_gives_actions_another_role_says_so_before_and_after(
    aws, options, cloudformation, before, is_told
):
    wanted = options()
    wanted.template.write_text(TEMPLATE + "Outputs: {ActionsRoleArn: {Value: x}}\n")
    stack(cloudformation, "UPDATE_COMPLETE")
    cloudformation.stacks["orders"]["Outputs"] = [{"OutputKey": before, "OutputValue": "arn:aws:iam::1:role/before"}]
    new = {"OutputKey": "ActionsRoleArn", "OutputValue": "arn:aws:iam::1:role/actions"}
    told = {"before": [], "after": []}
    for event in deploy(aws, FakeClock(), wanted):
        if cloudformation.change_sets:
            cloudformation.stacks["orders"]["Outputs"] = [new]
        if isinstance(event, StackWarning):
            told["after" if cloudformation.change_sets else "before"].append(event.text)

    assert [text[:38] for text in told["before"]] == ["its actions get a role of their own, a"] * is_told
    assert ["role of their own now, arn:aws:iam::1:role/actions" in text for text in told["after"]] == [True] * is_told
