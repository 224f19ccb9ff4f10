from types import SimpleNamespace

import pytest
from tests.unit.aws.fakes import FakeAws, FakeCloudFormation, client_error

import awsit
from awsit.aws import installation
from awsit.aws.deployment import package, template
from awsit.errors import EnvironmentFailure, UsageError
from awsit.records import replace

ARN = "arn:aws:states:eu-west-1:123456789012:stateMachine:awsit-test-flow"
EXPECTED = installation.Installation(ARN, "b", "t", "f", "/fl", "/sl", "1.2.3")
TAGS = {
    "awsit:bucket": "b",
    "awsit:table": "t",
    "awsit:function": "f",
    "awsit:function-log-group": "/fl",
    "awsit:log-group": "/sl",
    "awsit:version": "1.2.3",
}


def cloudformation(**outputs):
    listed = [{"OutputKey": key, "OutputValue": value} for key, value in outputs.items()]
    stack = {"StackName": "awsit", "StackId": "id", "StackStatus": "CREATE_COMPLETE", "Outputs": listed}
    return FakeCloudFormation(stacks={"awsit": stack})


def stepfunctions(tags, error=None):
    def describe(stateMachineArn):  # noqa: N803 - Step Functions' name
        if error:
            raise error

    return SimpleNamespace(
        describe_state_machine=describe,
        list_tags_for_resource=lambda resourceArn: {"tags": [{"key": k, "value": v} for k, v in tags.items()]},  # noqa: N803
    )


def test_an_installation_is_read_from_the_outputs_of_its_stack():
    outputs = {
        "StateMachineArn": ARN,
        "BucketName": "b",
        "TableName": "t",
        "FunctionName": "f",
        "FunctionLogGroup": "/fl",
        "StateMachineLogGroup": "/sl",
        "Version": "1.2.3",
    }

    assert installation.from_stack(FakeAws(cloudformation=cloudformation(**outputs))) == EXPECTED


def test_an_installation_is_read_from_the_tags_of_its_state_machine():
    assert installation.from_state_machine(FakeAws(stepfunctions=stepfunctions(TAGS)), ARN) == EXPECTED


def test_a_stack_that_is_not_deployed():
    with pytest.raises(EnvironmentFailure, match="Stack with id awsit does not exist") as caught:
        installation.from_stack(FakeAws(cloudformation=FakeCloudFormation()))

    assert "awsit deploy" in caught.value.hint


def test_a_stack_of_something_else():
    with pytest.raises(EnvironmentFailure, match=r"is not an awsit stack.*StateMachineArn.* not found"):
        installation.from_stack(FakeAws(cloudformation=cloudformation(BucketName="b")))


def test_a_state_machine_of_something_else():
    with pytest.raises(EnvironmentFailure, match=r"was not deployed by this version of awsit: awsit:bucket"):
        installation.from_state_machine(FakeAws(stepfunctions=stepfunctions({})), ARN)


def test_an_unknown_state_machine():
    error = client_error("StateMachineDoesNotExist", "State Machine Does Not Exist")

    with pytest.raises(EnvironmentFailure, match="State Machine Does Not Exist"):
        installation.from_state_machine(FakeAws(stepfunctions=stepfunctions(TAGS, error)), ARN)


@pytest.mark.parametrize(
    "arn",
    [
        "awsit",
        "arn:aws:states:eu-west-1:1234:stateMachine:x",
        ARN.replace("stateMachine", "execution") + ":run",
        ARN + " ",
    ],
)
def test_a_malformed_arn_is_refused_before_any_call(arn):
    with pytest.raises(UsageError, match="is not the ARN of a state machine"):
        installation.from_state_machine(FakeAws(), arn)


@pytest.mark.parametrize(
    ("version", "said"),
    [
        (awsit.__version__, ""),
        ("9.9.9", f"The stack was deployed by awsit 9.9.9, and this is awsit {awsit.__version__}: "),
        ("", "The stack was deployed by an older awsit, and this is awsit "),
    ],
)
def test_a_stack_of_another_version_is_told(version: str, said: str) -> None:
    notice = installation.version_notice(replace(EXPECTED, version=version))

    assert said in notice
    assert bool(said) == bool(notice)


def test_the_template_names_the_version_that_deploys_it() -> None:
    document = template.read(package.infra_folder() / "template.yaml")

    assert document["Outputs"]["Version"]["Value"] == awsit.__version__
    assert document["Resources"]["TestFlow"]["Properties"]["Tags"]["awsit:version"] == awsit.__version__
