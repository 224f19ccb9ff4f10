"""A load that the account starts, as the command line has it."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import sleep
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.functional.fakes import FakeWiring

from awsit.aws.function_concurrency import FunctionConcurrency
from awsit.aws.suites.loads import LoadOrder, StartedLoad
from awsit.cli.main import cli
from awsit.cli.running.load import in_account
from awsit.cli.session import Session
from awsit.errors import EnvironmentFailure
from awsit.load.schedule import starts
from awsit.model.result import RunResult, RunStatus, Status, StepResult
from awsit.model.run import SuiteProgress, SuiteRun
from awsit.quotas.account import AccountQuotas
from awsit.quotas.catalogue import STATE_TRANSITIONS
from awsit.records import replace
from awsit.system.clock import iso_of

SCENARIO = """
name: order
load: {rate: 2/s, for: 3s, expect: {p95_ms: 500}}
actions: [{name: Create, type: http_call, params: {url: "https://orders.test/"}}]
"""
BEGINS = 1_900_000_000.0


class Suites:
    """The account: it begins every iteration `late` seconds too late, each takes 0.25 s; it ends as `status`."""

    def __init__(self) -> None:
        self.late, self.status, self.stopped_at = 0.125, "SUCCEEDED", 60.0
        self.allowed: FunctionConcurrency | None = None
        self.quotas = AccountQuotas()
        self.stopped: list[str] = []
        self.cannot_stop: Exception | None = None
        self.order: LoadOrder | None = None
        self.follows: Callable[[], None] = lambda: None

    def function_concurrency(self) -> FunctionConcurrency | None:
        return self.allowed

    def account_quotas(self) -> AccountQuotas:
        return self.quotas

    def stop(self, load_id: str) -> int:
        self.stopped.append(load_id)
        sleep(0.1)  # as a call of AWS takes its time
        if self.cannot_stop:
            raise self.cannot_stop
        return 0

    def start(self, order: LoadOrder) -> StartedLoad:
        self.order = order
        return self.find(order.load_id)

    def find(self, load_id: str) -> StartedLoad:
        assert self.order
        order = self.order
        runs = [SuiteRun(run_id, "order") for run_id in order.run_ids]
        times = {run.run_id: BEGINS + at for run, at in zip(runs, starts(order.rate), strict=True)}
        return StartedLoad(load_id, BEGINS, json.loads(json.dumps(order.about)), runs, times)


class Follower:
    def __init__(self, suites: Suites, load: StartedLoad) -> None:
        self.suites, self._load = suites, load
        self.progress = SuiteProgress(load.load_id, "arn", "RUNNING", "")

    def results(self, runs: Sequence[SuiteRun], tell: Callable[[SuiteProgress], None]) -> Iterator[RunResult]:
        tell(self.progress)
        self.suites.follows()
        tell(self.progress)
        ended = iso_of(BEGINS + self.suites.stopped_at)
        self.progress = SuiteProgress(self._load.load_id, "arn", self.suites.status, "", ended)
        for run in runs:
            at = self._load.start_at[run.run_id]
            if at - BEGINS > self.suites.stopped_at:
                yield RunResult(run.run_id, "order", RunStatus.SKIPPED, "stepfunctions", "", "", 0)
                continue
            began, over = iso_of(at + self.suites.late), iso_of(at + self.suites.late + 1)
            step = StepResult(
                0, "actions", "Create", "http_call", Status.PASSED, started_at=began, duration_seconds=0.25
            )
            yield RunResult(run.run_id, "order", RunStatus.PASSED, "stepfunctions", began, over, 1, steps=(step,))


class Wiring(FakeWiring):
    def __init__(self, folder: Path, suites: Suites) -> None:
        super().__init__(folder)
        self.fake_suites = suites

    def suites(self, _settings: Any, _reference: str = "") -> Any:
        return self.fake_suites

    def installed(self, _settings: Any, _reference: str = "") -> Any:
        return SimpleNamespace(patient=lambda: None), None


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Suites:
    suites = Suites()
    loads = SimpleNamespace(start=suites.start, find=suites.find, suites=suites)
    monkeypatch.setattr(in_account, "Loads", lambda *_: loads)
    monkeypatch.setattr(in_account, "follower_of", lambda load, *_: Follower(suites, load))
    return suites


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, account: Suites) -> Callable[..., Result]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "order.yaml").write_text(SCENARIO, encoding="utf-8")

    def call(*arguments: str, scenario: str = "order.yaml") -> Result:
        command = ["load", scenario, "--stack", "awsit", "--json", "load.json", *arguments]
        return CliRunner().invoke(cli, command, obj=Session(Wiring(tmp_path, account)))

    return call


def written() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path("load.json").read_text(encoding="utf-8"))
    return found


def test_a_load_in_the_account_has_the_result_of_a_local_one(load: Callable[..., Result], account: Suites) -> None:
    result = load()
    found = written()

    assert result.exit_code == 0, result.output
    assert "6 iterations come to" in result.stderr
    assert "the account starts 6 iterations" in result.stderr
    assert (found["status"], found["engine"], found["scenario"]) == ("passed", "stepfunctions", "order")
    assert found["load_id"].startswith("suite-")
    assert found["iterations"]["passed"] == found["iterations"]["started"] == 6
    assert (found["times"]["max_ms"], found["start_delays"]["max_ms"]) == (375, 125)
    assert (found["achieved_rate"], found["planned_rate"]) == (2, 2)
    assert account.order
    assert {request.compact for request in account.order.requests} == {True}

    again = load(scenario=found["load_id"])
    assert again.exit_code == 0, again.output
    assert written() == found


def test_the_id_of_a_load_takes_no_option_of_a_new_one(load: Callable[..., Result]) -> None:
    result = load("--rate", "3/s", scenario="suite-01J9ZK3M4N5P6Q7R8S9T0V1W2X")
    assert result.exit_code == 2
    assert "was started already; --rate is for a new load" in result.stderr


def test_a_load_that_was_stopped_has_what_was_until_then(load: Callable[..., Result], account: Suites) -> None:
    account.status, account.stopped_at = "ABORTED", 1.0
    result = load()
    found = written()

    assert result.exit_code == 130, result.output
    assert (found["status"], found["expectations"]) == ("cancelled", [])
    assert (found["iterations"]["scheduled"], found["iterations"]["dropped"], found["planned_rate"]) == (3, 0, 2)


def test_a_load_that_was_stopped_before_its_first_start_had_no_rate(
    load: Callable[..., Result], account: Suites
) -> None:
    account.status, account.stopped_at = "ABORTED", -2.0
    assert load().exit_code == 130
    found = written()
    assert (found["iterations"]["scheduled"], found["planned_rate"], found["achieved_rate"]) == (0, 0, 0)


def test_what_was_not_started_is_dropped_and_fails_the_load(load: Callable[..., Result], account: Suites) -> None:
    account.stopped_at = 1.0
    result = load()

    assert result.exit_code == 1, result.output
    assert written()["iterations"]["dropped"] == 3
    assert "3 dropped since the account would have begun them too late" in result.output


def test_a_load_that_cannot_be_stopped_says_so_and_how_to_go_on(load: Callable[..., Result], account: Suites) -> None:
    account.cannot_stop = EnvironmentFailure("access denied", code="access_denied")

    def interrupt() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        next(thread for thread in threading.enumerate() if thread.name == "awsit-stop").join(10)

    account.follows = interrupt
    result = load()

    assert result.exit_code == 4, result.output
    assert len(account.stopped) == 1
    assert "Stopping the load" in result.stderr
    assert "access denied" in result.stderr
    assert "may go on in the account" in result.stderr


@pytest.mark.parametrize(
    "change",
    [
        {"spec": {"rate": "fast"}},
        {"spec": None},
        {"document": []},
        {"document": {}},
        {"file": 7},
        {"document": {"name": "n", "metadata": [1]}},
    ],
)
def test_a_load_that_somebody_else_made_up_is_said(
    load: Callable[..., Result], account: Suites, change: dict[str, Any]
) -> None:
    load()
    assert account.order
    account.order = replace(account.order, about={**account.order.about, **change})
    result = load(scenario=written()["load_id"])
    assert result.exit_code == 4
    assert "was not started by `awsit load`" in result.stderr


def test_who_only_looks_on_stops_no_load(load: Callable[..., Result], account: Suites) -> None:
    load()
    account.follows = lambda: os.kill(os.getpid(), signal.SIGINT)
    result = load(scenario=written()["load_id"])

    assert result.exit_code == 130
    assert account.stopped == []
    assert "awsit stop suite-" in result.stderr


@pytest.mark.parametrize("rate", ["30/s", "60/s"])
def test_a_rate_that_no_quota_allows_is_refused_with_the_one_that_it_allows(
    load: Callable[..., Result], account: Suites, rate: str
) -> None:
    account.quotas = AccountQuotas("eu-west-1", {STATE_TRANSITIONS.code: 80, STATE_TRANSITIONS.burst_code: 80})
    result = load("--rate", rate, "--for", "1m", "--yes")

    assert result.exit_code == 4
    assert "transitions a second, and the account has 80" in result.stderr
    assert "--rate " in result.stderr
    assert account.order is None


def test_throttled_calls_are_warned_of(load: Callable[..., Result], account: Suites) -> None:
    account.allowed = FunctionConcurrency(2, is_reserved=True)
    result = load()
    assert result.exit_code == 0
    assert "warning: the load needs" in result.stderr
    assert "and the account has 2" in result.stderr


def test_many_starts_against_others_are_asked_for_first(load: Callable[..., Result], account: Suites) -> None:
    result = load("--rate", "40/s", "--for", "1s")
    assert result.exit_code == 2
    assert "asks before it starts 40 a second against orders.test" in result.stderr
    assert account.order is None
