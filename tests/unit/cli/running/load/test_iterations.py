"""The iterations of a load, and why they fail."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event as Signal
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest

from awsit.cli.running.load.iterations import LoadIterations, why
from awsit.load.recorder import Recorder
from awsit.load.result import LoadRate
from awsit.model.events import Event, RunFinished
from awsit.model.result import AssertionResult, ErrorInfo, RunResult, RunStatus, Status, StepResult
from awsit.model.run import RunRequest, StartedRun

CHECK = AssertionResult(False, "equals", "$.status", expected=200, actual=500)


def step(phase: str = "actions", name: str = "Create", error: ErrorInfo | None = None) -> StepResult:
    status = Status.ERROR if error else Status.FAILED
    return StepResult(0, phase, name, "http_call", status, assertions=() if error else (CHECK,), error=error)


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        ((RunStatus.FAILED, (step(),), None), ("Create", "assertion", "$.status equals: expected 200, got 500")),
        (
            (RunStatus.ERROR, (step(error=ErrorInfo("timeout", "no answer in 1 s")),), None),
            ("Create", "timeout", "no answer in 1 s"),
        ),
        ((RunStatus.TIMED_OUT, (), ErrorInfo("timed_out", "took too long")), ("", "timed_out", "took too long")),
        ((RunStatus.FAILED, (step("cleanup", "Delete"), step(name="Read")), None), ("Read", "assertion", None)),
    ],
)
def test_the_first_action_that_did_not_pass_is_the_reason(
    result: tuple[RunStatus, tuple[StepResult, ...], ErrorInfo | None], reason: tuple[str, str, str | None]
) -> None:
    status, steps, error = result
    found = why(RunResult("run-1", "s", status, "local", "", "", 0, steps=steps, error=error))
    assert found[:2] == reason[:2]
    assert reason[2] in {None, found[2]}


class Engine:
    """Its one run ends while it is interrupted."""

    def __init__(self) -> None:
        self.begun, self.ends, self.released = Signal(), Signal(), Signal()
        self.was_released_meanwhile = False

    def start(self, request: RunRequest) -> StartedRun:
        return StartedRun(request.run_id, "", request)

    def follow(self, run: StartedRun, emit: Callable[[Event], None]) -> None:
        self.begun.set()
        self.ends.wait(10)
        emit(RunFinished(run.run_id, RunResult(run.run_id, "s", RunStatus.PASSED, "local", "", "", 0)))

    def interrupt(self) -> bool:
        self.ends.set()
        self.was_released_meanwhile = self.released.wait(0.1)
        return True

    def release(self, run_id: str) -> None:
        self.released.set()


def test_no_run_is_released_while_the_engine_interrupts_those_that_it_has_found(tmp_path: Path) -> None:
    engine: Any = Engine()
    session: Any = SimpleNamespace(wiring=SimpleNamespace(run_id=lambda: "run-1"))
    settings: Any = SimpleNamespace(state_folder=tmp_path)
    recorder = Recorder(LoadRate(1, 1), why)
    iterations = LoadIterations(session, settings, engine, [RunRequest("", "s", {})], recorder)
    thread = Thread(target=iterations.carry_out, args=(0, 0.0, lambda: 0.0))
    thread.start()
    assert engine.begun.wait(10)
    assert iterations.interrupt()
    thread.join()
    assert not engine.was_released_meanwhile
    assert engine.released.is_set()
    assert recorder.iterations.passed == 1
