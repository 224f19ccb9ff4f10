"""`awsit history`: what the reports of this machine, or the records of a stack, say of scenarios over time."""

import re
from pathlib import Path
from zlib import crc32

import boto3
import pytest
from moto import mock_aws
from tests.conformance.interpreter import TABLE, enter, make_table
from tests.functional.fakes import PASSING, report_of

from awsit.aws.client.clients import AwsClients
from awsit.aws.runs.dynamodb.table import Table
from awsit.aws.runs.history import RunHistory
from awsit.model.result import CleanupResult, CleanupVerdict, LeftBehind, RunResult, RunStatus
from awsit.model.run import HistoryEntry
from awsit.records import replace
from awsit.reporting.formats.json_ import save

ONE, TWO = "3f2a91c04d1e" + "0" * 52, "b81d77e0c2aa" + "0" * 52
LETTERS = {"p": RunStatus.PASSED, "f": RunStatus.FAILED, "e": RunStatus.ERROR, "c": RunStatus.CANCELLED}


def results(scenario, letters, seconds, version=ONE, first=0):
    """A run for each letter, one an hour."""
    for number, (letter, each) in enumerate(zip(letters, seconds, strict=True), start=first):
        at = f"2030-01-{1 + number // 24:02}T{number % 24:02}:30:00.000Z"
        run_id = f"run-{crc32(scenario.encode()):010}{number:016}"
        yield RunResult(run_id, scenario, LETTERS[letter], "local", at, at, each, fingerprint=version)


STORED = [
    *results("order_is_stored", "ppppppp", [1.0, 1.1, 0.9, 1.0, 1.2, 1.0, 1.1], TWO),
    *results("order_is_stored", "pfpcpp", [1.0, 0.4, 1.1, 0.2, 1.0, 3.1], ONE, 7),
]
SHIPPED = list(results("order_is_shipped", "fffe", [0.5, 0.5, 0.5, 0.1]))
PRICED = [*results("priced[book]", "pp", [1.0, 2.0]), *results("priced[pen]", "pp", [1.5, 61.0])]


@pytest.fixture
def reports(tmp_path):
    folder = tmp_path / ".awsit" / "reports"
    left = CleanupResult(CleanupVerdict.LEFT_BEHIND, (), (LeftBehind("Delete", "dynamodb", {}, "gone"),))
    for result in [*STORED, *SHIPPED, *PRICED]:
        save(replace(result, cleanup=left) if result is STORED[-2] else result, folder)
    return folder


@pytest.mark.usefixtures("reports")
def test_one_line_a_scenario(awsit, snapshot):
    result = awsit("history", env={"COLUMNS": "80"})
    assert result.exit_code == 0
    assert result.stdout == snapshot
    assert max(map(len, result.stdout.splitlines())) <= 80


@pytest.mark.usefixtures("reports")
def test_one_scenario(awsit, snapshot):
    result = awsit("history", "order_is_stored", env={"COLUMNS": "80"})
    assert result.exit_code == 0
    assert without_ids(result.stdout) == snapshot
    assert max(map(len, result.stdout.splitlines()[:-13])) <= 80


def without_ids(text):
    return re.sub(r"run-\d{26}", "run-ID", text)


@pytest.mark.usefixtures("reports")
def test_as_json(awsit):
    (series,) = report_of(awsit("history", "order_is_stored", "--json"))
    assert (series["runs"], series["passed"], series["failed"]) == (13, 11, 1)
    assert (float(series["median_seconds"]), float(series["p95_seconds"])) == (1.0, 3.1)
    assert series["flaky"] == [{"fingerprint": ONE, "passed": 4, "failed": 1, "changes": 2}]
    assert (float(series["slower"]["seconds"]), float(series["slower"]["usual_seconds"])) == (3.1, 1.0)
    assert [entry["status"] for entry in series["entries"]][-4:] == ["passed", "cancelled", "passed", "passed"]
    every = report_of(awsit("history", "--json"))
    assert [each["scenario"] for each in every] == [
        "order_is_shipped",
        "order_is_stored",
        "priced[book]",
        "priced[pen]",
    ]
    assert [each["median_seconds"] for each in every if "entries" not in each][:2] == [None, series["median_seconds"]]


@pytest.mark.usefixtures("reports")
@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("priced", ["priced[book]", "priced[pen]"]),
        ("priced[pen]", ["priced[pen]"]),
        ("order_*", ["order_is_shipped", "order_is_stored"]),
    ],
)
def test_rows_and_patterns(awsit, name, found):
    assert [each["scenario"] for each in report_of(awsit("history", name, "--json"))] == found


@pytest.mark.usefixtures("reports")
def test_an_unknown_scenario_offers_the_near_ones(awsit):
    result = awsit("history", "order_is_stord")
    assert result.exit_code == 3
    assert "no run of 'order_is_stord' is known in .awsit/reports" in result.stderr
    assert "did you mean order_is_stored?" in result.stderr


@pytest.mark.usefixtures("reports")
def test_the_limit_is_of_the_newest_runs(awsit):
    (series,) = report_of(awsit("history", "order_is_stored", "--limit", "2", "--json"))
    assert (series["runs"], series["failed"], series["flaky"]) == (2, 0, [])


def test_nothing_has_run_yet(awsit):
    assert "no run is known here" in awsit("history").stderr
    assert report_of(awsit("history", "--json")) == []
    result = awsit("history", "orders")
    assert result.exit_code == 3
    assert "nothing has run there yet" in result.stderr


