"""What is measured of a load while it goes on. Its memory grows with actions and kinds of errors, not with time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from math import ceil
from threading import Lock

from msgspec import Struct, field

from awsit.load.result import ActionLoad, Iterations, LoadError, LoadInterval, LoadRate
from awsit.load.times import Times
from awsit.model.plan import Phase, action_of
from awsit.model.result import CleanupVerdict, LeftBehind, RunResult, RunStatus, Status, StepResult
from awsit.records import replace

MOST_INTERVALS = 120
"""Intervals that a chart shows; those of a longer load are longer than a second."""
MOST_ERRORS = 20
"""Reasons of failures that are told apart; what fails for yet another one is counted as `OTHER`."""
MOST_ALIKE = 5
"""Reasons that differ in a number of three digits only. Where there are more, that is no status but varies."""
MOST_LEFT = 20
"""Things left behind that are listed; the journals have all of them."""
OTHER = "other"
_WORD = re.compile(r"[\w.-]+")
_STATUS_DIGITS = 3
_STATUS = re.compile(rf"\b\d{{{_STATUS_DIGITS}}}\b")
_ROUGH = 100
"""Centroids of an interval's times: a chart needs no more."""

_Kind = tuple[str, str, str]
"""An action's name, an error's code, and its message without what varies."""

Why = Callable[[RunResult], tuple[str, str, str]]
"""Finds why an iteration failed: the action's name, the error's code, and its message."""


class _Action(Struct):
    type: str
    failed: int = 0
    times: Times = field(default_factory=Times)


class _Interval(Struct):
    started: int = 0
    failed: int = 0
    cancelled: int = 0
    dropped: int = 0
    times: Times = field(default_factory=lambda: Times(_ROUGH))


class Recorder:
    """The counts and times of one load. Threads may share it. `at` is always when an iteration was to start."""

    def __init__(self, load: LoadRate, why: Why) -> None:
        self._lock = Lock()
        self._why = why
        self._actions: dict[str, _Action] = {}
        self._errors: dict[_Kind, LoadError] = {}
        self._varying: set[_Kind] = set()  # kinds in whose messages a number of three digits varies
        self._intervals: dict[int, _Interval] = {}
        self.interval_seconds = float(max(1, ceil(load.seconds / MOST_INTERVALS)))
        self._counts: Counter[str] = Counter()
        self.times, self.start_delays = Times(), Times()
        self.left_behind: list[LeftBehind] = []

    @property
    def iterations(self) -> Iterations:
        """What became of the iterations so far."""
        with self._lock:
            return Iterations(**self._counts)

    def started(self, at: float, delay: float) -> None:
        """One was started, so many seconds late."""
        with self._lock:
            self._counts.update(("scheduled", "started"))
            self._interval(at).started += 1
            self.start_delays.add(delay)

    def dropped(self, at: float, *, is_late: bool) -> None:
        """One could not be started: this machine was late, or else too many went on."""
        with self._lock:
            self._counts.update(("scheduled", "dropped", *(("too_late",) if is_late else ())))
            self._interval(at).dropped += 1

    def ended(self, at: float, seconds: float, result: RunResult, seed: str = "") -> bool:
        """One is over, whose last action ended so many seconds after `at`. Whether its report is worth to be kept.

        Its fake data were drawn from `seed`.
        """
        with self._lock:
            left = result.cleanup.left_behind
            is_left = result.cleanup.verdict is CleanupVerdict.LEFT_BEHIND
            is_to_keep = is_left and len(self.left_behind) < MOST_LEFT
            self.left_behind += left[: MOST_LEFT - len(self.left_behind)]
            self._counts["left_behind"] += is_left
            if result.status is RunStatus.CANCELLED:
                self._counts["cancelled"] += 1
                self._interval(at).cancelled += 1
                return is_to_keep
            self._add_times(at, seconds, result)
            if result.status is RunStatus.PASSED:
                self._counts["passed"] += 1
                return is_to_keep
            self._counts["failed"] += 1
            self._interval(at).failed += 1
            return self._add_error(result, seed) or is_to_keep

    def actions(self) -> tuple[ActionLoad, ...]:
        """The actions, in the order in which they were first carried out."""
        with self._lock:
            return tuple(
                ActionLoad(name, each.type, each.failed, each.times.summary()) for name, each in self._actions.items()
            )

    def errors(self) -> tuple[LoadError, ...]:
        """The reasons of failures, the most frequent first."""
        with self._lock:
            return tuple(sorted(self._errors.values(), key=lambda each: -each.count))

    def intervals(self) -> tuple[LoadInterval, ...]:
        """What was to start, interval by interval."""
        with self._lock:
            return tuple(
                LoadInterval(
                    number * self.interval_seconds,
                    each.started,
                    each.failed,
                    each.dropped,
                    each.times.percentile(0.5),
                    each.times.percentile(0.95),
                    each.cancelled,
                )
                for number, each in sorted(self._intervals.items())
            )

    def _interval(self, at: float) -> _Interval:
        return self._intervals.setdefault(int(at / self.interval_seconds), _Interval())

    def _add_times(self, at: float, seconds: float, result: RunResult) -> None:
        self.times.add(seconds)
        self._interval(at).times.add(seconds)
        for step in result.steps:
            if step.status is not Status.SKIPPED and not Phase(step.phase).is_follow_up:
                self._add_action(step)

    def _add_action(self, step: StepResult) -> None:
        action = self._actions.setdefault(action_of(step.name), _Action(step.type))
        action.times.add(step.duration_seconds)
        action.failed += step.status is not Status.PASSED

    def _add_error(self, result: RunResult, seed: str) -> bool:
        """Whether it is the first one with this reason."""
        action, code, message = self._why(result)
        kind = self._kind((action, code, _WORD.sub(_fixed, message)))
        if kind not in self._errors and len(self._errors) >= MOST_ERRORS:
            kind = action, code, message = ("", OTHER, f"more than {MOST_ERRORS} different reasons")
        before = self._errors.get(kind, LoadError(action, code, message, 0, result.run_id, seed))
        self._errors[kind] = replace(before, count=before.count + 1)
        return before.count == 0

    def _kind(self, kind: _Kind) -> _Kind:
        """The kind as which a failure is counted: without its statuses where too many tell its like apart."""
        alike = _without_statuses(kind)
        if alike in self._varying:
            return alike
        if kind in self._errors:
            return kind
        same = [each for each in self._errors if _without_statuses(each) == alike]
        if len(same) < MOST_ALIKE:
            return kind
        merged = [self._errors.pop(each) for each in same]
        self._errors[alike] = replace(merged[0], count=sum(each.count for each in merged))
        self._varying.add(alike)
        return alike


def _without_statuses(kind: _Kind) -> _Kind:
    action, code, message = kind
    return action, code, _STATUS.sub("", message)


def _fixed(word: re.Match[str]) -> str:
    """A word of a message, or nothing for one that differs from one failure to the next, as IDs and times do."""
    text = word[0].strip(".-")
    is_status = len(text) == _STATUS_DIGITS and text.isdigit()
    return text if is_status or not any(map(str.isdigit, text)) else ""
