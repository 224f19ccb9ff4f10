"""A suite in the account tells of its runs as those do that this process starts."""

from types import SimpleNamespace

from awsit.aws.installation import Installation
from awsit.aws.suites.follower import NEVER_BEGAN, SuiteFollower
from awsit.cli.running.in_account import StartedSuite
from awsit.cli.running.suite_pool import SuitePool
from awsit.cli.selection.requested_run import RequestedRun
from awsit.model.events import RunFinished, RunStarted
from awsit.model.result import RunResult, RunStatus
from awsit.model.run import RunRequest, StartedRun
from awsit.system.clock import FakeClock

STATES = "arn:aws:states:eu-west-1:1"
INSTALLATION = Installation(
    f"{STATES}:stateMachine:my-suite-flow-test-flow", "b", "t", "f", "/f", "/s",
    suite_flow="my-suite-flow-suite-flow",
)  # fmt: skip


def result(run_id, status, error=None):
    return RunResult(run_id, run_id, status, "stepfunctions", "", "", 1.0, error=error)


def test_each_run_has_its_execution_and_the_events_of_one_come_together():
    follower = SuiteFollower(SimpleNamespace(), INSTALLATION, FakeClock(), "suite-1")
    ended = [result("run-2", RunStatus.PASSED), result("run-1", RunStatus.SKIPPED, NEVER_BEGAN)]
    follower.results = lambda _runs, _tell: iter(ended)
    suite = StartedSuite("suite-1", f"{STATES}:execution:my-suite-flow-suite-flow:suite-1", follower)
    begun = []
    runs = [RequestedRun(RunRequest(run_id, run_id, {})) for run_id in ("run-1", "run-2")]

    happened = list(SuitePool(suite, begun.append, lambda _: None).run(runs))

    arns = [event.execution_arn for _, event in happened if isinstance(event, StartedRun)]
    assert begun == runs
    assert arns == [f"{STATES}:execution:my-suite-flow-test-flow:{run_id}" for run_id in ("run-1", "run-2")]
    assert [(run.run_id, type(event)) for run, event in happened[2:]] == [
        ("run-2", RunStarted),
        ("run-2", RunFinished),
        ("run-1", RunFinished),
    ]
