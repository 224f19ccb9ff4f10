"""The operators of assertions: what each one asks for, when it holds, and which operands it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import islice
from typing import Final

from msgspec import Struct

from awsit.errors import Problem
from awsit.expressions import regex
from awsit.expressions.assertions import comparison, matchers, operands
from awsit.expressions.assertions.matchers import Rules
from awsit.expressions.values import ABSENT, is_number, is_of_type, kind, show, show_with_kind
from awsit.model.json import Json

MAX_REASONS = 5


class AssertionOptions(Struct, frozen=True):
    """What stands beside the operators of an assertion, and for messages its path; `present`: it selects something."""

    path: str = "$"
    present: bool = True
    strict: bool = False
    any_order: bool = False
    tolerance_seconds: int | Decimal | None = None

    @property
    def rules(self) -> Rules:
        """The options that `matches` takes."""
        return Rules(self.strict, self.any_order)


class Option(Struct, frozen=True):
    """A key that may stand beside operators. `needs` continues a sentence about what it takes."""

    takes: Callable[[Json], bool]
    needs: str


_SWITCH: Final = Option(lambda value: isinstance(value, bool), "true or false")
OPTIONS: Final[Mapping[str, Option]] = {
    "strict": _SWITCH,
    "any_order": _SWITCH,
    "tolerance_seconds": Option(lambda value: is_number(value) and value >= 0, "a number of seconds, 0 or more"),
}

Holds = Callable[[Json, Json, AssertionOptions], bool]
Shown = Callable[[Json, Json, AssertionOptions], str]
Check = Callable[["Operator", Json, Json, AssertionOptions], str]
"""Of the expected and the actual value: an empty text when the operator holds, else why not, as sentences."""


class Operator(Struct, frozen=True):
    """One operator.

    `asks` continues a sentence that begins with the path; `{}` is the expected value. For the operand `false`,
    `asks_instead` is taken if there is one. `options` names the keys that may stand beside it. `takes_absent`: it
    decides itself about a path that selects nothing. `of_numbers`: it may stand in a `length`. `diff_with` gives the
    document that a diff compares with the actual one; an operator without it gets no diff. `reasons` are those for
    which it does not hold, where there can be several.
    """

    asks: str
    check: Check
    problems: Callable[[Json, str], Iterator[Problem]]
    options: frozenset[str] = frozenset()
    asks_instead: str = ""
    takes_absent: bool = False
    of_numbers: bool = False
    diff_with: Callable[[Json, Json, AssertionOptions], Json] | None = None
    reasons: Callable[[Json, Json, AssertionOptions], Iterator[str]] | None = None

    def verdict(self, expected: Json, actual: Json, options: AssertionOptions) -> str:
        """Empty when it holds, else why not. Raises ExpressionError when it cannot be decided."""
        if actual is ABSENT and not self.takes_absent:
            return f"{self.sentence(expected, options.path)}, but there is nothing at this path"
        return self.check(self, expected, actual, options)

    def count_unmet(self, expected: Json, actual: Json, options: AssertionOptions) -> int:
        """How many conditions do not hold, of an operator that does not; at least 1."""
        if self.reasons is None or (actual is ABSENT and not self.takes_absent):
            return 1
        return sum(1 for _ in self.reasons(expected, actual, options))

    def sentence(self, expected: Json, path: str) -> str:
        """What is asked for, with the expected value."""
        asks = self.asks_instead if expected is False and self.asks_instead else self.asks
        return f"{path} {asks.replace('{}', show(expected))}"

    def difference(self, expected: Json, actual: Json, options: AssertionOptions) -> tuple[Json, Json] | None:
        """The two documents that a diff should compare; None when a diff would not help."""
        if self.diff_with is None or kind(expected) != kind(actual):
            return None
        return self.diff_with(expected, actual, options), actual


def _show_actual(_: Json, actual: Json, __: AssertionOptions) -> str:
    return show(actual)


def _show_with_type(_: Json, actual: Json, __: AssertionOptions) -> str:
    return f"{show(actual)} of type {kind(actual)}"


def _show_what_differs(expected: Json, actual: Json, options: AssertionOptions) -> str:
    if options.tolerance_seconds is not None:
        apart = comparison.apart_in_seconds(expected, actual)
        return show(actual) if apart is not None else f"{show(actual)}, and only moments and numbers may be apart"
    if comparison.is_in_other_form(expected, actual):
        return f"{show(actual)}: {comparison.OTHER_FORM}"
    return show(actual) if kind(expected) == kind(actual) else f"{show(actual)} ({kind(actual)}, not {kind(expected)})"


def _simple(holds: Holds, shown: Shown = _show_actual) -> Check:
    """The check of an operator that holds or does not; when it does not, `shown` is what there is instead."""

    def check(operator: Operator, expected: Json, actual: Json, options: AssertionOptions) -> str:
        if holds(expected, actual, options):
            return ""
        return f"{operator.sentence(expected, options.path)}, but is {shown(expected, actual, options)}"

    return check


def _ordering(words: str, holds: Callable[[int | Decimal, int | Decimal], bool]) -> Operator:
    """An operator that puts in order; `holds` gets `actual - expected` and the tolerance."""

    def check(operator: Operator, expected: Json, actual: Json, options: AssertionOptions) -> str:
        tolerance = options.tolerance_seconds
        compare = comparison.order if tolerance is None else comparison.apart_in_seconds
        apart = compare(expected, actual)
        if apart is not None and holds(apart, tolerance or 0):
            return ""
        sentence = operator.sentence(expected, options.path)
        if apart is None:
            return f"{sentence}, but {show_with_kind(actual)} cannot be compared with it"
        return f"{sentence}, but is {show(actual)}"

    return Operator(f"should be {words} {{}}", check, operands.comparable, _TOLERANT, of_numbers=True)


def _equal(expected: Json, actual: Json, options: AssertionOptions) -> bool:
    tolerance = options.tolerance_seconds
    return comparison.equal(expected, actual, any_order=options.any_order, tolerance=tolerance)


def _one_of(expected: Json, actual: Json, _: AssertionOptions) -> bool:
    return isinstance(expected, list) and comparison.has_item(expected, actual)


def _matches_regex(expected: Json, actual: Json, _: AssertionOptions) -> bool:
    return isinstance(actual, str) and isinstance(expected, str) and regex.found_in(expected, actual)


def _is_of_type(expected: Json, actual: Json, _: AssertionOptions) -> bool:
    return any(is_of_type(actual, name) for name in (expected if isinstance(expected, list) else [expected]))


def _check_exists(operator: Operator, expected: Json, actual: Json, options: AssertionOptions) -> str:
    if options.present == (expected is True):
        return ""
    there = f"is {show(actual)}" if options.present else "there is nothing at this path"
    return f"{operator.sentence(expected, options.path)}, but {there}"


def _mismatches(expected: Json, actual: Json, options: AssertionOptions) -> Iterator[str]:
    return matchers.mismatches(expected, actual, options.path, options.rules)


def _schema_errors(expected: Json, actual: Json, options: AssertionOptions) -> Iterator[str]:
    from awsit.expressions.assertions.json_schema import validator  # few assertions have a schema

    return validator.errors(expected, actual, options.path)


def _check_reasons(operator: Operator, expected: Json, actual: Json, options: AssertionOptions) -> str:
    assert operator.reasons is not None
    first = list(islice(operator.reasons(expected, actual, options), MAX_REASONS + 1))
    more = ["and more"] if len(first) > MAX_REASONS else []
    return "; ".join(first[:MAX_REASONS] + more)


def _check_length(operator: Operator, expected: Json, actual: Json, options: AssertionOptions) -> str:
    if kind(actual) not in {"string", "array", "object"}:
        return f"{operator.sentence(expected, options.path)}, but {show_with_kind(actual)} has none"
    if isinstance(expected, Mapping):
        of_length = AssertionOptions(f"the length of {options.path}")
        verdicts = (OPERATORS[name].verdict(operand, len(actual), of_length) for name, operand in expected.items())
        return next(filter(None, verdicts), "")
    if comparison.equal(expected, len(actual)):
        return ""
    return f"{operator.sentence(expected, options.path)}, but has {len(actual)}"


def _length_problems(operand: Json, path: str) -> Iterator[Problem]:
    return operands.length(operand, path, [name for name, operator in OPERATORS.items() if operator.of_numbers])


_TOLERANT: Final = frozenset({"tolerance_seconds"})
_EQUALITY: Final = frozenset({"any_order", "tolerance_seconds"})

OPERATORS: Final[Mapping[str, Operator]] = {
    "equals": Operator(
        "should equal {}",
        _simple(_equal, _show_what_differs),
        operands.anything,
        _EQUALITY,
        of_numbers=True,
        diff_with=lambda expected, _, __: expected,
    ),
    "not_equals": Operator(
        "should not equal {}",
        _simple(lambda expected, actual, options: not _equal(expected, actual, options)),
        operands.anything,
        _EQUALITY,
        of_numbers=True,
    ),
    "contains": Operator(
        "should contain {}",
        _simple(lambda expected, actual, _: comparison.contains(actual, expected)),
        operands.anything,
    ),
    "not_contains": Operator(
        "should not contain {}",
        _simple(lambda expected, actual, _: comparison.contains_none(actual, expected)),
        operands.anything,
    ),
    "exists": Operator(
        "should exist", _check_exists, operands.boolean, asks_instead="should not exist", takes_absent=True
    ),
    "matches": Operator(
        "should match {}",
        _check_reasons,
        matchers.problems,
        frozenset({"strict", "any_order"}),
        takes_absent=True,
        diff_with=lambda expected, actual, options: matchers.aligned(expected, actual, options.rules),
        reasons=_mismatches,
    ),
    "matches_regex": Operator("should match the regular expression {}", _simple(_matches_regex), operands.regex),
    "greater_than": _ordering("greater than", lambda apart, tolerance: apart > -tolerance),
    "greater_or_equal": _ordering("at least", lambda apart, tolerance: apart >= -tolerance),
    "less_than": _ordering("less than", lambda apart, tolerance: apart < tolerance),
    "less_or_equal": _ordering("at most", lambda apart, tolerance: apart <= tolerance),
    "length": Operator("should have the length {}", _check_length, _length_problems),
    "one_of": Operator("should be one of {}", _simple(_one_of), operands.array, of_numbers=True),
    "type": Operator("should be of type {}", _simple(_is_of_type, _show_with_type), operands.type_name),
    "json_schema": Operator(
        "should satisfy the JSON Schema {}", _check_reasons, operands.schema, reasons=_schema_errors
    ),
}
"""By name, in the order of messages and of the documentation."""
