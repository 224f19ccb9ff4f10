"""What a command sends to CloudWatch Logs, and what queries find there."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from tests.functional.fakes import EXECUTION, PASSING, RUN_ID, FakeWiring

from awsit.aws.logs.line import LogLine
from awsit.aws.logs.queries import query_named
from awsit.cli.logs.run_log import JsonFormatter
from awsit.cli.running.side_by_side import worth
from awsit.errors import EnvironmentFailure

Awsit = Callable[..., Result]
AT = "2030-01-01T12:00:00.000Z"


class Shipped(logging.Handler):
    """Keeps the lines that would be sent."""

    def __init__(self, problem: str = "") -> None:
        super().__init__(logging.INFO)
        self.setFormatter(JsonFormatter())
        self.lines: list[dict[str, Any]] = []
        self.problem = problem
        self.closed = False

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(json.loads(self.format(record)))

    def close(self) -> None:
        self.closed = True
        super().close()


@pytest.fixture
def shipped(wiring: FakeWiring) -> Shipped:
    handler: Any = Shipped()
    wiring.shipped = handler
    return handler


def test_the_lines_of_a_local_run_are_sent_when_asked_for(
    awsit: Awsit, scenario: Callable[..., Path], shipped: Shipped
) -> None:
    scenario()
    assert awsit("run", "order_is_stored").exit_code == 0
    assert shipped.lines == []

    awsit("run", "order_is_stored", "--ship-logs")
    told = [(line["message"], line.get("action"), line["outcome"]) for line in shipped.lines[1:]]
    assert shipped.lines[0]["message"] == "run started"
    assert told[0] == ("step started", "CreateOrder", "running")
    assert told[-1] == ("run ended", None, "passed")
    assert {line["scenario"] for line in shipped.lines} == {"order_is_stored"}
    assert shipped.closed


def test_the_lines_of_a_large_suite_are_sent_too(
    awsit: Awsit, scenario: Callable[..., Path], shipped: Shipped, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worth, "RUNS_A_WORKER", 1)
    for name in ("one", "two"):
        scenario(PASSING.replace("order_is_stored", name), f"{name}.yaml")
    awsit("run", "-j", "2", "one", "two", "--ship-logs")
    ended = {line["scenario"] for line in shipped.lines if line["message"] == "step ended"}
    assert ended == {"one", "two"}


def test_the_project_may_ask_for_it(
    awsit: Awsit, scenario: Callable[..., Path], shipped: Shipped, tmp_path: Path
) -> None:
    scenario()
    (tmp_path / "awsit.toml").write_text("ship_logs = true\n")
    awsit("run", "order_is_stored")
    assert shipped.lines[-1]["message"] == "run ended"


def test_what_cannot_be_sent_is_said_and_changes_no_verdict(
    awsit: Awsit, scenario: Callable[..., Path], shipped: Shipped
) -> None:
    scenario()
    shipped.problem = "/awsit/awsit/cli: AccessDeniedException: no"
    result = awsit("run", "order_is_stored", "--ship-logs")
    assert result.exit_code == 0
    assert "Not all of the log was sent to CloudWatch Logs: /awsit/awsit/cli: AccessDeniedException" in result.stderr


def test_a_log_that_cannot_begin_is_said_and_changes_no_verdict(
    awsit: Awsit, scenario: Callable[..., Path], wiring: FakeWiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_region(_: object) -> Any:
        raise EnvironmentFailure("no AWS region is configured")

    monkeypatch.setattr(wiring, "shipped_log", no_region)
    scenario()
    result = awsit("run", "order_is_stored", "--ship-logs")
    assert result.exit_code == 0
    assert "The log is not sent to CloudWatch Logs: no AWS region is configured" in result.stderr


def test_logs_shows_only_errors_when_asked(awsit: Awsit, wiring: FakeWiring) -> None:
    wiring.log_lines = [
        LogLine(AT, "cli", "INFO run started", {}),
        LogLine(AT, "function", "ERROR step ended", {}, is_error=True),
    ]
    shown = awsit("logs", RUN_ID, "--errors")
    assert (shown.stdout, shown.stderr) == ("12:00:00.000  function  ERROR step ended\n", "")
    del wiring.log_lines[1]
    shown = awsit("logs", RUN_ID, "--errors")
    assert (shown.exit_code, shown.stdout, shown.stderr) == (0, "", "no line tells of an error\n")


def test_a_query_shows_a_table_of_what_it_found(awsit: Awsit, wiring: FakeWiring, snapshot: Any) -> None:
    wiring.rows = [
        {"scenario": "orders", "action": "Get", "p95": "1.5"},
        {"scenario": "orders", "action": "Put\x1b[31m", "p95": "0.25", "longest": "2"},
    ]
    assert awsit("logs", "--query", "slowest", "--last", "7d").stdout == snapshot
    assert wiring.queries == [(query_named("slowest").text, timedelta(days=7))]

    lines = awsit("logs", "--query", "slowest", "--raw").stdout.splitlines()
    assert [json.loads(line)["p95"] for line in lines] == ["1.5", "0.25"]


def test_a_query_about_one_thing_is_given_it(awsit: Awsit, wiring: FakeWiring) -> None:
    awsit("logs", "--query", "failures", "--scenario", "priced[book]")
    assert 'scenario = "priced[book]"' in wiring.queries[0][0]
    awsit("logs", RUN_ID, "--query", "run")
    awsit("logs", EXECUTION, "--query", "run")
    assert all(f'run_id = "{RUN_ID}"' in text for text, _ in wiring.queries[1:])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "no run is named, and none is known here"),
        (("--query", "slow"), "failures: the failures of a scenario"),
        (("--query", "failures"), "`awsit logs --query failures --scenario NAME`"),
        (("--query", "run"), "`awsit logs RUN_ID --query run`"),
        (("--query", "slowest", "--scenario", "orders"), "the query `slowest` is about all runs"),
        ((RUN_ID, "--query", "flaky"), "for example `awsit logs --query flaky`"),
        ((RUN_ID, "--query", "run", "--scenario", "orders"), "the query `run` is about one run"),
        (("run-1", "--query", "run"), "'run-1' is not a run ID or an execution ARN"),
        ((RUN_ID, "--scenario", "orders"), "--scenario is about a query"),
        (("--query", "flaky", "--follow"), "--follow and --errors are about one run"),
        (("--query", "flaky", "--errors"), "--follow and --errors are about one run"),
        (("--query", "flaky", "--last", "soon"), "'soon' is not a time such as 90m, 24h or 7d"),
    ],
)
def test_a_query_that_cannot_be_made_says_how(awsit: Awsit, arguments: tuple[str, ...], told: str) -> None:
    result = awsit("logs", *arguments)
    assert result.exit_code == 2
    assert told in " ".join(result.stderr.split())


def test_a_query_of_the_sandbox_says_what_it_cannot(awsit: Awsit) -> None:
    assert "does not filter" in awsit("logs", "--query", "flaky", "--sandbox").stderr
    assert "does not filter" not in awsit("logs", "--query", "flaky").stderr


def test_a_query_without_an_answer_says_how_to_look_further(awsit: Awsit) -> None:
    result = awsit("logs", "--query", "flaky")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "--last 7d" in result.stderr
