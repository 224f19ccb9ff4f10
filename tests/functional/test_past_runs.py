"""What runs left behind: listed, shown and cleaned up, on this machine and in an account."""

import errno
from collections.abc import Callable, Iterator

import click
import pytest
from tests.functional.conftest import LOCAL_RUN, abandoned
from tests.functional.fakes import AT, EXECUTION, RUN_ID, client_error, report_of

from awsit.aws.client import errors
from awsit.cli.past_runs import recovery
from awsit.cli.past_runs.interrupted import FOLDER
from awsit.errors import ActionError, EnvironmentFailure, ErrorKind
from awsit.http.fake import FakeTransport
from awsit.model import json
from awsit.model.http import HttpResponse
from awsit.model.result import CleanupResult, CleanupVerdict, LeftBehind, RunResult, RunStatus
from awsit.model.run import LastLook, RunSummary
from awsit.records import replace
from awsit.system.clock import FakeClock

OTHER_RUN = RUN_ID.replace("1W2X", "1W2Y")
IN_ACCOUNT = ("--stack", "awsit")


class FakePastRuns:
    """The runs of an account: `RUN_ID` left something, `OTHER_RUN` still goes on."""

    def __init__(self) -> None:
        self.cleaned: list[str] = []
        self.unread: list[str] = []
        self.forgotten: list[str] = []

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

    def clean_up(self, run_id: str, token: str, tell: Callable[[LastLook], None]) -> RunResult:
        result = self.as_it_stands(run_id)
        tell(LastLook("DeleteOrder", ("CreateOrder",), FakeClock().now().timestamp() + 32))
        self.cleaned.append(run_id)
        return replace(result, cleanup=CleanupResult(CleanupVerdict.CLEAN, (), ()))

    def forget(self, run_id: str, token: str) -> RunResult:
        result = self.as_it_stands(run_id)
        self.forgotten.append(run_id)
        left = result.cleanup.left_behind
        return replace(result, cleanup=CleanupResult(CleanupVerdict.CLEAN, forgotten=left))


@pytest.fixture
def account(wiring) -> FakePastRuns:
    past_runs = FakePastRuns()
    wiring.past_runs = lambda settings, reference="": past_runs
    return past_runs


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


def test_the_setup_of_a_suite_is_listed_as_one_that_goes_on_and_is_cleaned_up_later(awsit, account):
    setup = RunSummary(RUN_ID, "setup of shop", "stepfunctions", RunStatus.RUNNING, AT, is_held=True)
    account.newest = lambda _: iter([setup])

    shown = awsit("runs", *IN_ACCOUNT).stdout.splitlines()
    assert f"{RUN_ID}  running  2030-01-01 00:00  after the runs within it  setup of shop" in shown
    (listed,) = report_of(awsit("runs", *IN_ACCOUNT, "--json"))
    assert (listed["status"], listed["is_held"]) == ("running", True)


def test_an_arn_leads_to_its_account(awsit, account):
    assert awsit("cleanup", EXECUTION).exit_code == 0
    assert account.cleaned == [RUN_ID]


WAITS = "before DeleteOrder looks again: CreateOrder had no answer, and may still take effect"


def test_what_a_clean_up_in_an_account_waits_for_is_told_beside_the_results(awsit, account):
    result = awsit("cleanup", RUN_ID, *IN_ACCOUNT)
    assert result.stderr.splitlines() == [f"waiting for 32.0 s, until 00:00:32 UTC, {WAITS}"]
    assert result.stdout.splitlines() == [f"{RUN_ID}  order_is_sent  nothing is left"]
    assert awsit("-q", "cleanup", RUN_ID, *IN_ACCOUNT).stderr == ""


NO_ANSWER = """
name: order_is_lost
actions:
  - name: CreateOrder
    type: http_call
    timeout_seconds: 20
    params: {url: "http://orders.test/orders/{{ run.id }}", method: PUT}
    cleanup:
      - {name: DeleteOrder, type: http_call, params: {url: "http://orders.test/orders/{{ run.id }}", method: DELETE}}
"""


