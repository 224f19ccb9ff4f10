"""Two runs side by side: what each step came to in both, and what is different."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from awsit.history.differences import Difference, differences
from awsit.history.noise import Steadier
from awsit.model import json
from awsit.model.result import AssertionResult, CleanupVerdict, RunResult, RunStatus, Status, StepResult

K = TypeVar("K")
T = TypeVar("T")

NOT_CARRIED_OUT = frozenset({Status.SKIPPED, Status.ERROR, Status.RUNNING})
MOST_DIFFERENCES = 200
"""Of one step. Two responses that have nothing in common are not worth more."""


@dataclass(frozen=True, slots=True)
class RunSide:
    """One of the two runs as a whole."""

    run_id: str
    scenario: str
    status: RunStatus
    cleanup: CleanupVerdict
    engine: str
    started_at: str
    duration_seconds: float
    fingerprint: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class StepSide:
    """A step in one of the runs. `error` is why it could not be carried out, or did not pass."""

    status: Status
    duration_seconds: float
    attempts: int
    error: str = ""


@dataclass(frozen=True, slots=True)
class CheckChange:
    """An assertion that came out differently; None where a run does not have it. The messages say why it failed."""

    name: str
    before: bool | None
    after: bool | None
    before_message: str = ""
    after_message: str = ""


@dataclass(frozen=True, slots=True)
class StepPair:
    """A step in both runs; None where a run does not have it."""

    phase: str
    name: str
    type: str
    before: StepSide | None
    after: StepSide | None
    checks: tuple[CheckChange, ...] = ()
    differences: tuple[Difference, ...] = ()

    @property
    def is_different(self) -> bool:
        """Whether anything is but how long it took and how often it was tried."""
        if self.before is None or self.after is None or self.before.status is not self.after.status:
            return True
        return bool(self.checks or self.differences)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs. `assertions` are the scenario's final ones that came out differently."""

    before: RunSide
    after: RunSide
    steps: tuple[StepPair, ...]
    assertions: tuple[CheckChange, ...]
    is_different: bool
    version: str = "awsit.comparison/1"


def compare(before: RunResult, after: RunResult, *, noise: bool = False) -> Comparison:
    """Compare two runs; with `noise` also what differs between any two, such as IDs and times."""
    steadiers = Steadier.of(before, noise=noise), Steadier.of(after, noise=noise)
    steps = tuple(_pair(one, other, steadiers) for one, other in _pairs(_steps(before), _steps(after), _step_key))
    assertions = tuple(_changed(before.assertions, after.assertions, steadiers))
    same = before.status is after.status and before.cleanup.verdict is after.cleanup.verdict
    different = not same or bool(assertions) or any(step.is_different for step in steps)
    return Comparison(_side(before), _side(after), steps, assertions, different)


def _pairs(before: Iterable[T], after: Iterable[T], key: Callable[[T], K]) -> list[tuple[T | None, T | None]]:
    """What has the same key, together, in the order of `before`; what only `after` has, behind what stood before it."""
    old, new = _keyed(before, key), _keyed(after, key)
    order, previous = list(old), -1
    for each in new:
        if each in old:
            previous = order.index(each)
        else:
            previous += 1
            order.insert(previous, each)
    return [(old.get(each), new.get(each)) for each in order]


def _keyed(items: Iterable[T], key: Callable[[T], K]) -> dict[tuple[K, int], T]:
    """The items by their keys; of several with one key, the number tells them apart."""
    seen: Counter[K] = Counter()
    found: dict[tuple[K, int], T] = {}
    for item in items:
        seen[key(item)] += 1
        found[key(item), seen[key(item)]] = item
    return found


def _steps(result: RunResult) -> tuple[StepResult, ...]:
    return *result.steps, *result.cleanup.steps


def _step_key(step: StepResult) -> tuple[str, str]:
    return step.phase, step.name


def _check_key(check: AssertionResult) -> tuple[str, str, str]:
    return check.name, check.path, check.operator


def _pair(one: StepResult | None, other: StepResult | None, steadiers: tuple[Steadier, Steadier]) -> StepPair:
    shown = other or one
    assert shown is not None
    checks: tuple[CheckChange, ...] = ()
    found: tuple[Difference, ...] = ()
    if one and other and not _cannot_be_compared(one, other):
        checks = tuple(_changed(one.assertions, other.assertions, steadiers))
    if one and other:
        found = tuple(_documents(one, other, steadiers))[:MOST_DIFFERENCES]
    return StepPair(shown.phase, shown.name, shown.type, _step_side(one), _step_side(other), checks, found)


def _cannot_be_compared(one: StepResult, other: StepResult) -> bool:
    """Whether one of them was not carried out, so that it has no assertions."""
    return any(step.status in NOT_CARRIED_OUT and not step.assertions for step in (one, other))


def _documents(one: StepResult, other: StepResult, steadiers: tuple[Steadier, Steadier]) -> Iterator[Difference]:
    """What is different in requests, responses and captured values that both have."""
    for name in ("request", "response", "captured"):
        before, after = getattr(one, name), getattr(other, name)
        if before and after:
            yield from differences(steadiers[0].steady(before), steadiers[1].steady(after), name)


def _changed(
    before: Sequence[AssertionResult], after: Sequence[AssertionResult], steadiers: tuple[Steadier, Steadier]
) -> Iterator[CheckChange]:
    for one, other in _pairs(before, after, _check_key):
        shown = other or one
        assert shown is not None
        messages = _message(one, steadiers[0]), _message(other, steadiers[1])
        if one is None or other is None or one.passed is not other.passed or messages[0] != messages[1]:
            name = shown.name or f"{shown.path} {shown.operator}".strip()
            yield CheckChange(name, _passed(one), _passed(other), *messages)


def _passed(check: AssertionResult | None) -> bool | None:
    return None if check is None else check.passed


def _message(check: AssertionResult | None, steadier: Steadier) -> str:
    """Why a check does not hold, without what differs in any two runs."""
    if check is None or check.passed:
        return ""
    got = json.dumps(check.actual) if check.actual_present else "nothing"
    message = check.message or f"expected {json.dumps(check.expected)}, got {got}"
    return str(steadier.steady(message))


def _step_side(step: StepResult | None) -> StepSide | None:
    if step is None:
        return None
    return StepSide(step.status, step.duration_seconds, len(step.attempts), step.error.message if step.error else "")


def _side(result: RunResult) -> RunSide:
    return RunSide(
        result.run_id,
        result.scenario,
        result.status,
        result.cleanup.verdict,
        result.engine,
        result.started_at,
        result.duration_seconds,
        result.fingerprint,
        result.error.message if result.error else "",
    )
