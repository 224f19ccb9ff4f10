"""Taps: when they hear, what removes them, and which of them are refused."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError
from tests.unit.actions.taps.aws import ACCOUNT, TapAws
from tests.unit.engine.world import RUN_ID

from awsit.actions.taps.listen import ACTION
from awsit.actions.taps.params import ListenParams
from awsit.model.result import RunResult, RunStatus

SCENARIO = """
name: tap
timeout_seconds: 600
actions:
  - name: Orders
    type: listen
    params: PARAMS
"""
TOPIC = "arn:aws:sns:eu-west-1:123456789012:mails"
BUS = SCENARIO.replace("PARAMS", "{event_bus: shop, pattern: {source: [orders]}}")


def run(aws: TapAws, text: str) -> RunResult:
    return aws.in_world().run(text)


def test_a_tap_is_open_when_a_probe_has_come_through_the_very_rule() -> None:
    aws = TapAws(propagation=60)

    result = run(aws, BUS)

    assert result.status is RunStatus.PASSED
    assert 60 <= result.steps[0].duration_seconds <= 64
    assert aws.made["pattern"]["$or"][0] == {"source": ["orders"]}
    assert (result.cleanup.verdict, aws.left()) == ("clean", [])


@pytest.mark.parametrize("usable_after", [1.0, 5.0])
def test_a_queue_that_was_just_made_is_waited_for(usable_after: float) -> None:
    aws = TapAws()
    aws.usable_after = usable_after

    result = run(aws, BUS)

    assert result.status is RunStatus.PASSED
    assert usable_after <= result.steps[0].duration_seconds < usable_after + 1.1
    assert (result.cleanup.verdict, aws.left()) == ("clean", [])


def test_a_queue_that_is_never_found_fails_the_tap_and_is_removed_all_the_same() -> None:
    aws = TapAws()
    aws.usable_after = 1000.0

    result = run(aws, BUS)

    assert (result.status, aws.left()) == (RunStatus.ERROR, [])
    assert result.steps[0].error
    assert result.steps[0].error.code == "not_found"
    assert result.steps[0].duration_seconds < 15


def test_a_rule_whose_queue_may_not_be_made_is_removed() -> None:
    aws = TapAws()
    aws.denied = {"create_queue"}

    result = run(aws, BUS)

    assert (result.status, aws.left()) == (RunStatus.ERROR, [])


def test_a_tap_that_stays_deaf_fails_and_is_removed() -> None:
    aws = TapAws(propagation=1000)

    result = run(aws, BUS)

    assert (result.status, aws.left()) == (RunStatus.FAILED, [])
    assert result.steps[0].error
    assert result.steps[0].error.message == "Orders: no probe came within 122 s, so that the tap hears nothing"


def test_the_time_of_the_action_bounds_the_probes() -> None:
    result = run(TapAws(propagation=1000), BUS + "    timeout_seconds: 10\n")

    assert (result.status, result.steps[0].duration_seconds < 11) == (RunStatus.FAILED, True)


def test_no_probe_disturbs_others_where_the_scenario_says_how_long_to_wait() -> None:
    aws = TapAws(propagation=60)

    result = run(aws, BUS.replace("[orders]}", "[orders]}, ready_seconds: 90"))

    assert (result.status, aws.probes) == (RunStatus.PASSED, 0)
    assert aws.made["pattern"] == {"source": ["orders"]}
    assert aws.clock.slept == [90]


@pytest.mark.parametrize("seconds", [0, 90])
def test_a_run_that_ends_while_a_tap_is_waited_for_removes_it(seconds: int) -> None:
    aws = TapAws(propagation=1000)
    more = f", ready_seconds: {seconds}" if seconds else ""
    cut = SCENARIO.replace("timeout_seconds: 600", "timeout_seconds: 10")

    result = run(aws, cut.replace("PARAMS", f"{{event_bus: shop, pattern: {{source: [orders]}}{more}}}"))

    assert (result.status, result.cleanup.verdict, aws.left()) == (RunStatus.TIMED_OUT, "clean", [])


def test_the_queue_admits_its_rule_alone() -> None:
    aws = TapAws()

    run(aws, BUS)

    [policy] = aws.policies.values()
    [statement] = policy["Statement"]
    rule = f"arn:aws:events:eu-west-1:123456789012:rule/shop/awsit-{RUN_ID}-Orders"
    assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": rule}}
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}


def test_what_sends_to_the_queue_is_removed_before_it() -> None:
    result = run(TapAws(), BUS)

    assert [each.request["operation"] for each in result.cleanup.steps] == [
        "remove_targets",
        "delete_rule",
        "delete_queue",
    ]


@pytest.mark.parametrize("operation", ["create_queue", "put_rule"])
def test_a_tap_that_was_opened_in_part_is_removed(operation: str) -> None:
    aws = TapAws()
    aws.denied.add(operation)

    result = run(aws, BUS)

    assert (result.status, result.cleanup.verdict, aws.left()) == (RunStatus.ERROR, "clean", [])


def test_a_removal_that_fails_is_told() -> None:
    aws = TapAws()
    aws.denied.add("delete_queue")

    result = run(aws, BUS)

    assert result.cleanup.verdict == "left_behind"
    assert len(aws.left()) == 1


def test_a_topic_is_subscribed_and_unsubscribed() -> None:
    aws = TapAws()

    result = run(aws, SCENARIO.replace("PARAMS", f"{{topic: '{TOPIC}'}}"))

    assert (result.status, aws.clock.slept, aws.left()) == (RunStatus.PASSED, [2], [])
    assert [each.type for each in result.cleanup.steps] == ["listen", "aws_api"]


def test_the_queue_of_a_topic_admits_that_from_the_beginning() -> None:
    """A policy that is set later holds after up to a minute, and SNS sends nothing again that SQS has denied."""
    aws = TapAws()

    run(aws, SCENARIO.replace("PARAMS", f"{{topic: '{TOPIC}'}}"))

    [(url, policy)] = aws.policies.items()
    [statement] = policy["Statement"]
    assert statement["Resource"] == f"arn:aws:sqs:eu-west-1:{ACCOUNT}:{url.rpartition('/')[2]}"
    assert (statement["Principal"], statement["Condition"]) == (
        {"Service": "sns.amazonaws.com"},
        {"ArnEquals": {"aws:SourceArn": TOPIC}},
    )


def test_a_subscription_that_was_not_made_is_none_to_end() -> None:
    aws = TapAws()
    aws.denied.add("subscribe")

    result = run(aws, SCENARIO.replace("PARAMS", f"{{topic: '{TOPIC}'}}"))

    assert (result.status, result.cleanup.verdict, aws.left()) == (RunStatus.ERROR, "clean", [])


def test_a_bucket_is_heard_by_eventbridge_or_refused_with_what_turns_that_on() -> None:
    text = SCENARIO.replace("PARAMS", "{bucket: photos, prefix: in/}")
    aws, silent = TapAws(), TapAws()
    aws.buckets["photos"], silent.buckets["photos"] = {"EventBridgeConfiguration": {}}, {}

    assert run(aws, text).status is RunStatus.PASSED
    assert aws.made["pattern"]["$or"][0] == {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"bucket": {"name": ["photos"]}, "object": {"key": [{"prefix": "in/"}]}},
    }
    error = run(silent, text).steps[0].error
    assert error
    assert "EventBridgeEnabled: true" in error.hint


def test_the_queue_of_a_consumer_is_not_looked_into_where_looks_make_dead_letters() -> None:
    text = SCENARIO.replace("PARAMS", "{queue: 'https://sqs/1/work'}")
    aws = TapAws()
    aws.redrive["https://sqs/1/work"] = '{"maxReceiveCount": 3}'

    error = run(aws, text).steps[0].error

    assert error
    assert "after 3 its messages are dead letters" in error.message
    assert run(aws, text.replace("work'", "work', take: true")).status is RunStatus.PASSED


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({}, "exactly one of `event_bus`, `topic`, `bucket`, `queue`"),
        ({"event_bus": "a", "topic": TOPIC}, "exactly one of"),
        ({"event_bus": "a"}, "needs a `pattern`"),
        (
            {"queue": "q", "pattern": {"source": ["a"]}},
            "`pattern` goes with `event_bus` or `log_group`, not with `queue`",
        ),
    ],
)
def test_what_is_no_source_is_refused(params: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        ListenParams.model_validate(params)


def test_probes_are_forecast_as_looks_and_a_wait_as_one() -> None:
    looks = ACTION.resumptions({"event_bus": "a", "pattern": {}})

    assert looks
    assert (looks.number, looks.seconds, looks.polls) == (60, 2.0, True)
    wait = ACTION.resumptions({"topic": TOPIC})
    assert wait
    assert (wait.number, wait.seconds, wait.polls) == (1, 2.0, False)
    assert ACTION.resumptions({"queue": "q"}) is None
