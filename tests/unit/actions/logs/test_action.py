from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from awsit.actions.logs.action import LogsAction
from awsit.errors import ErrorKind
from awsit.model.action.protocol import Summary
from awsit.model.permissions import AwsLocation, Permission

ARN = "arn:aws:logs:eu-central-1:123456789012:log-group:orders"
HERE = AwsLocation.of("eu-central-1", "123456789012")
SINCE = {"group": "orders", "since": "2030-01-01T00:00:00Z"}
START = 1_893_456_000_000


def line(message: str) -> dict[str, Any]:
    return {"message": message, "timestamp": START + 1500, "logStreamName": "one"}


def test_all_pages_are_read_and_json_is_parsed(bench: Any) -> None:
    bench.script(
        filter_log_events=[
            {"events": [line('{"total": 1.50}\n')], "nextToken": "2"},
            {"events": [], "nextToken": "3"},
            {"events": [line("START RequestId: 1\n")]},
        ]
    )

    done = bench.run("logs", {**SINCE, "pattern": "total"})

    assert done.result == {
        "events": [
            {"message": {"total": Decimal("1.50")}, "timestamp": "2030-01-01T00:00:01.500000Z", "stream": "one"},
            {"message": "START RequestId: 1", "timestamp": "2030-01-01T00:00:01.500000Z", "stream": "one"},
        ],
        "count": 2,
        "truncated": False,
    }
    assert bench.client.calls[0] == (
        "filter_log_events",
        {"logGroupName": "orders", "startTime": START, "limit": 1001, "filterPattern": "total"},
    )
    assert [request.get("nextToken") for _, request in bench.client.calls] == [None, "2", "3"]


def test_no_more_than_the_limit_is_read(bench: Any) -> None:
    bench.script(filter_log_events=[{"events": [line("a"), line("b")], "nextToken": "2"}])

    done = bench.run("logs", {**SINCE, "limit": 1})

    assert [each["message"] for each in done.result["events"]] == ["a"]
    assert done.result["truncated"]


def test_a_run_begins_when_its_id_says(bench: Any) -> None:
    bench.script(filter_log_events=[{"events": []}])

    LogsAction().execute(
        LogsAction.params_model.model_validate({"group": ARN}), bench.context(run_id="run-01J00000000000000000000000")
    )

    assert bench.client.calls == [
        ("filter_log_events", {"logGroupIdentifier": ARN, "startTime": 1_717_986_918_400, "limit": 1001})
    ]


def test_a_group_that_is_too_long_ends_in_time(bench: Any) -> None:
    bench.script(filter_log_events=[{"events": [], "nextToken": str(number)} for number in range(9)])

    def late() -> float:
        return 20.0 * len(bench.client.calls)

    bench.clock.monotonic = late
    refused = bench.refused("logs", SINCE)

    assert refused.kind is ErrorKind.TIMEOUT
    assert "not all events were read in time" in refused.message


@pytest.mark.parametrize(
    ("since", "said"), [("yesterday", "must be an ISO 8601 time"), ("2030-01-01", "must name its time zone")]
)
def test_what_is_no_time_is_refused(bench: Any, since: str, said: str) -> None:
    assert said in bench.refused("logs", {"group": "orders", "since": since}).message


@pytest.mark.parametrize("group", ["orders", ARN, f"{ARN}:*"])
def test_plan_names_the_group(group: str) -> None:
    action = LogsAction()

    assert action.permissions({"group": group}, HERE).permissions == (Permission("logs:FilterLogEvents", f"{ARN}:*"),)
    assert action.summary({"group": group, "pattern": "ERROR"}) == Summary(f"read {group}, ERROR", group)


def test_it_reads() -> None:
    params = LogsAction.params_model.model_validate({"group": "orders"})

    assert LogsAction().only_reads(params)
    assert LogsAction().is_safe_to_repeat(params)
