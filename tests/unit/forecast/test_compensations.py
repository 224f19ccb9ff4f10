"""What a forecast says of clean-up that actions record themselves."""

from __future__ import annotations

from typing import Any

from tests.unit.forecast.plans import foreseen, get


def aws_api(name: str, service: str, operation: str, **params: Any) -> dict[str, Any]:
    call = {"service": service, "operation": operation, "params": params}
    return {"name": name, "type": "aws_api", "params": call, "auto_cleanup": True}


PUT_FILE = {
    **aws_api("PutFile", "s3", "put_object", Bucket="b", Key="k", Body="x"),
    "cleanup": [{**get("Declared"), "name": "Declared"}],
}


def granted(*actions: dict[str, Any]) -> dict[str, list[str]]:
    statements = foreseen(*actions).policy["Statement"]
    return {action: each["Resource"] for each in statements for action in each["Action"]}


def test_what_is_recorded_is_undone_before_what_is_declared() -> None:
    made = foreseen(PUT_FILE, aws_api("Queue", "sqs", "create_queue", QueueName="q-{{ run.id }}"))

    assert [(each.name, each.touches) for each in made.cleanup] == [
        ("Queue.auto_cleanup", "sqs delete_queue"),
        ("PutFile.auto_cleanup", "s3 delete_object"),
        ("Declared", "get_item on orders"),
    ]
    assert made.steps[0].undone_by == ("Declared", "PutFile.auto_cleanup")
    assert made.cleanup[0].source == "actions[1].auto_cleanup"


def test_its_events_are_counted() -> None:
    alone = {**PUT_FILE, "auto_cleanup": False}
    without, with_it = foreseen(alone).execution, foreseen(PUT_FILE).execution

    assert with_it.events.best - without.events.best == 11
    assert with_it.events.worst > without.events.worst
    assert with_it.invocations.best - without.invocations.best == 1


def test_the_policy_has_what_it_looks_at_and_all_that_it_may_come_to() -> None:
    assert granted(PUT_FILE) == {
        "dynamodb:GetItem": ["arn:aws:dynamodb:eu-west-1:*:table/orders"],
        "s3:DeleteObject": ["arn:aws:s3:::b/k"],
        "s3:GetObject": ["arn:aws:s3:::b/k"],
        "s3:GetObjectVersion": ["arn:aws:s3:::b/k"],
        "s3:GetObjectVersionTagging": ["arn:aws:s3:::b/k"],
        "s3:PutObjectTagging": ["arn:aws:s3:::b/k"],
        "s3:PutObject": ["arn:aws:s3:::b/k"],
        "s3:ListBucket": ["arn:aws:s3:::b"],
    }


def test_a_value_that_looks_like_a_template_is_none() -> None:
    key = """{{ '{{ vars.nope }}{{ secret("x") }}' }}"""
    params = {"operation": "put", "bucket": "b", "key": key, "body": ""}
    put = {"name": "Put", "type": "s3", "params": params, "auto_cleanup": True}
    made = foreseen(put)

    assert [each.name for each in made.resources if each.kind == "secret"] == []
    assert "secretsmanager:GetSecretValue" not in granted(put)


def test_what_is_named_by_the_account_is_named_in_the_policy() -> None:
    policy = granted(
        aws_api("Queue", "sqs", "create_queue", QueueName="q"),
        aws_api("Topic", "sns", "create_topic", Name="t"),
        aws_api("Rule", "events", "put_rule", Name="r", ScheduleExpression="rate(1 day)"),
    )

    assert policy["sqs:DeleteQueue"] == ["arn:aws:sqs:eu-west-1:*:q"]
    assert policy["sns:DeleteTopic"] == ["arn:aws:sns:eu-west-1:*:t"]
    assert {"events:DeleteRule", "events:ListTargetsByRule", "events:RemoveTargets"} <= policy.keys()


def test_an_execution_is_named_below_its_state_machine_in_the_policy() -> None:
    arn = "arn:aws:states:eu-west-1:123456789012:stateMachine:m"
    start = aws_api("Start", "stepfunctions", "start_execution")
    start["params"]["params"] = {"stateMachineArn": arn, "name": "one"}
    policy = granted(start)

    for action in ("states:DescribeExecution", "states:StopExecution"):
        assert policy[action] == ["arn:aws:states:eu-west-1:*:execution:*:one"]


def test_a_restored_item_is_read_and_written() -> None:
    put = {"operation": "put_item", "table": "orders", "item": {"id": "a"}}
    policy = granted({"name": "Put", "type": "dynamodb", "params": put, "restore": True})

    assert set(policy) == {f"dynamodb:{name}" for name in ("DescribeTable", "GetItem", "PutItem", "DeleteItem")}


def test_an_operation_that_is_a_template_is_counted_all_the_same() -> None:
    made = foreseen(aws_api("Any", "sqs", "{{ env.OPERATION }}", QueueName="q"), env={"OPERATION": "create_queue"})

    assert [each.name for each in made.cleanup] == ["Any.auto_cleanup"]


def test_a_waiter_looks_no_longer_than_its_action_says() -> None:
    wait = {"service": "dynamodb", "wait_for": {"waiter": "table_exists"}, "params": {"TableName": "t"}}
    step = {"name": "Wait", "type": "aws_api", "params": wait}
    free, bounded = foreseen(step).steps[0].polls, foreseen({**step, "timeout_seconds": 60}).steps[0].polls

    assert free
    assert bounded
    assert (free.attempts, bounded.attempts, bounded.seconds) == (25, 4, 60)
