"""What comes of an assertion and of its parts, before it is a result for reports."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from msgspec import Struct

from awsit.model.result import AssertionResult

INFINITELY: Final = Decimal("Infinity")


class OperatorVerdict(Struct, frozen=True):
    """The verdict on one operator or combinator; `message` is empty when it holds.

    `unmet` counts the conditions that do not hold, one for each place of a document that does not match. `apart` is how
    far a number or moment is from the expected one, infinite for anything else. `undecided`:
    the document is not of the form that the assertion needs (no array for `any`, no JSON for `json_path`), so that
    neither the assertion nor its opposite holds.
    """

    operator: str
    message: str = ""
    diff: str = ""
    unmet: int = 1
    apart: int | Decimal = INFINITELY
    undecided: bool = False


class AssertionOutcome(Struct, frozen=True):
    """The result of an assertion, and what its verdicts say together; the other fields as there."""

    result: AssertionResult
    unmet: int = 0
    apart: int | Decimal = INFINITELY
    undecided: bool = False

    @property
    def size_of_diff(self) -> int:
        """Lines that the diff adds or removes."""
        return sum(line.startswith(("+", "-")) for line in self.result.diff.splitlines())