def test_what_a_local_clean_up_waits_for_is_told_beside_the_results(awsit, wiring, scenario, tmp_path):
    scenario(NO_ANSWER, "order_is_lost.yaml")
    lost = ActionError("no complete answer within 20 s", kind=ErrorKind.TIMEOUT)
    wiring.http_fake = FakeTransport(lost, HttpResponse(404, {}, b"", ""))
    awsit("run", "order_is_lost", "--keep")

    result = awsit("cleanup", abandoned(tmp_path))

    assert result.stderr.splitlines() == [f"waiting for 30.0 s, until 00:00:30 UTC, {WAITS}"]
    assert result.stdout.splitlines() == [f"{LOCAL_RUN}  order_is_lost  nothing is left"]
    assert [request.method for request in wiring.http_fake.requests] == ["PUT", "DELETE", "DELETE"]


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


@pytest.fixture(
    params=[
        (OSError(errno.ENOSPC, "No space left on device", "reports/r.json"), "reports/r.json: No space left on device"),
        (OSError(errno.ENOSPC, "No space left on device"), "a file cannot be written: No space left on device"),
        (ValueError("odd"), "this is a bug in awsit: ValueError: odd"),
    ]
)
def words(request, monkeypatch) -> str:
    """What is told of an error that no report can be kept for."""
    error, words = request.param

    def keep(*_: object) -> str:
        raise error

    monkeypatch.setattr(recovery, "keep", keep)
    return words


def test_one_whose_report_cannot_be_kept_leaves_the_others_to_be_cleaned_up(awsit, account, left_behind, words):
    result = awsit("cleanup", "--all", *IN_ACCOUNT)

    assert result.exit_code == (70 if "a bug" in words else 5)
    assert words in result.stderr
    assert account.cleaned == [RUN_ID]
    assert awsit("cleanup", left_behind).exit_code in {4, 70}


def test_who_answers_with_ctrl_c_is_asked_no_more(awsit, account, left_behind, monkeypatch):
    def confirm(*_: object, **__: object) -> bool:
        raise click.exceptions.Abort

    monkeypatch.setattr("awsit.cli.commands.cleanup.can_answer", lambda: True)
    monkeypatch.setattr(click, "confirm", confirm)
    assert awsit("cleanup", RUN_ID, "--forget", *IN_ACCOUNT).exit_code == 130


def test_what_is_left_in_an_account_is_shown_with_the_command_for_the_same_account(awsit, account):
    result = awsit("cleanup", RUN_ID, *IN_ACCOUNT, "--dry-run")
    assert result.exit_code == 5
    assert f"awsit cleanup {RUN_ID} --stack awsit" in result.stdout
    assert account.cleaned == []


def test_one_that_goes_on_is_an_error_with_the_command_that_ends_it(awsit, account):
    result = awsit("cleanup", OTHER_RUN, *IN_ACCOUNT)
    assert result.exit_code == 4
    assert f"`awsit stop {OTHER_RUN} --stack awsit` ends it" in result.stderr


def test_what_a_person_has_seen_to_is_forgotten(awsit, wiring, left_behind, tmp_path):
    forgotten = awsit("cleanup", left_behind, "--forget", "--yes")

    assert forgotten.exit_code == 0
    assert "1 thing forgotten" in forgotten.stdout
    assert "DeleteOrder" in forgotten.stdout
    assert "DELETE" not in {request.method for request in wiring.http_fake.requests}
    assert not list((tmp_path / ".awsit" / FOLDER).iterdir())
    report = json.loads((tmp_path / ".awsit" / "reports" / f"{left_behind}.json").read_bytes())
    assert (report["cleanup"]["verdict"], report["cleanup"]["left_behind"]) == ("clean", [])
    assert len(report["cleanup"]["forgotten"]) == 1
    (listed,) = report_of(awsit("runs", "--json"))
    assert listed["left_behind"] == 0
    assert "1 thing forgotten" in awsit("status", left_behind).stdout


def test_it_is_forgotten_once_and_a_run_that_left_nothing_is_clean(awsit, left_behind):
    awsit("cleanup", left_behind, "--forget", "--yes")

    again = awsit("cleanup", left_behind, "--forget")
    cleaned = awsit("cleanup", left_behind)

    assert (again.exit_code, cleaned.exit_code) == (0, 0)
    assert "nothing is left" in cleaned.stdout


