"""Iterations that start at their times."""

from __future__ import annotations

import threading
from threading import Event

import pytest

from awsit.cli.running.load.open_loop import LATEST_SECONDS, PATIENCE_SECONDS, OpenLoop
from awsit.system.clock import FakeClock


class Trial:
    """A loop whose iterations last until `end` is set; `stalls` are seconds that this machine loses at a time."""

    def __init__(self, most: int = 100) -> None:
        self.clock = FakeClock()
        self.end = Event()
        self.started: list[tuple[float, float]] = []
        self.dropped: list[float] = []
        self.late: list[float] = []
        self.stalls: dict[float, float] = {}
        self.at_look = lambda: None
        self.loop = OpenLoop(self.clock, most, self._iterate, self._drop, self._look)

    def _iterate(self, number: int, at: float) -> None:
        self.started.append((at, self.loop.elapsed))
        self.end.wait(10)

    def _drop(self, at: float, is_late: bool) -> None:
        self.dropped.append(at)
        self.late += [at] if is_late else []

    def finish(self) -> None:
        """Let all iterations end, and wait for that."""
        self.end.set()
        for thread in threading.enumerate():
            if thread.name.startswith("awsit-load-"):
                thread.join()

    def _look(self) -> None:
        for at in [each for each in self.stalls if each <= self.loop.elapsed]:
            self.clock.sleep(self.stalls.pop(at))
        self.at_look()


def test_a_start_waits_for_no_other() -> None:
    trial = Trial()
    trial.at_look = lambda: trial.finish() if trial.loop.elapsed > 3 else None
    trial.loop.run([0, 1, 2, 3])
    assert sorted(at for at, _ in trial.started) == [0, 1, 2, 3]
    assert trial.loop.under_way == 0


def test_what_comes_while_too_many_go_on_is_dropped() -> None:
    trial = Trial(most=2)
    trial.at_look = lambda: trial.finish() if trial.loop.elapsed > 3 else None
    trial.loop.run([0, 1, 2, 3])
    assert sorted(at for at, _ in trial.started) == [0, 1]
    assert (trial.dropped, trial.late) == ([2, 3], [])


def test_what_this_machine_is_too_late_for_is_dropped() -> None:
    trial = Trial()
    trial.end.set()
    trial.stalls = {1: 3 * LATEST_SECONDS}
    trial.loop.run([0, 1, 1.5, 2.9, 3.5, 6])
    assert trial.dropped == trial.late == [1, 1.5, 2.9]
    assert sorted(at for at, _ in trial.started) == [0, 3.5, 6]


def test_after_an_interruption_none_is_started() -> None:
    trial = Trial()

    def interrupt() -> None:
        if trial.loop.elapsed > 1.5 and not trial.loop.is_interrupted:
            trial.loop.interrupt()
            trial.finish()

    trial.at_look = interrupt
    trial.loop.run([0, 1, 2, 3])
    assert sorted(at for at, _ in trial.started) == [0, 1]
    assert trial.dropped == []
    assert trial.loop.interrupted_at is not None
    assert 1.5 < trial.loop.interrupted_at < 2


def test_interrupted_ones_that_do_not_end_are_left() -> None:
    trial = Trial()
    trial.at_look = lambda: None if trial.loop.is_interrupted else trial.loop.interrupt()
    with pytest.raises(KeyboardInterrupt):
        trial.loop.run([0, 1])
    assert trial.loop.elapsed > PATIENCE_SECONDS
    trial.finish()
