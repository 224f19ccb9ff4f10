"""What a person reads of a run."""

import re

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

from awsit.model.events import RunFinished, RunStarted, StepAttempted, StepFinished
from awsit.model.result import Attempt, CleanupResult, ErrorInfo, RunStatus, Status
from awsit.records import replace
from awsit.reporting.terminal.console import ConsoleReporter

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


@pytest.mark.parametrize(
    ("status", "message", "shown"),
    [(Status.FAILED, "$.count is 0", "not yet: $.count is 0"), (Status.PASSED, "", "it holds so far")],
)
def test_what_is_looked_at_again_says_what_the_first_look_came_to(status, message, shown):
    console = plain_console()
    with ConsoleReporter(console) as reporter:
        reporter.handle(RunStarted(RUN_ID, "x", "local", AT, 1))
        look = Attempt(1, AT, 0.1, status, message, 1.0)
        reporter.handle(StepAttempted(RUN_ID, 0, "actions", "OnlyOnce", look))
    assert re.search(rf"» OnlyOnce +{re.escape(shown)}$", text_of(console), re.MULTILINE)


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