def test_a_report_that_is_torn_or_of_something_else_is_passed_over(awsit, reports):
    (reports / "run-torn.json").write_text('{"version": "awsit.re')
    (reports / "run-other.json").write_text('{"version": "other/1"}')
    (reports / "run-list.json").write_text("[1]")
    assert len(report_of(awsit("history", "--json"))) == 4


def test_a_run_is_in_the_history_with_its_version(awsit, scenario):
    scenario()
    awsit("run", "order_is_stored", "--repeat", "2")
    scenario(PASSING.replace("quantity: 2", "quantity: 3"))
    awsit("run", "order_is_stored")
    (series,) = report_of(awsit("history", "order_is_stored", "--json"))
    versions = [entry["fingerprint"] for entry in series["entries"]]
    assert len(set(versions)) == 2
    assert all(len(version) == 64 for version in versions)


@pytest.fixture
def stack(monkeypatch, wiring):
    """The runs table of a stack, with the same runs."""
    enter(monkeypatch)
    with mock_aws():
        make_table()
        history = RunHistory(AwsClients(), TABLE)
        for result in [*STORED, *SHIPPED, *PRICED]:
            history.keep(HistoryEntry.of(result))
        monkeypatch.setattr(wiring, "run_history", lambda _: history, raising=False)
        yield history


@pytest.mark.usefixtures("reports", "stack")
@pytest.mark.parametrize("name", ["order_is_stored", "order_*", "priced", "priced[pen]"])
def test_a_stack_tells_the_same_as_the_reports(awsit, name):
    local, remote = (report_of(awsit("history", name, "--json", *flags)) for flags in ([], ["--stack", "awsit"]))
    for series in local:
        for entry in series["entries"]:
            entry["left_behind"] = 0
    assert remote == local


@pytest.mark.usefixtures("reports", "stack")
def test_local_means_this_machine_also_in_a_project_with_a_stack(awsit, tmp_path):
    (tmp_path / "awsit.toml").write_text('stack = "awsit"\n')
    (stored,) = report_of(awsit("history", "order_is_stored", "--local", "--json"))
    assert [entry["left_behind"] for entry in stored["entries"]][-2:] == [1, 0]
    result = awsit("history", "--local", "--sandbox")
    assert result.exit_code == 2
    assert "--local is this machine, and a stack is named" in result.stderr


@pytest.mark.usefixtures("stack")
def test_a_scenario_that_never_ran_in_the_stack(awsit):
    result = awsit("history", "order_is_stord", "--stack", "awsit")
    assert result.exit_code == 3
    assert "no run of 'order_is_stord' is known in the stack's records" in result.stderr
    assert "did you mean order_is_stored?" in result.stderr


def test_a_history_takes_one_query_and_never_a_scan(awsit, stack, monkeypatch):
    calls = []
    client = stack._table._client
    monkeypatch.setattr(Table, "_client", property(lambda _: Counting(client, calls)))
    awsit("history", "order_is_stored", "--stack", "awsit")
    awsit("history", "--stack", "awsit")
    awsit("history", "order_*", "--stack", "awsit")
    assert calls == ["query"] * 3


class Counting:
    """A client that notes what is called."""

    def __init__(self, client, calls):
        self.client, self.calls = client, calls

    def __getattr__(self, name):
        self.calls.append(name)
        return getattr(self.client, name)


def test_a_run_that_is_reported_again_is_one_entry(stack):
    again = replace(HistoryEntry.of(STORED[-1]), left_behind=2)
    stack.keep(again)
    assert stack.of("order_is_stored")[0] == again
    assert len(stack.of("order_is_stored")) == len(STORED)
    items = boto3.client("dynamodb").scan(TableName=TABLE)["Items"]
    assert all(int(item["expires_at"]["N"]) > 1_900_000_000 for item in items)


def test_a_name_too_long_for_a_key_still_has_its_own_history(stack):
    long, other = ("x" * 600 + end for end in "ab")
    for name in (long, other):
        stack.keep(replace(HistoryEntry.of(STORED[0]), scenario=name, run_id=f"run-{name[-1]}"))
    assert [entry.scenario for entry in stack.of(long)] == [long]


@pytest.mark.parametrize(("kept", "left"), [("3", 3), ("0", 5)])
def test_the_report_folder_keeps_the_newest(awsit, scenario, tmp_path, kept, left):
    scenario()
    folder = tmp_path / ".awsit" / "reports"
    awsit("run", "order_is_stored", "--repeat", "2", env={"AWSIT_KEEP_REPORTS": kept})
    for path in sorted(folder.glob("*.json")):
        path.with_suffix(".html").write_text("a page of it")
    (folder / "report.html").write_text("of many runs")
    awsit("run", "order_is_stored", "--repeat", "3", env={"AWSIT_KEEP_REPORTS": kept})
    assert [path.stem[-1] for path in sorted(folder.glob("run-*.json"))] == list("12345")[-left:]
    assert len(list(folder.glob("run-*.html"))) == (0 if left == 3 else 2)
    assert Path(folder / "report.html").is_file()


def test_a_wrong_number_of_reports_to_keep_is_told(awsit, scenario, tmp_path):
    scenario()
    (tmp_path / "awsit.toml").write_text("keep_reports = -1\n")
    result = awsit("run", "order_is_stored")
    assert result.exit_code == 3
    assert "keep_reports: -1 is not a whole number, 0 or more" in result.stderr
    assert result.stdout == ""