def test_nothing_is_forgotten_where_nobody_can_be_asked(awsit, left_behind):
    refused = awsit("cleanup", left_behind, "--forget")

    assert refused.exit_code == 2
    assert "1 thing to undo" in refused.stdout
    assert "add --yes" in refused.stderr
    assert awsit("cleanup", left_behind, "--dry-run").exit_code == 5


@pytest.fixture
def terminal(monkeypatch) -> None:
    """A person sits at it."""
    monkeypatch.setattr("awsit.cli.commands.cleanup.can_answer", lambda: True)


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize(("answer", "code", "words"), [("y", 0, "1 thing forgotten"), ("n", 5, "1 thing to undo")])
def test_on_a_terminal_it_is_asked(awsit, left_behind, answer, code, words):
    result = awsit("cleanup", left_behind, "--forget", stdin=answer)

    assert result.exit_code == code
    assert words in result.stdout
    assert "Forget what it left?" in result.stderr


def test_a_dry_run_forgets_nothing(awsit, left_behind):
    assert awsit("cleanup", left_behind, "--forget", "--dry-run").exit_code == 5
    assert awsit("cleanup", left_behind, "--dry-run").exit_code == 5


def test_all_forgets_only_what_was_tried(awsit, account, left_behind):
    result = awsit("cleanup", "--all", "--forget", "--yes", *IN_ACCOUNT)

    assert result.exit_code == 5
    assert f"{left_behind} is not forgotten: its clean-up was never tried" in result.stderr
    assert account.forgotten == []


def test_what_was_left_in_an_account_is_forgotten_there(awsit, account):
    result = awsit("cleanup", RUN_ID, "--forget", "--yes", *IN_ACCOUNT)

    assert result.exit_code == 0
    assert account.forgotten == [RUN_ID]
    assert "1 thing forgotten" in result.stdout


@pytest.mark.parametrize("content", ["{", "[]", '{"run_id": 1, "steps": 2}', "null"])
def test_a_report_that_cannot_be_read_hides_no_other_run(awsit, left_behind, tmp_path, content):
    torn = tmp_path / ".awsit" / "reports" / "run-00000000000000000000000007.json"
    torn.write_text(content)
    listed = awsit("runs", "--json")
    assert [run["run_id"] for run in json.loads(listed.stdout)] == [left_behind]
    assert listed.stderr.splitlines()[-1].endswith("07.json cannot be read and is left out")
    assert awsit("cleanup", "--all").exit_code == 0


@pytest.mark.parametrize("command", ["logs", "status", "stop", "cleanup"])
def test_a_run_of_the_sandbox_is_found_by_the_command_that_is_named(awsit, wiring, monkeypatch, command):
    def fails(*_, **__):
        raise EnvironmentFailure("no AWS region is configured", hint="give --region")

    for name in ("logs", "account_runs", "remote_engine"):
        monkeypatch.setattr(wiring, name, fails)
    result = awsit(command, EXECUTION.replace("123456789012", "000000000000"))
    assert result.exit_code == 3
    assert f"awsit {command} {EXECUTION.rpartition(':')[2]} --sandbox" in " ".join(result.stderr.split())


@pytest.mark.parametrize(
    "command",
    [["status"], ["stop"], ["logs"], ["report"], ["open"], ["cleanup"], ["cleanup", "--dry-run"]],
    ids=" ".join,
)
def test_a_run_that_the_account_does_not_know_is_not_there_for_every_command(awsit, wiring, account, command):
    def missing(*_, **__):
        with errors.reported(f"find the execution {RUN_ID}"):
            raise client_error("ExecutionDoesNotExist", "Execution Does Not Exist", "DescribeExecution")

    wiring.remote.snapshot = wiring.remote.result = wiring.remote.stop = wiring.logs = account.run_id_of = missing
    done = awsit(command[0], EXECUTION, *command[1:], *IN_ACCOUNT)

    assert done.exit_code == 3
    assert f"could not find the execution {RUN_ID}" in " ".join(done.stderr.split())
