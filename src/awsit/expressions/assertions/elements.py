"""`any`, `all` and `none`: an assertion held to each element of an array.

As everywhere in logic, `all` and `none` hold for an empty array, and `any` does not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Protocol

from msgspec import Struct

from awsit.expressions.assertions.verdict import AssertionOutcome, OperatorVerdict
from awsit.expressions.values import ABSENT, show, show_with_kind
from awsit.model.json import Json
from awsit.model.result import AssertionResult

MAX_SHOWN = 3
"""Elements that a message tells about."""
MAX_COMPARED = 20
"""Elements, as near to the assertion as each other, whose diffs are made to find the closest."""
COMPARED = 300
"""Characters of two values that are compared."""
SHOWN = 80
"""Characters that a message shows of an element."""


class Check(Protocol):
    """Holds the assertion to one element; diffs are made only where they are asked for."""

    def __call__(self, element: Json, *, diffs: bool) -> AssertionOutcome:
        """What came of it."""


def judge(name: str, actual: Json, path: str, check: Check, *, diffs: bool) -> OperatorVerdict:
    """The verdict of one quantifier on what its path selects, which may be ABSENT. Raises as `check` does.

    Without `diffs` it is only to be counted, not shown: the message is short.
    """
    if not isinstance(actual, list):
        there = "there is nothing at this path" if actual is ABSENT else f"is {show_with_kind(actual)}"
        return OperatorVerdict(name, f"{path} should be an array, as `{name}` needs one, but {there}", undecided=True)
    outcomes = []
    for element in actual:
        outcome = check(element, diffs=False)
        if name == "any" and outcome.result.passed:
            return OperatorVerdict(name)
        outcomes.append(outcome)
    return QUANTIFIERS[name](_Elements(path, actual, outcomes, check, diffs=diffs))


class _Elements(Struct, frozen=True):
    """The elements of the array at a path, and what came of the assertion for each, without diffs."""

    path: str
    values: Sequence[Json]
    outcomes: Sequence[AssertionOutcome]
    check: Check
    diffs: bool

    def those_that(self, *, fit: bool) -> list[int]:
        """The indexes of the elements that fit, or of those that do not."""
        return [index for index, outcome in enumerate(self.outcomes) if outcome.result.passed is fit]

    def explained(self, index: int) -> AssertionOutcome:
        """The outcome of one element as it is shown."""
        return self.check(self.values[index], diffs=True) if self.diffs else self.outcomes[index]

    def closest(self) -> tuple[int, AssertionOutcome]:
        """The element with the fewest unmet conditions; of several the nearest number, smallest diff, likest text."""
        distances = [(outcome.unmet, outcome.apart) for outcome in self.outcomes]
        least = min(distances)
        nearest = [index for index, distance in enumerate(distances) if distance == least]
        explained = {index: self.explained(index) for index in nearest[:MAX_COMPARED]}
        return min(explained.items(), key=lambda item: (item[1].size_of_diff, -_likeness(item[1].result), item[0]))

    def count(self, indexes: Sequence[int], word: str = "") -> str:
        """How many of the elements do, or do not: `2 of 5 do not`."""
        verb = "does" if len(indexes) == 1 else "do"
        return f"{len(indexes)} of {len(self.values)} {verb} {word}".rstrip()


def _any(elements: _Elements) -> OperatorVerdict:
    path, number = elements.path, len(elements.values)
    if not number:
        return OperatorVerdict("any", f"{path} should have an element that fits, but is empty")
    index, closest = elements.closest()
    count = "its only one does not" if number == 1 else f"none of its {number} does"
    nearly = f"the closest is [{index}]: {closest.result.message}"
    message = f"{path} should have an element that fits, but {count}; {nearly}"
    undecided = any(outcome.undecided for outcome in elements.outcomes)
    return OperatorVerdict("any", message, closest.result.diff, closest.unmet, closest.apart, undecided)


def _all(elements: _Elements) -> OperatorVerdict:
    misfits = elements.those_that(fit=False)
    if not misfits:
        return OperatorVerdict("all")
    shown = [(index, elements.explained(index)) for index in misfits[:MAX_SHOWN]]
    reasons = [f"[{index}]: {outcome.result.message}" for index, outcome in shown]
    count = elements.count(misfits, "not")
    message = f"all elements of {elements.path} should fit, but {count}: {_listed(reasons, len(misfits))}"
    unmet = sum(elements.outcomes[index].unmet for index in misfits)
    undecided = any(elements.outcomes[index].undecided for index in misfits)
    return OperatorVerdict("all", message, shown[0][1].result.diff, unmet, undecided=undecided)


def _none(elements: _Elements) -> OperatorVerdict:
    fitting = elements.those_that(fit=True)
    if fitting:
        reasons = [f"[{index}] is {show(elements.values[index], SHOWN)}" for index in fitting[:MAX_SHOWN]]
        count = elements.count(fitting)
        message = f"no element of {elements.path} should fit, but {count}: {_listed(reasons, len(fitting))}"
        return OperatorVerdict("none", message, unmet=len(fitting))
    unclear = [index for index, outcome in enumerate(elements.outcomes) if outcome.undecided]
    if not unclear:
        return OperatorVerdict("none")
    reason = elements.outcomes[unclear[0]].result.message
    message = f"no element of {elements.path} should fit, but of [{unclear[0]}] it cannot be told: {reason}"
    return OperatorVerdict("none", message, unmet=len(unclear), undecided=True)


QUANTIFIERS: Final[Mapping[str, Callable[[_Elements], OperatorVerdict]]] = {"any": _any, "all": _all, "none": _none}


def _likeness(result: AssertionResult) -> float:
    """How much the beginnings of expected and actual value look alike, from 0 to 1."""
    expected, actual = show(result.expected, COMPARED), show(result.actual, COMPARED)
    from difflib import SequenceMatcher  # slow to import, and needed for what failed only

    return SequenceMatcher(None, expected, actual).ratio()


def _listed(reasons: Sequence[str], count: int) -> str:
    more = [f"and {count - len(reasons)} more"] if count > len(reasons) else []
    return "; ".join([*reasons, *more])
