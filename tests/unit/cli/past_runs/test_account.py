"""Which questions the runs of an account are answered by."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from awsit import config
from awsit.cli.past_runs.account import AccountRuns
from awsit.cli.past_runs.source import RunSource
from awsit.cli.wiring.wiring import Wiring
from awsit.model.result import CleanupResult, LeftBehind, RunResult, RunStatus
from awsit.model.run import HistoryEntry


def entry(scenario: str) -> HistoryEntry:
    return HistoryEntry(f"run-{scenario}", scenario, RunStatus.PASSED, "stepfunctions", "2030-01-01T00:00:00Z", 1.0)


class Records:
    """A `RunHistory` of three scenarios that remembers its queries."""

    def __init__(self) -> None:
        self.queries: list[str] = []

    def newest(self) -> list[HistoryEntry]:
        self.queries.append("all")
        return [entry(name) for name in ("priced[book]", "priced[pen]", "sent")]

    def of(self, scenario: str, limit: int) -> list[HistoryEntry]:
        self.queries.append(scenario)
        return [entry(scenario)] * limit if scenario in ("priced[book]", "sent") else []


class FakeWiring(Wiring):
    def __init__(self) -> None:
        self.records = Records()

    def run_history(self, settings: config.Settings) -> Any:
        return self.records

    def past_runs(self, settings: config.Settings, reference: str = "") -> Any:
        raise AssertionError("nothing was asked yet")


@pytest.fixture
def wiring() -> FakeWiring:
    return FakeWiring()


@pytest.fixture
def runs(wiring: FakeWiring, tmp_path: Path) -> RunSource:
    return AccountRuns(wiring, config.load({"stack": "awsit"}, {}, tmp_path))


@pytest.mark.parametrize(
    ("name", "scenarios", "queries"),
    [
        ("", ["priced[book]", "priced[pen]", "sent"], ["all"]),
        ("sent", ["sent", "sent"], ["sent"]),
        ("priced", ["priced[book]", "priced[pen]"], ["priced", "all"]),
        ("*ed[*]", ["priced[book]", "priced[pen]"], ["all"]),
        ("gone", [], ["gone", "all"]),
    ],
)
def test_the_history_of_one_scenario_is_one_query(wiring, runs, name, scenarios, queries):
    assert [each.scenario for each in runs.history(2, name)] == scenarios
    assert wiring.records.queries == queries


def test_any_run_may_be_one_of_the_account_and_nothing_is_asked_before_it_is_needed(runs):
    assert runs.can_clean_up("run-01J9ZK3M4N5P6Q7R8S9T0V1W2X")
    assert runs.place == "the stack's records"


def test_a_report_names_whole_commands(wiring: FakeWiring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = LeftBehind("Del", "http_call", None, "404", command="awsit cleanup run-1")
    result = RunResult(
        "run-1", "orders", RunStatus.PASSED, "stepfunctions", "", "", 1.0, cleanup=CleanupResult(left_behind=(left,))
    )
    monkeypatch.setattr(wiring, "remote_engine", lambda *_: SimpleNamespace(result=lambda _: result))

    by_flag = AccountRuns(wiring, config.load({"stack": "other"}, {}, tmp_path))

    assert [each.command for each in by_flag.report("run-1").cleanup.left_behind] == [
        "awsit cleanup run-1 --stack other"
    ]
