"""`awsit metrics` and `awsit open`: what CloudWatch has of a stack, in the terminal and in the console."""

import json
import webbrowser
from datetime import timedelta

import pytest
from tests.functional.fakes import EXECUTION, MACHINE, RUN_ID

from awsit.aws.installation import Installation
from awsit.aws.stepfunctions import executions
from awsit.aws.stepfunctions.execution import Execution
from awsit.aws.stepfunctions.executions import ExecutionState
from awsit.errors import AccessDeniedError
from awsit.model.result import RunResult, RunStatus

TOTALS = {
    "Runs": [3, 0, 17],
    "RunsNotPassed": [1, 0, 4],
    "RunsFailed": [1, 0, 3],
    "RunErrors": [0, 0, 1],
    "LeftBehind": [0, 0, 2],
    "CacheHits": [0, 0, 6],
    "EventsUsed": [74, 0, 113],
    "Concurrency": [1, 0, 4],
    "Attempts": [5, 0, 1200],
    "FailedAttempts": [1, 0, 7],
    "Retries": [0, 0, 3],
    "Throttles": [0, 0, 1],
}
PERCENTILES = {"p50": 0.21, "p95": 4.3, "p99": 64.0}
INSTALLATION = Installation(MACHINE, "bucket", "table", "awsit-AtomicLambdaInvoker", "logs", "states")


class Metrics:
    """The metrics of a stack that calls one HTTP API, or in which nothing ran."""

    stack, namespace = "awsit", "awsit"

    def __init__(self, *, empty=False):
        self.empty = empty
        self.length = timedelta()

    def read(self, window, queries):
        self.length = window.until - window.since
        starts = window.starts()
        return {} if self.empty else {query: self.points(query, starts) for query in queries if is_of_http(query)}

    def points(self, query, starts):
        if query.statistic in PERCENTILES:
            return [(starts[0], PERCENTILES[query.statistic])]
        values = TOTALS.get(query.metric.name, [])
        return [(start, value) for start, value in zip(starts[-3:], values, strict=False) if value]


def is_of_http(query):
    return dict(query.dimensions).get("action_type", "http_call") == "http_call"


@pytest.fixture
def metrics(wiring, monkeypatch):
    made = Metrics()
    monkeypatch.setattr(wiring, "metrics", lambda settings: made)
    return made


@pytest.mark.usefixtures("metrics")
def test_figures_are_drawn(awsit, snapshot):
    result = awsit("metrics", "--stack", "awsit", env={"COLUMNS": "100"})

    assert result.exit_code == 0, result.stderr
    assert result.stdout == snapshot
    assert max(map(len, result.stdout.splitlines())) <= 100


def test_a_stack_in_which_nothing_ran(awsit, metrics):
    metrics.empty = True

    assert "no run was counted" in awsit("metrics").stdout
    assert json.loads(awsit("metrics", "--json").stdout)["runs"] == {}


@pytest.mark.usefixtures("metrics")
def test_the_same_figures_for_a_program(awsit):
    figures = json.loads(awsit("metrics", "--json").stdout)

    assert figures["runs"]["Runs"] == {"Sum": 20}
    assert figures["runs"]["EventsUsed"] == {"Maximum": 113}
    assert figures["actions"] == {
        "http_call": {
            **{name: {"Sum": sum(TOTALS[name])} for name in ("Attempts", "FailedAttempts", "Retries", "Throttles")},
            "Latency": PERCENTILES,
        }
    }
    assert sum(figures["series"]["RunsNotPassed"]) == 5


@pytest.mark.parametrize(("text", "length"), [("90m", 1.5), ("24h", 24), ("7d", 168)])
def test_since_when(awsit, metrics, text, length):
    assert awsit("metrics", "--last", text).exit_code == 0
    assert metrics.length >= timedelta(hours=length)


@pytest.mark.parametrize("text", ["", "0h", "a week", "24", "456d", "-1h", "1w"])
def test_what_is_no_time(awsit, text):
    result = awsit("metrics", "--last", text)

    assert result.exit_code == 2
    assert "is not a time such as 90m, 24h or 7d" in result.stderr


@pytest.fixture
def opened(wiring, monkeypatch):
    """The links that were opened. The stack is in an account, and its execution was traced."""
    links = []
    monkeypatch.setattr(webbrowser, "open", links.append)
    monkeypatch.setattr(wiring, "installation", lambda *_: INSTALLATION)
    state = ExecutionState(Execution(EXECUTION, RUN_ID), "SUCCEEDED", "", "", trace_id="1-5f0c-ab")
    monkeypatch.setattr(executions, "describe", lambda *_: state)
    monkeypatch.delenv("CI", raising=False)
    return links


