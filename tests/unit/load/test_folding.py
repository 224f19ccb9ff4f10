"""What the report of an iteration in the account adds to a load."""

from __future__ import annotations

from typing import Any

import pytest

from awsit.load.folding import PlannedStart, fold
from awsit.load.recorder import Recorder
from awsit.load.result import Iterations, LoadRate
from awsit.model.result import ErrorInfo, RunResult, RunStatus, Status, StepResult
from awsit.model.run import TOO_LATE
from awsit.system.clock import iso_of

BEGINS = 1_900_000_000.0
LATE = ErrorInfo(TOO_LATE, "it would have been 3 s late")


def step(name: str, at: float, seconds: float, phase: str = "actions", status: Status = Status.PASSED) -> StepResult:
    started_at = iso_of(BEGINS + at) if status is not Status.SKIPPED else ""
    return StepResult(0, phase, name, "http_call", status, started_at=started_at, duration_seconds=seconds)


def result(*steps: StepResult, status: RunStatus = RunStatus.PASSED, **more: Any) -> RunResult:
    """A run that the account prepared one second after the load began, and that ended at its tenth."""
    times = (iso_of(BEGINS + 1), iso_of(BEGINS + 10))
    return RunResult("run-1", "order", status, "stepfunctions", *times, 9.0, steps=steps, **more)


def folded(*results: RunResult, is_cut_off: bool = False) -> Recorder:
    recorder = Recorder(LoadRate(1, 10), lambda _: ("Create", "assertion", "no"))
    for each in results:
        fold(recorder, PlannedStart(2, BEGINS + 2, "7:3"), each, is_cut_off=is_cut_off)
    return recorder


def test_the_time_is_from_the_moment_of_its_start_to_the_end_of_its_last_action() -> None:
    ended = result(step("Create", 2.5, 1), step("Read", 3.5, 0.25), step("Delete", 4, 5, "cleanup"))
    recorder = folded(ended)

    assert recorder.times.summary().max_ms == 1750
    assert recorder.start_delays.summary().max_ms == 500
    assert [(each.name, each.times.max_ms) for each in recorder.actions()] == [("Create", 1000), ("Read", 250)]
    assert [(each.at, each.started) for each in recorder.intervals()] == [(2, 1)]


def test_what_began_a_little_early_by_another_clock_is_not_late() -> None:
    assert folded(result(step("Create", 1.99, 0.5))).start_delays.summary().max_ms == 0


@pytest.mark.parametrize(
    ("given", "is_cut_off", "counts"),
    [
        (result(status=RunStatus.ERROR, error=LATE), False, Iterations(scheduled=1, dropped=1, too_late=1)),
        (result(status=RunStatus.SKIPPED), False, Iterations(scheduled=1, dropped=1)),
        (result(status=RunStatus.SKIPPED), True, Iterations()),
        (result(status=RunStatus.CANCELLED), True, Iterations()),
        (result(step("Create", 2, 0, status=Status.SKIPPED), status=RunStatus.CANCELLED), True, Iterations()),
        (
            result(step("Create", 2, 1), status=RunStatus.CANCELLED),
            True,
            Iterations(scheduled=1, started=1, cancelled=1),
        ),
        (result(step("Create", 2, 1), status=RunStatus.FAILED), False, Iterations(scheduled=1, started=1, failed=1)),
        (
            result(status=RunStatus.ERROR, error=ErrorInfo("platform", "cut off")),
            False,
            Iterations(scheduled=1, started=1, failed=1),
        ),
    ],
)
def test_every_iteration_is_counted_as_what_became_of_it(
    given: RunResult, is_cut_off: bool, counts: Iterations
) -> None:
    assert folded(given, is_cut_off=is_cut_off).iterations == counts


def test_the_first_failure_of_a_kind_says_from_what_its_data_were_made() -> None:
    (error,) = folded(result(step("Create", 2, 1), status=RunStatus.FAILED)).errors()
    assert (error.run_id, error.seed) == ("run-1", "7:3")


def test_one_without_any_action_took_until_its_end() -> None:
    assert folded(result(status=RunStatus.ERROR)).times.summary().max_ms == 8000
