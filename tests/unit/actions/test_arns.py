import pytest

from awsit.actions.arns import arn_pattern, unqualified_machine
from awsit.actions.registry import BY_TYPE
from awsit.model.permissions import AwsLocation


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("orders", "orders"),
        ("o-{{ run.id }}-x", "o-*-x"),
        ("{{ context.a }}{{ context.b }}", "*"),
        ("<orders.Table>-x", "*-x"),
        ("broken {{ ", "*"),
    ],
)
def test_a_pattern_has_stars_for_what_is_not_known(text, expected):
    assert arn_pattern(text) == expected


MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:orders"


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        (f"{MACHINE}:live", MACHINE),
        (f"{MACHINE}:7", MACHINE),
        (MACHINE, MACHINE),
        ("*", "*"),
        (
            "arn:aws:states:eu-west-1:123456789012:execution:orders:one",
            "arn:aws:states:eu-west-1:123456789012:execution:orders:one",
        ),
        (
            "arn:aws:lambda:eu-west-1:123456789012:function:f:live",
            "arn:aws:lambda:eu-west-1:123456789012:function:f:live",
        ),
    ],
)
def test_a_state_machine_is_named_without_its_alias(arn, expected):
    assert unqualified_machine(arn) == expected


@pytest.mark.parametrize("operation", ["start", "start_express", "find", "test_state"])
def test_a_policy_names_the_state_machine_and_not_its_alias(operation):
    params = {"operation": operation, "state_machine": f"{MACHINE}:live"}

    needed = BY_TYPE["state_machine"].permissions(params, AwsLocation.of("eu-west-1", "123456789012")).permissions

    assert needed[0].resource == MACHINE


def test_a_policy_for_a_call_of_the_api_names_the_state_machine_too():
    params = {
        "service": "stepfunctions",
        "operation": "start_execution",
        "params": {"stateMachineArn": f"{MACHINE}:live"},
    }

    (needed,) = BY_TYPE["aws_api"].permissions(params, AwsLocation.of("eu-west-1", "123456789012")).permissions

    assert (needed.action, needed.resource) == ("states:StartExecution", MACHINE)
