"""Suites that the account runs by itself, on the sandbox: whoever is killed, nothing is left and no result is lost."""

from __future__ import annotations

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.deployed import Deployed
from tests.pseudo_terminal import CTRL_C, terminal
from ulid import ULID

from awsit.aws.runs.store import DynamoRunStore
from awsit.aws.stepfunctions import executions
from awsit.aws.stepfunctions.past_runs import PastRuns
from awsit.aws.suites.follower import SuiteFollower
from awsit.aws.suites.suites import Suites
from awsit.cli.main import cli
from awsit.cli.selection.requested_run import RequestedRun
from awsit.errors import EnvironmentFailure, UsageError
from awsit.model.result import CleanupVerdict, RunResult, RunStatus
from awsit.model.run import NOT_SET_UP, RunRequest, SuiteProgress
from awsit.system.clock import SystemClock

AWSIT = Path(sys.executable).with_name("awsit")
TABLE = "{{ stack('orders').Table }}"
UNDO = {"type": "dynamodb", "params": {"operation": "delete_item", "table": TABLE, "key": {"order_id": "{{ run.id }}"}}}
NEVER = [{"path": "$.run.id", "equals": "another"}]
PAUSE = {"name": "Pause", "type": "wait", "params": {"seconds": 30}}


def scenario(
    name: str, *, fails: bool = False, leaves: bool = False, pauses: bool = False, kind: str = "suite"
) -> dict[str, Any]:
    put = {"operation": "put_item", "table": TABLE, "item": {"order_id": "{{ run.id }}", "kind": kind}}
    cannot = {**UNDO, "params": {**UNDO["params"], "table": "no-such-table"}}
    action = {"name": "Put", "type": "dynamodb", "params": put, "cleanup": [UNDO, *([cannot] if leaves else [])]}
    actions = [action, *([PAUSE] if pauses else [])]
    return {"name": name, "actions": actions, **({"assertions": NEVER} if fails else {})}


def setup() -> dict[str, Any]:
    """A `suite.yaml` whose setup makes an item, and captures the kind of all items."""
    put = {"operation": "put_item", "table": TABLE, "item": {"order_id": "{{ run.id }}", "kind": "suite"}}
    return {"setup": [{"name": "Put", "type": "dynamodb", "params": put, "let": {"kind": "suite"}, "cleanup": [UNDO]}]}


def items(made: Deployed) -> list[str]:
    """The runs whose item is in the table of the example service."""
    outputs = made.aws.client("cloudformation").describe_stacks(StackName="orders")["Stacks"][0]["Outputs"]
    table = next(each["OutputValue"] for each in outputs if each["OutputKey"] == "Table")
    found = made.aws.client("dynamodb").scan(TableName=table, ConsistentRead=True)["Items"]
    return [each["order_id"]["S"] for each in found if each.get("kind", {}).get("S") == "suite"]


def until(look: Callable[[], Any], seconds: float = 60) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
    return found


class Suite:
    """A suite of runs within a setup that pause for half a minute each, two at once, and those that follow it."""

    def __init__(self, made: Deployed, runs: int) -> None:
        self.made, self.suite_id, self.setup_id = made, f"suite-{ULID()}", f"run-{ULID()}"
        document = {"name": "suite", "actions": setup()["setup"]}
        around = RunRequest(self.setup_id, "suite:s", document, hold=True)
        document = scenario("s", pauses=True, kind="{{ suite.kind }}")
        self.requests = [RunRequest(f"run-{ULID()}", f"s{n}", document, suite_run=self.setup_id) for n in range(runs)]
        self.suites = Suites(made.aws, made.installation, SystemClock())
        self.arn = self.suites.start(self.suite_id, map(RequestedRun, self.requests), 2, [RequestedRun(around)])
        self.store = DynamoRunStore(made.aws, made.installation.table, made.installation.bucket)
        until(lambda: sum(map(self.pauses, self.requests)) == 2)

    def pauses(self, request: RunRequest) -> bool:
        """Whether a run is in its pause, with no call in flight, whose `timeout_seconds` a recovery would wait for."""
        return any(record.result.name == "Pause" for record in self.store.records(request.run_id))

    def results(self) -> list[RunResult]:
        follower = SuiteFollower(self.made.aws, self.made.installation, SystemClock(), self.suite_id)
        looks: list[SuiteProgress] = []
        runs = self.suites.runs(self.suite_id)
        found = {result.run_id: result for result in follower.results(runs, looks.append)}
        assert all(look.waiting + len(look.running) <= len(runs) for look in looks)
        return [found[run.run_id] for run in runs]


