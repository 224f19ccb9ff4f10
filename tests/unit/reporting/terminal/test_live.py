"""What stands on the screen while runs go on."""

import io

from rich.console import Console
from tests.unit.reporting.results import AT, CREATED, PASSED, RUN_ID

from awsit.model.events import RunFinished, RunStarted, StepAttempted, StepFinished, StepStarted
from awsit.model.result import Attempt, Status
from awsit.model.run import SuiteProgress
from awsit.records import replace
from awsit.reporting.terminal.live import LiveProgress


def screen() -> Console:
    return Console(file=io.StringIO(), width=80, height=25, force_terminal=True)


def test_the_live_part_shows_what_runs_for_how_long_and_which_attempt():
    now = [10.0]
    progress = LiveProgress(screen(), lambda: now[0])
    progress.handle(StepStarted(RUN_ID, 0, "actions", "CreateOrder", "http_call", AT))
    progress.handle(StepStarted(RUN_ID, 1, "actions", "OrderIsStored", "dynamodb", AT))
    attempt = Attempt(1, AT, 0.1, Status.FAILED, "not yet", 2.0)
    progress.handle(StepAttempted(RUN_ID, 1, "actions", "OrderIsStored", attempt))
    now[0] = 13.2
    first, second = progress.render().plain.splitlines()
    progress.stop()
    assert first.endswith("3.2 s")
    assert "OrderIsStored" in second
    assert "attempt 2" in second


def test_the_live_part_of_a_suite_names_what_runs_and_tells_how_long_it_may_take():
    now = [0.0]
    progress = LiveProgress(screen(), lambda: now[0], 10)
    suite = SuiteProgress("suite-1", "arn", "RUNNING", AT, waiting=7, running=("stored", "paid", "paid"))
    progress.suite(suite)
    now[0] = 5.0
    progress.handle(RunFinished(RUN_ID, PASSED))
    progress.suite(replace(suite, waiting=6))
    now[0] = 6.0
    stored, paid, last = progress.render().plain.splitlines()
    progress.stop()
    assert "stored" in stored
    assert "6.0 s" in paid
    assert last.endswith("1 of 10, 3 under way, 6 waiting, 54.0 s left")


def test_a_run_of_a_suite_that_is_over_does_not_begin_again_on_the_screen():
    progress = LiveProgress(screen(), lambda: 0.0, 10)
    progress.suite(SuiteProgress("suite-1", "arn", "RUNNING", AT, waiting=8, running=("stored", "paid")))
    progress.handle(RunStarted(RUN_ID, "stored", "stepfunctions", AT, 2))
    progress.handle(StepStarted(RUN_ID, 0, "actions", "CreateOrder", "http_call", AT))
    lines = progress.render().plain.splitlines()
    progress.stop()
    assert len(lines) == 3
    assert not [line for line in lines if "CreateOrder" in line or "waiting for" in line]


def test_the_live_part_ends_with_the_steps():
    progress = LiveProgress(screen(), lambda: 0.0)
    progress.handle(StepStarted(RUN_ID, 0, "actions", "CreateOrder", "http_call", AT))
    progress.handle(StepFinished(RUN_ID, CREATED))
    assert "waiting for the next action" in progress.render().plain
    progress.stop()
