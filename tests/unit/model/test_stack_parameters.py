import pytest
from tests.unit.infra.rendered import Rendered, listed

from awsit.model.permissions import Permission
from awsit.model.stack_parameters import (
    ACTIONS,
    comes_with_another,
    deployment_for,
    is_own_of_taps,
    parameter_for,
)

HERE = "eu-west-1:123456789012"


@pytest.mark.parametrize(
    ("action", "resource", "expected"),
    [
        ("dynamodb:GetItem", f"arn:aws:dynamodb:{HERE}:table/orders", ("AllowedTableArns", "table/orders")),
        ("dynamodb:Query", f"arn:aws:dynamodb:{HERE}:table/orders/index/by-day", ("AllowedTableArns", "table/orders")),
        (
            "lambda:InvokeFunction",
            f"arn:aws:lambda:{HERE}:function:worker:live",
            ("AllowedFunctionArns", "function:worker"),
        ),
        ("execute-api:Invoke", f"arn:aws:execute-api:{HERE}:abc/*/GET/*", ("AllowedApiArns", "abc/*/GET/*")),
        ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{HERE}:secret:a", ("AllowedSecretArns", "secret:a")),
        ("dynamodb:CreateTable", f"arn:aws:dynamodb:{HERE}:table/orders", ("ActionPolicyArns", "")),
        ("sqs:CreateQueue", f"arn:aws:sqs:{HERE}:queue", ("ActionPolicyArns", "")),
        ("sns:Publish", f"arn:aws:sns:{HERE}:topic", ("AllowedTopicArns", "topic")),
        ("events:PutEvents", f"arn:aws:events:{HERE}:event-bus/b", ("AllowedBusArns", "event-bus/b")),
        ("s3:GetObject", "arn:aws:s3:::orders/2030/1.json", ("AllowedBucketArns", "arn:aws:s3:::orders")),
        ("s3:ListBucket", "arn:aws:s3:::orders", ("AllowedBucketArns", "arn:aws:s3:::orders")),
        (
            "dynamodb:GetRecords",
            f"arn:aws:dynamodb:{HERE}:table/t/stream/1",
            ("AllowedStreamArns", "table/t/stream/1"),
        ),
        ("kinesis:GetRecords", f"arn:aws:kinesis:{HERE}:stream/s", ("AllowedStreamArns", "stream/s")),
        (
            "states:StartExecution",
            f"arn:aws:states:{HERE}:stateMachine:m:live",
            ("AllowedStateMachineArns", "stateMachine:m"),
        ),
        (
            "states:StopExecution",
            f"arn:aws:states:{HERE}:execution:m:x",
            ("AllowedStateMachineArns", "stateMachine:m"),
        ),
        ("logs:FilterLogEvents", f"arn:aws:logs:{HERE}:log-group:g:*", ("AllowedLogGroupArns", "log-group:g")),
        ("logs:GetQueryResults", "*", ("AllowedLogGroupArns", "")),
        ("xray:BatchGetTraces", "*", ("AllowTraces", "true")),
        ("xray:GetTraceSummaries", "*", ("ActionPolicyArns", "")),
        ("sqs:SendMessage", f"arn:aws:sqs:{HERE}:queue", ("AllowedQueueArns", "queue")),
        ("sns:Subscribe", f"arn:aws:sns:{HERE}:topic", ("AllowedTopicArns", "topic")),
        ("s3:GetBucketNotification", "arn:aws:s3:::orders", ("AllowedBucketArns", "arn:aws:s3:::orders")),
        ("events:PutRule", f"arn:aws:events:{HERE}:rule/b/awsit-*", ("AllowedBusArns", "event-bus/b")),
        ("events:DeleteRule", f"arn:aws:events:{HERE}:rule/awsit-*", ("AllowedBusArns", "event-bus/default")),
        ("events:PutRule", f"arn:aws:events:{HERE}:rule/b/nightly", ("ActionPolicyArns", "")),
    ],
)
def test_the_parameter_and_what_to_list_there(action, resource, expected):
    name, arn = parameter_for(Permission(action, resource))

    assert (name, arn.removeprefix(f"arn:aws:{action.split(':')[0]}:{HERE}:")) == expected


@pytest.mark.parametrize(
    ("action", "resource", "is_own"),
    [
        ("sqs:CreateQueue", f"arn:aws:sqs:{HERE}:awsit-*", True),
        ("sqs:ReceiveMessage", f"arn:aws:sqs:{HERE}:orders", False),
        ("sns:Unsubscribe", "*", True),
        ("sns:Subscribe", f"arn:aws:sns:{HERE}:awsit-topic", False),
    ],
)
def test_what_is_allowed_with_the_source_of_any_tap(action, resource, is_own):
    assert is_own_of_taps(Permission(action, resource)) is is_own


def test_a_state_is_tried_with_the_parameter_of_its_machine():
    permission = Permission("states:TestState", "*")

    assert comes_with_another(permission)
    assert "--parameter AllowedStateMachineArns=ARN`" in deployment_for(permission)


def test_what_has_no_resources_is_switched_on():
    assert deployment_for(Permission("xray:BatchGetTraces", "*")) == "`awsit deploy --parameter AllowTraces=true`"
    allowed = [listed(each["Action"]) for each in Rendered(AllowTraces="true").statements("ActionsRole")]
    assert ["xray:BatchGetTraces"] in allowed
    assert not [each for each in Rendered().statements("ActionsRole") if "xray:" in str(each)]


@pytest.mark.parametrize("name", ACTIONS)
def test_the_template_allows_just_these_actions(name):
    marker = f"arn:aws:service:eu-west-1:123456789012:stateMachine:{name}"
    executions = marker.replace(":stateMachine:", ":execution:")
    statements = Rendered(**{name: marker}).statements("ActionsRole")
    allowed = {
        action
        for each in statements
        if any(resource.startswith((marker, executions)) for resource in listed(each["Resource"]))
        for action in listed(each["Action"])
    }

    assert allowed == ACTIONS[name]
