from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from awsit.actions.registry import BY_TYPE
from awsit.model.action.protocol import Summary
from awsit.model.permissions import AwsLocation, Permission

ARN = "arn:aws:events:eu-central-1:123456789012:event-bus/orders"
HERE = AwsLocation.of("eu-central-1", "123456789012")
PLACED = {"source": "shop", "detail_type": "OrderPlaced", "detail": {"total": Decimal("1.50")}}
PAID = {"source": "shop", "detail_type": "OrderPaid", "resources": [ARN], "time": "2030-01-01T12:00:00Z"}
REFUSED = {"ErrorCode": "ThrottlingException", "ErrorMessage": "slow down"}


def test_events_are_put_in_their_order(bench: Any) -> None:
    bench.script(put_events=[{"Entries": [{"EventId": "1"}, {"EventId": "2"}]}])

    done = bench.run("eventbridge", {"bus": "orders", "events": [PLACED, PAID]})

    (_, request), *_ = bench.client.calls
    assert request["Entries"] == [
        {"EventBusName": "orders", "Source": "shop", "DetailType": "OrderPlaced", "Detail": '{"total":1.50}'},
        {
            "EventBusName": "orders",
            "Source": "shop",
            "DetailType": "OrderPaid",
            "Detail": "{}",
            "Resources": [ARN],
            "Time": datetime(2030, 1, 1, 12, tzinfo=UTC),
        },
    ]
    assert done.result == {"event_ids": ["1", "2"], "failed": []}


def test_an_event_that_was_not_taken_fails_the_action(bench: Any) -> None:
    bench.script(put_events=[{"FailedEntryCount": 1, "Entries": [{"EventId": "1"}, REFUSED]}])

    done = bench.run("eventbridge", {"bus": "orders", "events": [PLACED, PAID]})

    assert done.failure == "PutEvents: 1 of 2 entries was refused: [1] ThrottlingException: slow down"
    assert done.result["event_ids"] == ["1", None]


def test_when_none_was_taken_the_call_was_refused(bench: Any) -> None:
    answer = {"FailedEntryCount": 1, "Entries": [REFUSED]}
    bench.script(put_events=[answer, answer])
    params = {"events": [PLACED]}

    assert bench.refused("eventbridge", params).service_code == "ThrottlingException"
    expected = bench.run("eventbridge", {**params, "expect_error": "ThrottlingException"})
    assert expected.result["error"] == {"code": "ThrottlingException", "message": "slow down"}


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"events": []}, "`events` must not be empty"),
        ({"events": [PLACED] * 11}, "10"),
        ({"events": [{**PLACED, "detail": "text"}]}, "mapping"),
        ({"events": [{**PLACED, "time": "2030-01-01T12:00:00"}]}, "must name its time zone"),
        ({"events": [{**PLACED, "time": "noon"}]}, "must be an ISO 8601 time"),
        ({"events": [PLACED], "expect_error": "ResourceNotFoundExeption"}, "did you mean"),
    ],
)
def test_what_does_not_fit_is_refused(bench: Any, params: dict[str, Any], said: str) -> None:
    assert said in bench.refused("eventbridge", params).message


@pytest.mark.parametrize(
    ("bus", "arn"),
    [
        ("orders", ARN),
        (ARN, ARN),
        ("{{ vars.bus }}", "*"),
        ("orders-{{ vars.stage }}", ARN + "-*"),
    ],
)
def test_the_permission_names_the_bus(bus: str, arn: str) -> None:
    params = {"bus": bus, "events": [PLACED]}

    assert BY_TYPE["eventbridge"].permissions(params, HERE).permissions == (Permission("events:PutEvents", arn),)


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"events": [PLACED, PAID, PAID]}, "put OrderPlaced, OrderPaid on default"),
        ({"events": "{{ vars.events }}", "bus": "orders"}, "put events on orders"),
    ],
)
def test_plan_names_the_kinds_of_events(params: dict[str, Any], text: str) -> None:
    assert BY_TYPE["eventbridge"].summary(params) == Summary(text, str(params.get("bus", "default")))


def test_an_event_that_is_put_again_is_another_one() -> None:
    action = BY_TYPE["eventbridge"]
    params = action.params_model.model_validate({"events": [PLACED]})

    assert not action.is_safe_to_repeat(params)
    assert not action.only_reads(params)
