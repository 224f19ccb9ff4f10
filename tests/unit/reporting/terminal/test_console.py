"""What a person reads of a run."""

from dataclasses import replace

import pytest
from tests.unit.reporting.results import (
    AT,
    CREATED,
    ERROR,
    FAILED,
    LEFT,
    PASSED,
    RUN_ID,
    STORED,
    plain_console,
    text_of,
)

from awsit.model.events import RunFinished, RunStarted, StepAttempted, StepFinished, StepStarted
from awsit.model.result import Attempt, CleanupResult, ErrorInfo, RunStatus, Status
from awsit.model.run import SuiteProgress
from awsit.reporting.terminal.console import ConsoleReporter
from awsit.reporting.terminal.live import LiveProgress
from awsit.reporting.terminal.terminal import make_console

RUNS = {"passed_and_retried": PASSED, "failed_assertion": FAILED, "error": ERROR, "left_behind": LEFT}


@pytest.mark.parametrize("name", RUNS)
def test_a_run(report, snapshot, name):
    assert report(RUNS[name]) == snapshot


@pytest.mark.parametrize("name", RUNS)
def test_a_run_with_everything(report, snapshot, name):
    assert report(RUNS[name], verbosity=1) == snapshot


def test_several_runs_end_with_a_summary(report, snapshot):
    assert report(PASSED, FAILED, LEFT, verbosity=-1) == snapshot


def test_quiet_says_nothing_of_what_passed(report):
    assert report(PASSED, PASSED, verbosity=-1) == ""


def test_a_final_assertion_that_fails_explains_itself(report):
    check = replace(FAILED.steps[1].assertions[2], name="paid in the end")
    error = ErrorInfo("assertion", "paid in the end: $.item.paid is missing")
    shown = report(replace(PASSED, status=RunStatus.FAILED, assertions=(check,), error=error))
    assert "  ✗ paid in the end\n      path    $.item.paid\n      equals  true\n" in shown
    assert "assertion  " not in shown


def test_an_error_of_the_run_itself_is_shown_with_its_hint(report):
    told = ErrorInfo("invalid_input", "the scenario is not valid", "run awsit validate")
    shown = report(
        replace(PASSED, status=RunStatus.ERROR, steps=(), assertions=(), cleanup=CleanupResult(), error=told)
    )
    assert "  invalid_input  the scenario is not valid\n  hint           run awsit validate\n" in shown
    assert "no actions" in shown


def test_steps_that_were_never_begun_are_named(report):
    skipped = replace(STORED, index=7, name="NeverReached", status=Status.SKIPPED, attempts=())

    console = plain_console()
    with ConsoleReporter(console) as reporter:
        reporter.handle(RunStarted(RUN_ID, "x", "local", AT, 2))
        reporter.handle(StepFinished(RUN_ID, CREATED))
        reporter.handle(RunFinished(RUN_ID, replace(PASSED, steps=(CREATED, skipped))))
    assert "not run: NeverReached" in text_of(console)


@pytest.mark.parametrize("hostile", ["\x1b[2J\x1b[31mowned", "[bold red]markup[/]", "a\rb", "\u202egnp.exe", "x\x07"])
def test_data_cannot_steer_the_terminal(report, hostile):
    step = replace(
        FAILED.steps[1],
        name=hostile,
        error=ErrorInfo("service", hostile, hostile),
        response={hostile: hostile, "nested": [hostile]},
    )
    shown = report(replace(FAILED, scenario=hostile, steps=(step,), context={hostile: hostile}))
    assert not any(character in shown for character in "\x1b\r\x07\u202e")
    if hostile.startswith("[bold"):
        assert "[bold red]markup[/]" in shown


def test_a_large_response_is_cut_and_says_how_much_is_missing(report):
    step = replace(FAILED.steps[1], response={"items": list(range(1000)), "text": "x" * 5000})
    shown = report(replace(FAILED, steps=(step,)))
    assert "more lines" in shown
    assert "4600 more characters" in shown
    assert len(shown.splitlines()) < 90


def test_many_attempts_are_shortened(report):
    attempts = tuple(Attempt(number, AT, 0.1, Status.FAILED, "not yet", 1.0) for number in range(1, 31))
    shown = report(replace(FAILED, steps=(replace(FAILED.steps[1], attempts=attempts),)))
    assert "attempt 2 " in shown
    assert "25 more" in shown
    assert "attempt 15" not in shown
    assert "attempt 30" in shown


def test_an_ascii_terminal_gets_ascii(report):
    shown = report(PASSED, encoding="ascii")
    assert "  + CreateOrder" in shown
    assert shown.isascii()


@pytest.mark.parametrize("width", [40, 80, 200])
def test_prose_fits_the_width(report, width):
    long_hint = "check that the service is up and that the address is right " * 5
    step = replace(ERROR.steps[0], error=ErrorInfo("connection", "refused", long_hint))
    lines = report(replace(ERROR, steps=(step,)), width=width).splitlines()
    assert all(len(line) <= width for line in lines if "check that" in line)


def test_the_live_part_shows_what_runs_for_how_long_and_which_attempt():
    now = [10.0]
    progress = LiveProgress(plain_console(), lambda: now[0])
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
    progress = LiveProgress(plain_console(), lambda: now[0], 10)
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


def test_the_live_part_ends_with_the_steps():
    progress = LiveProgress(plain_console(), lambda: 0.0)
    progress.handle(StepStarted(RUN_ID, 0, "actions", "CreateOrder", "http_call", AT))
    progress.handle(StepFinished(RUN_ID, CREATED))
    assert "waiting for the next action" in progress.render().plain
    progress.stop()


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [({"FORCE_COLOR": "1", "TERM": "xterm"}, True), ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False)],
)
def test_colour_follows_the_environment(variables, coloured):
    console = make_console(variables)
    with console.capture() as captured:
        console.print("x", style="red")
    assert ("\x1b[31m" in captured.get()) is coloured
