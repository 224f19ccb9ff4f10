import pytest
from tests.unit.aws.fakes import FakeAws, FakeCloudFormation, client_error

from awsit.aws.stacks import CloudFormationStacks
from awsit.errors import EnvironmentFailure, MissingStackError


def orders():
    resources = [
        {"LogicalResourceId": "Table", "PhysicalResourceId": "orders-table-1"},
        {"LogicalResourceId": "Api", "PhysicalResourceId": "abc123"},
        {"LogicalResourceId": "NotYet"},
    ]
    outputs = [{"OutputKey": "ApiUrl", "OutputValue": "https://x"}, {"OutputKey": "Table", "OutputValue": "the-output"}]
    stack = {"StackName": "orders", "StackId": "id", "StackStatus": "X", "Outputs": outputs, "Resources": resources}
    return FakeAws(cloudformation=FakeCloudFormation(stacks={"orders": stack}))


def test_outputs_win_over_physical_ids_of_all_pages():
    found = CloudFormationStacks(orders()).outputs("orders")

    assert found == {"Table": "the-output", "Api": "abc123", "NotYet": "", "ApiUrl": "https://x"}


def test_a_stack_that_does_not_exist_is_named_with_its_region():
    with pytest.raises(MissingStackError, match="reads the stack order, which does not exist in eu-west-1") as caught:
        CloudFormationStacks(orders()).outputs("order")

    assert "--stack order" in caught.value.hint


def test_any_other_failure_is_the_environments():
    aws = orders()
    aws.clients["cloudformation"].describe_stacks = _refuse

    with pytest.raises(EnvironmentFailure, match="could not read the stack orders"):
        CloudFormationStacks(aws).outputs("orders")


def _refuse(**_):
    raise client_error("Throttling", "Rate exceeded")