CONSOLE = "https://eu-west-1.console.aws.amazon.com"
PAGES = [
    (["dashboard"], f"{CONSOLE}/cloudwatch/home?region=eu-west-1#dashboards/dashboard/awsit-eu-west-1"),
    ([RUN_ID], f"{CONSOLE}/states/home?region=eu-west-1#/v2/executions/details/{EXECUTION}"),
    ([EXECUTION], f"{CONSOLE}/states/home?region=eu-west-1#/v2/executions/details/{EXECUTION}"),
    (["trace", RUN_ID], f"{CONSOLE}/cloudwatch/home?region=eu-west-1#xray:traces/1-5f0c-ab"),
]


@pytest.mark.parametrize(("arguments", "link"), PAGES)
def test_a_link_is_printed_and_no_browser_is_opened_by_a_pipe(awsit, opened, arguments, link):
    result = awsit("open", *arguments, "--stack", "awsit")

    assert (result.exit_code, result.stdout, opened) == (0, f"{link}\n", []), result.stderr


def test_a_browser_is_opened_when_asked_for_but_never_in_ci(awsit, opened):
    link = awsit("open", "dashboard", "--browser").stdout.strip()
    assert opened == [link]

    awsit("open", "dashboard", "--browser", env={"CI": "true"})
    assert opened == [link]


@pytest.mark.parametrize("trace_id", ["", "1-70dbd880-b1bb402c8ea203313790fdf3"])
@pytest.mark.usefixtures("opened")
def test_where_the_execution_was_not_traced_the_page_is_that_of_the_calls_of_its_run(
    awsit, wiring, monkeypatch, trace_id
):
    untraced = ExecutionState(Execution(EXECUTION, RUN_ID), "SUCCEEDED", "", "")
    monkeypatch.setattr(executions, "describe", lambda *_: untraced)
    report = RunResult(RUN_ID, "calls", RunStatus.PASSED, "stepfunctions", "", "", 0.5, trace_id=trace_id)
    monkeypatch.setattr(wiring.remote, "result", lambda _: report, raising=False)

    result = awsit("open", "trace", RUN_ID, "--stack", "awsit")

    if trace_id:
        assert result.stdout == f"{CONSOLE}/cloudwatch/home?region=eu-west-1#xray:traces/{trace_id}\n"
    else:
        assert (result.exit_code, "the execution was not traced" in result.stderr) == (3, True)


@pytest.mark.parametrize("arguments", [["trace"], ["dashboard", RUN_ID], ["no-such-page"], ["trace", "no-run"]])
def test_what_is_no_page(awsit, opened, arguments):
    assert awsit("open", *arguments).exit_code == 2
    assert opened == []


def test_a_run_of_this_machine_has_no_page(awsit, scenario, opened):
    scenario()
    run_id = json.loads(awsit("run", "order_is_stored", "--json").stdout)["run_id"]

    result = awsit("open", run_id)

    assert result.exit_code == 2
    assert "ran on this machine" in result.stderr


class Denied:
    """The metrics of a stack that may not be written."""

    def count(self, result):
        raise AccessDeniedError("write metrics: cloudwatch:PutMetricData is denied", hint="allow it")


def test_runs_that_could_not_be_counted_are_what_they_are_and_it_is_said_once(awsit, scenario, wiring, monkeypatch):
    scenario()
    monkeypatch.setattr(wiring, "metrics", lambda settings: Denied())

    result = awsit("run", "order_is_stored", "--repeat", "2", "--metrics", "--json")

    assert result.exit_code == 0
    assert [[warning["code"] for warning in run["warnings"]] for run in json.loads(result.stdout)] == [
        ["not_counted"]
    ] * 2
    assert (
        result.stderr.count("warning: not counted in CloudWatch: write metrics: cloudwatch:PutMetricData is denied")
        == 1
    )
    assert "  hint: allow it" in result.stderr


def test_runs_are_counted_only_when_asked_for(awsit, scenario, wiring, monkeypatch):
    scenario()
    monkeypatch.setattr(wiring, "metrics", lambda settings: Denied())

    assert "not counted" not in awsit("run", "order_is_stored").stderr
    assert "not counted" in awsit("run", "order_is_stored", env={"AWSIT_METRICS": "true"}).stderr
    assert "not counted" not in awsit("run", "order_is_stored", "--no-metrics", env={"AWSIT_METRICS": "true"}).stderr