@pytest.fixture
def made(deployed: Deployed) -> Deployed:
    """The sandbox, whose other runs take no part."""
    return deployed


Awsit = Callable[..., Result]


@pytest.fixture
def awsit(made: Deployed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Awsit:
    """The command line in a folder with twelve scenarios in a suite: two fail, one leaves something behind."""
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios/suite.yaml").write_text(json.dumps(setup()), encoding="utf-8")
    for number in range(12):
        document = scenario(f"s{number:02}", fails=number in {3, 8}, leaves=number == 5, kind="{{ suite.kind }}")
        (tmp_path / f"scenarios/s{number:02}.json").write_text(json.dumps(document), encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str, machine: str = "mine") -> Result:
        variables = {**made.environment(), "AWSIT_REPORT_FOLDER": str(tmp_path / machine), "COLUMNS": "100"}
        return CliRunner().invoke(cli, arguments, env=variables, prog_name="awsit")

    return call


def test_a_suite_is_run_by_the_account_and_seen_from_any_machine(awsit: Awsit, made: Deployed, tmp_path: Path) -> None:
    done = awsit("run", "scenarios/", "--in-account", "--jobs", "3", "--json", "--junit", "junit.xml")
    made_by_suite, *results = json.loads(done.stdout)
    suite_id = next(word.rstrip(":") for word in done.stderr.split() if word.startswith("suite-"))

    assert done.exit_code == 1, done.output
    assert "the account makes 13 runs by itself, 3 at once" in done.stderr
    assert (made_by_suite["status"], made_by_suite["cleanup"]["verdict"]) == ("passed", "clean")
    assert made_by_suite["finished_at"] > max(each["finished_at"] for each in results)
    assert [each["scenario"] for each in results] == [f"s{number:02}" for number in range(12)]
    assert [n for n, each in enumerate(results) if each["status"] == "failed"] == [3, 8]
    assert [n for n, each in enumerate(results) if each["cleanup"]["verdict"] == "left_behind"] == [5]
    assert (tmp_path / "junit.xml").read_text(encoding="utf-8").count("<testcase") == 13
    assert items(made) == []

    status = awsit("status", suite_id, machine="another")
    assert "13: 11 passed, 2 failed, 1 left something behind" in status.stdout
    assert [line.split()[0] for line in status.stdout.splitlines() if line.startswith("run-")] == [
        results[number]["run_id"] for number in sorted((3, 5, 8), key=lambda n: results[n]["finished_at"])
    ]
    assert json.loads(awsit("status", suite_id, "--json", machine="another").stdout)["total"] == 13
    again = json.loads(awsit("report", suite_id, "--json", "-", machine="another").stdout)
    assert [each["run_id"] for each in again] == [each["run_id"] for each in (made_by_suite, *results)]
    log = awsit("logs", suite_id, machine="another").stdout
    assert all(each["run_id"] in log for each in results)

    failed = awsit("run", "--rerun-failed", suite_id, "--json", machine="another")
    assert [each["scenario"] for each in json.loads(failed.stdout)] == ["suite:scenarios", "s03", "s05", "s08"]
    stopped = awsit("stop", suite_id)
    assert stopped.exit_code == 2
    assert "is over already" in stopped.stderr


def test_ctrl_c_leaves_the_suite_to_itself(awsit: Awsit, made: Deployed) -> None:
    command = [str(AWSIT), "run", "scenarios/", "--in-account", "--jobs", "3"]
    with terminal(command, {**made.environment(), "TERM": "xterm-256color"}, columns=110) as screen:
        screen.until("under way, ")
        screen.press(CTRL_C)
        screen.until("awsit stop ")
        code = screen.end()
    suite_id = re.search(r"suite-\w+", screen.shown)
    suites = Suites(made.aws, made.installation, SystemClock())

    assert code == 130
    assert "The suite goes on in Step Functions." in screen.shown
    assert suite_id
    until(lambda: suites.progress(suite_id[0]).is_over)
    report = json.loads(awsit("report", suite_id[0], "--json", "-", machine="another").stdout)
    assert Counter(each["status"] for each in report) == {"passed": 11, "failed": 2}


def test_a_suite_that_is_stopped_leaves_nothing_and_loses_no_result(made: Deployed) -> None:
    suite = Suite(made, 5)

    assert suite.suites.stop(suite.suite_id) == 2
    results = suite.results()

    assert items(made) == []
    assert [each.status for each in results[:1]] == [RunStatus.PASSED]
    assert Counter(each.status for each in results[1:]) == {RunStatus.CANCELLED: 2, RunStatus.SKIPPED: 3}
    assert {each.cleanup.verdict for each in results} == {CleanupVerdict.CLEAN}
    assert suite.suites.snapshot(suite.suite_id).progress.status == "ABORTED"
    with pytest.raises(UsageError, match="is over already"):
        suite.suites.stop(suite.suite_id)


def test_whoever_is_killed_nothing_is_left_and_the_others_go_on(made: Deployed) -> None:
    suite, client = Suite(made, 4), made.aws.client("stepfunctions")
    child = next(suite.suites.running({each.run_id for each in suite.requests}))

    past = PastRuns(made.aws, made.installation, SystemClock())
    with pytest.raises(EnvironmentFailure, match=f"setup of a suite, and {suite.suite_id} goes on within it"):
        past.clean_up(suite.setup_id, "a1")
    assert suite.setup_id not in past.open()

    client.stop_execution(executionArn=executions.arn_of(made.installation.state_machine_arn, child))
    until(lambda: suite.suites.results_since(suite.suite_id))
    until(lambda: len(items(made)) == 3)
    client.stop_execution(executionArn=suite.arn)
    results = suite.results()

    assert items(made) == []
    assert [each.status for each in results[:1]] == [RunStatus.PASSED]
    assert {each.cleanup.verdict for each in results} == {CleanupVerdict.CLEAN}
    assert Counter(each.status for each in results[1:]) == {RunStatus.CANCELLED: 3, RunStatus.SKIPPED: 1}
    assert next(each for each in results if each.run_id == child).status is RunStatus.CANCELLED


def test_after_a_setup_that_did_not_pass_nothing_runs(awsit: Awsit, made: Deployed) -> None:
    failing = setup()
    failing["setup"][0]["assert"] = [{"path": "$.item", "exists": True}]
    Path("scenarios/suite.yaml").write_text(json.dumps(failing), encoding="utf-8")

    done = awsit("run", "scenarios/", "--in-account", "--json")
    results = json.loads(done.stdout)
    suite_id = next(word.rstrip(":") for word in done.stderr.split() if word.startswith("suite-"))

    assert done.exit_code == 1
    assert Counter(each["status"] for each in results) == {"failed": 1, "skipped": 12}
    assert {each["error"]["message"] for each in results[1:]} == {NOT_SET_UP.message}
    assert items(made) == []
    again = json.loads(awsit("report", suite_id, "--json", "-", machine="another").stdout)
    assert [(each["status"], each["error"]) for each in again[1:]] == [
        (each["status"], each["error"]) for each in results[1:]
    ]
