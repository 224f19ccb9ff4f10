"""What runs left behind: listed, shown and cleaned up, on this machine and in an account."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.functional.fakes import AT, EXECUTION, PASSING, RUN_ID, report_of

from awsit.cli.past_runs.interrupted import FOLDER
from awsit.errors import EnvironmentFailure
from awsit.model import json
from awsit.model.result import CleanupResult, CleanupVerdict, LeftBehind, RunResult, RunStatus
from awsit.model.run import RunSummary

LOCAL_RUN = f"run-{1:026d}"
OTHER_RUN = RUN_ID.replace("1W2X", "1W2Y")
IN_ACCOUNT = ("--stack", "awsit")


class FakePastRuns:
    """The runs of an account: `RUN_ID` left something, `OTHER_RUN` still goes on."""

    def __init__(self) -> None:
        self.cleaned: list[str] = []

    def newest(self, limit: int) -> Iterator[RunSummary]:
        yield RunSummary(RUN_ID, "order_is_sent", "stepfunctions", RunStatus.FAILED, "2031-01-01T00:00:00.000Z", 1)

    def open(self) -> list[str]:
        return [RUN_ID, OTHER_RUN]

    def run_id_of(self, reference: str) -> str:
        return reference.rsplit(":", 1)[-1]

    def as_it_stands(self, run_id: str) -> RunResult:
        if run_id == OTHER_RUN:
            raise EnvironmentFailure(f"{run_id} is still going on", hint=f"`awsit stop {run_id}` ends it")
        left = LeftBehind("DeleteOrder", "http_call", {}, "not called")
        return RunResult(
            run_id,
            "order_is_sent",
            RunStatus.FAILED,
            "stepfunctions",
            AT,
            AT,
            1.0,
            execution_arn=EXECUTION,
            cleanup=CleanupResult(CleanupVerdict.LEFT_BEHIND, (), (left,)),
        )

    def clean_up(self, run_id: str, token: str) -> RunResult:
        result = self.as_it_stands(run_id)
        self.cleaned.append(run_id)
        return replace(result, cleanup=CleanupResult(CleanupVerdict.CLEAN, (), ()))


@pytest.fixture
def account(wiring) -> FakePastRuns:
    past_runs = FakePastRuns()
    wiring.past_runs = lambda settings, reference="": past_runs
    return past_runs


@pytest.fixture
def left_behind(awsit, scenario, tmp_path) -> str:
    """The ID of a local run that was told to leave what it made, and whose process has ended."""
    scenario(PASSING)
    awsit("run", "order_is_stored", "--keep")
    journal = tmp_path / ".awsit" / FOLDER / f"{LOCAL_RUN}.jsonl"
    text = journal.read_bytes()
    journal.unlink()
    journal.write_bytes(text)  # a file that nobody has locked: this process holds the lock on the first one to its end
    return LOCAL_RUN


def test_what_a_local_run_left_is_listed_shown_and_cleaned_up_once(awsit, wiring, left_behind, tmp_path):
    (listed,) = report_of(awsit("runs", "--json"))
    assert (listed["run_id"], listed["left_behind"]) == (left_behind, 1)

    shown = awsit("cleanup", left_behind, "--dry-run")
    assert shown.exit_code == 5
    assert "1 thing to undo" in shown.stdout
    assert "DELETE" not in {request.method for request in wiring.http_fake.requests}

    cleaned = awsit("cleanup", left_behind)
    assert cleaned.exit_code == 0
    assert "nothing is left" in cleaned.stdout
    assert wiring.http_fake.requests[-1].method == "DELETE"
    assert not list((tmp_path / ".awsit" / FOLDER).iterdir())

    again = awsit("cleanup", "--all")
    assert again.exit_code == 0
    assert "nothing is left to be cleaned up" in again.stderr


def test_the_report_is_the_one_after_the_clean_up(awsit, left_behind, tmp_path):
    awsit("cleanup", left_behind)
    report = json.loads((tmp_path / ".awsit" / "reports" / f"{left_behind}.json").read_bytes())
    assert report["cleanup"]["verdict"] == "clean"


def test_a_run_that_left_nothing_here_is_not_asked_for_in_an_account(awsit, account):
    result = awsit("cleanup", RUN_ID)
    assert result.exit_code == 3
    assert f"{RUN_ID} left nothing on this machine" in result.stderr
    assert account.cleaned == []


def test_an_arn_leads_to_its_account(awsit, account):
    assert awsit("cleanup", EXECUTION).exit_code == 0
    assert account.cleaned == [RUN_ID]


def test_with_a_stack_the_runs_of_both_are_listed_the_newest_first(awsit, account, left_behind):
    listed = report_of(awsit("runs", *IN_ACCOUNT, "--json"))
    assert [run["run_id"] for run in listed] == [RUN_ID, left_behind]


def test_all_of_both_are_cleaned_up_and_one_that_goes_on_stops_no_other(awsit, account, left_behind):
    result = awsit("cleanup", "--all", *IN_ACCOUNT)
    assert result.exit_code == 5
    assert f"{OTHER_RUN} is still going on" in result.stderr
    assert [line for line in result.stdout.splitlines() if "nothing is left" in line] == [
        f"{left_behind}  order_is_stored  nothing is left",
        f"{RUN_ID}  order_is_sent  nothing is left",
    ]


def test_what_is_left_in_an_account_is_shown_with_the_command_for_the_same_account(awsit, account):
    result = awsit("cleanup", RUN_ID, *IN_ACCOUNT, "--dry-run")
    assert result.exit_code == 5
    assert f"awsit cleanup {RUN_ID} --stack awsit" in result.stdout
    assert account.cleaned == []


def test_one_that_goes_on_is_an_error_with_the_command_that_ends_it(awsit, account):
    result = awsit("cleanup", OTHER_RUN, *IN_ACCOUNT)
    assert result.exit_code == 4
    assert f"`awsit stop {OTHER_RUN} --stack awsit` ends it" in result.stderr
