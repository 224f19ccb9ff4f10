"""The comparison of two runs: how each step ended in both, and the differences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias, TypeVar

from msgspec import Struct

from awsit.history.differences import Difference, differences
from awsit.history.noise import Normalizer
from awsit.model import json
from awsit.model.result import AssertionResult, CleanupVerdict, RunResult, RunStatus, Status, StepResult

K = TypeVar("K")
T = TypeVar("T")
Normalizers: TypeAlias = tuple[Normalizer, Normalizer]
"""For the documents of the run before, and of the run after."""

NOT_CARRIED_OUT = frozenset({Status.SKIPPED, Status.ERROR, Status.RUNNING})
"""Statuses of steps that may have no assertions, since they did not get that far."""

MOST_DIFFERENCES = 200
"""Differences of one step; two responses that have nothing in common are not worth more."""


class RunSide(Struct, frozen=True):
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


class StepSide(Struct, frozen=True):
    """A step in one of the runs. `error` says why it did not pass, empty if it did."""

    status: Status
    duration_seconds: float
    attempts: int
    error: str = ""


class CheckChange(Struct, frozen=True):
    """An assertion whose outcome differs: whether it held before and after, None for a run that does not have it.

    The messages say why it failed.
    """

    name: str
    before: bool | None
    after: bool | None
    before_message: str = ""
    after_message: str = ""


class StepPair(Struct, frozen=True):
    """A step of both runs; `before` or `after` is None where that run does not have it."""

    phase: str
    name: str
    type: str
    before: StepSide | None
    after: StepSide | None
    checks: tuple[CheckChange, ...] = ()
    differences: tuple[Difference, ...] = ()

    @property
    def is_different(self) -> bool:
        """Whether status, assertions or documents differ. Time and number of attempts do not count."""
        if self.before is None or self.after is None or self.before.status is not self.after.status:
            return True
        return bool(self.checks or self.differences)


class Comparison(Struct, frozen=True):
    """Two runs, step by step. `assertions` are the scenario's final assertions whose outcome differs."""

    before: RunSide
    after: RunSide
    steps: tuple[StepPair, ...]
    assertions: tuple[CheckChange, ...]
    is_different: bool
    version: str = "awsit.comparison/1"


def compare(before: RunResult, after: RunResult, *, noise: bool = False) -> Comparison:
    """Compare two runs. With `noise`, also what differs between any two runs, such as IDs and times."""
    normalizers = Normalizer.of(before, noise=noise), Normalizer.of(after, noise=noise)
    steps = tuple(_step_pair(*pair, normalizers) for pair in _pairs(_steps(before), _steps(after), _step_key))
    assertions = tuple(_changes(before.assertions, after.assertions, normalizers))
    same = before.status is after.status and before.cleanup.verdict is after.cleanup.verdict
    different = not same or bool(assertions) or any(step.is_different for step in steps)
    return Comparison(_side(before), _side(after), steps, assertions, different)


def _pairs(before: Iterable[T], after: Iterable[T], key: Callable[[T], K]) -> list[tuple[T, T | None, T | None]]:
    """The items of both with the same key, in the order of `before`: either of them, the old one, and the new one.

    An item that only `after` has stands behind the pair of the item that it follows there.
    """
    old, new = _keyed(before, key), _keyed(after, key)
    order, previous = list(old), -1
    for each in new:
        if each in old:
            previous = order.index(each)
        else:
            previous += 1
            order.insert(previous, each)
    either = old | new
    return [(either[each], old.get(each), new.get(each)) for each in order]


def _keyed(items: Iterable[T], key: Callable[[T], K]) -> dict[tuple[K, int], T]:
    """The items by key, and by number among those of the same key."""
    numbers: Counter[K] = Counter()
    keyed: dict[tuple[K, int], T] = {}
    for item in items:
        numbers[key(item)] += 1
        keyed[key(item), numbers[key(item)]] = item
    return keyed


def _steps(result: RunResult) -> tuple[StepResult, ...]:
    return *result.steps, *result.cleanup.steps


def _step_key(step: StepResult) -> tuple[str, str]:
    return step.phase, step.name


def _check_key(check: AssertionResult) -> tuple[str, str, str]:
    return check.name, check.path, check.operator


def _step_pair(
    either: StepResult, before: StepResult | None, after: StepResult | None, normalizers: Normalizers
) -> StepPair:
    checks: tuple[CheckChange, ...] = ()
    different: tuple[Difference, ...] = ()
    if before and after:
        different = tuple(_document_differences(before, after, normalizers))[:MOST_DIFFERENCES]
        if not _lacks_assertions(before, after):
            checks = tuple(_changes(before.assertions, after.assertions, normalizers))
    return StepPair(either.phase, either.name, either.type, _step_side(before), _step_side(after), checks, different)


def _lacks_assertions(*steps: StepResult) -> bool:
    """Whether one of the steps did not get as far as its assertions."""
    return any(step.status in NOT_CARRIED_OUT and not step.assertions for step in steps)


def _document_differences(before: StepResult, after: StepResult, normalizers: Normalizers) -> Iterator[Difference]:
    """The differences of the requests, responses and captured values that both steps have."""
    documents = (
        ("request", before.request, after.request),
        ("response", before.response, after.response),
        ("captured", before.captured, after.captured),
    )
    for name, old, new in documents:
        if old and new:
            yield from differences(normalizers[0].normalize(old), normalizers[1].normalize(new), name)


def _changes(
    before: Sequence[AssertionResult], after: Sequence[AssertionResult], normalizers: Normalizers
) -> Iterator[CheckChange]:
    for either, old, new in _pairs(before, after, _check_key):
        messages = _message(old, normalizers[0]), _message(new, normalizers[1])
        if _passed(old) is not _passed(new) or messages[0] != messages[1]:
            name = either.name or f"{either.path} {either.operator}".strip()
            yield CheckChange(name, _passed(old), _passed(new), *messages)


def _passed(check: AssertionResult | None) -> bool | None:
    return None if check is None else check.passed


def _message(check: AssertionResult | None, normalizer: Normalizer) -> str:
    """Why the assertion failed, normalized; empty if it did not."""
    if check is None or check.passed:
        return ""
    got = json.dumps(check.actual) if check.actual_present else "nothing"
    message = check.message or f"expected {json.dumps(check.expected)}, got {got}"
    return str(normalizer.normalize(message))


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
