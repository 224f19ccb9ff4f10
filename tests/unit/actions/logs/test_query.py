from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from awsit.actions.logs.action import LogsAction
from awsit.actions.logs.query import LOOK_SECONDS, MOST_LOOKS
from awsit.model.action.abilities import Resumptions
from awsit.model.action.call import Kept
from awsit.model.action.protocol import Summary
from awsit.model.permissions import AwsLocation, Permission

ARN = "arn:aws:logs:eu-central-1:123456789012:log-group:orders"
ASKED = {"group": f"{ARN}:*", "since": "2030-01-01T00:00:00+01:00", "query": "stats count(*) as n", "limit": 2}
RUNNING, COMPLETE = {"status": "Running", "results": []}, {"status": "Complete", "results": []}


def row(**values: str) -> list[dict[str, str]]:
    return [{"field": name.replace("at_", "@"), "value": value} for name, value in values.items()]


def again(bench: Any, kept: Any) -> Any:
    params = LogsAction.params_model.model_validate(ASKED)
    return LogsAction().execute(params, bench.context(kept=Kept((), kept)))


def test_a_query_is_started_once_and_looked_at_until_it_has_ended(bench: Any) -> None:
    bench.script(
        start_query=[{"queryId": "q"}], get_query_results=[RUNNING, {**RUNNING, "status": "Scheduled"}, COMPLETE]
    )

    first = bench.run("logs", ASKED)
    assert first.resume_after_seconds == LOOK_SECONDS
    second = again(bench, first.keeps)
    done = again(bench, second.keeps)

    assert done.result == {"rows": [], "count": 0, "truncated": False}
    assert done.resume_after_seconds is None
    assert not done.keeps, "the next look of `until` starts a query of its own"
    assert [name for name, _ in bench.client.calls] == ["start_query", *["get_query_results"] * 3]
    assert bench.client.calls[0][1] == {
        "logGroupIdentifiers": [ARN],
        "startTime": 1_893_452_400,
        "endTime": bench.clock.wall().timestamp(),
        "queryString": "stats count(*) as n",
        "limit": 3,
    }


def test_rows_are_mappings_with_numbers_and_messages_parsed(bench: Any) -> None:
    found = [
        row(n="3", share="0.50", order="007", name="x", on="true", at_message='{"a": 1}\n', at_logStream="1"),
        row(n="1e400000"),
        row(n="5"),
    ]
    bench.script(start_query=[{"queryId": "q"}], get_query_results=[{"status": "Complete", "results": found}])

    done = bench.run("logs", ASKED)

    assert done.result["rows"][0] == {
        "n": 3,
        "share": Decimal("0.50"),
        "order": "007",
        "name": "x",
        "on": "true",
        "@message": {"a": 1},
        "@logStream": "1",
    }
    assert done.result["rows"][1] == {"n": "1e400000"}
    assert (done.result["count"], done.result["truncated"]) == (2, True)


@pytest.mark.parametrize("status", ["Failed", "Cancelled", "Timeout"])
def test_a_query_that_fails_is_started_anew_by_the_next_attempt(bench: Any, status: str) -> None:
    bench.script(get_query_results=[{"status": status, "results": []}])

    done = again(bench, {"id": "q", "looks": 3})

    assert (done.failure_code, done.keeps) == (status, {})
    assert done.failure == f"the query of log group {ARN}:* ended as {status}"


def test_a_query_that_takes_too_long_is_stopped(bench: Any) -> None:
    bench.script(get_query_results=[RUNNING], stop_query=[{"success": True}])

    done = again(bench, {"id": "q", "looks": MOST_LOOKS})

    assert done.failure is not None
    assert done.failure.endswith("had not ended after 60 looks, and was stopped")
    assert bench.client.calls[-1] == ("stop_query", {"queryId": "q"})


def test_a_query_and_a_pattern_are_two_questions(bench: Any) -> None:
    assert "`pattern` or `query`, not both" in bench.refused("logs", {**ASKED, "pattern": "x"}).message


def test_plan_names_the_calls() -> None:
    action, here = LogsAction(), AwsLocation.of("eu-central-1", "123456789012")
    params = {"group": "orders", "query": "stats count(*)"}

    assert action.permissions(params, here).permissions == (
        Permission("logs:StartQuery", f"{ARN}:*"),
        Permission("logs:GetQueryResults", "*"),
        Permission("logs:StopQuery", "*"),
    )
    assert action.summary(params) == Summary("query orders, stats count(*)", "orders")
    assert action.resumptions(params) == Resumptions(MOST_LOOKS, LOOK_SECONDS)
    assert action.resumptions({"group": "orders"}) is None
