"""The operators of assertions: what each one asks, when it holds, and which operands it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Final

from awsit.errors import Problem
from awsit.expressions import regex
from awsit.expressions.assertions import comparison, json_schema, matchers, operands
from awsit.expressions.assertions.matchers import Rules
from awsit.expressions.values import ABSENT, is_integer, kind, show
from awsit.model.json import Json

MAX_REASONS = 5


@dataclass(frozen=True, slots=True)
class Options:
    """What stands beside the operators in an assertion, and the path, for messages."""

    path: str = "$"
    strict: bool = False
    any_order: bool = False
    tolerance_seconds: int | Decimal | None = None

    @property
    def rules(self) -> Rules:
        """The part that `matches` needs."""
        return Rules(self.strict, self.any_order)


Check = Callable[[Json, Json, Options], str]
"""Expected, actual, options: an empty text when the operator holds, else why it does not, as a whole sentence."""


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator. `asks` continues a sentence that begins with the path; `{}` is the expected value.

    `options` names the keys that may stand beside it, `takes_absent` says that a path that selects nothing is its case.
    """

    asks: str
    check: Check
    problems: Callable[[Json, str], Iterator[Problem]]
    options: frozenset[str] = frozenset()
    takes_absent: bool = False

    def verdict(self, expected: Json, actual: Json, options: Options) -> str:
        """Empty when it holds, else why not. Raises ExpressionError when it cannot be told."""
        if actual is ABSENT and not self.takes_absent:
            return f"{self.sentence(expected, options.path)}, but there is nothing at this path"
        return self.check(expected, actual, options)

    def sentence(self, expected: Json, path: str) -> str:
        """What is asked for, with the expected value."""
        asks = "should exist" if expected is True else "should not exist"
        return f"{path} {asks if self.asks == 'exists' else self.asks.replace('{}', show(expected))}"


def _simple(name: str, holds: Callable[[Json, Json, Options], bool]) -> Check:
    def check(expected: Json, actual: Json, options: Options) -> str:
        if holds(expected, actual, options):
            return ""
        return f"{OPERATORS[name].sentence(expected, options.path)}, but is {_shown(name, expected, actual, options)}"

    return check


def _shown(name: str, expected: Json, actual: Json, options: Options) -> str:
    if name == "type":
        return f"{show(actual)} of type {kind(actual)}"
    if name == "equals" and options.tolerance_seconds is not None:
        apart = comparison.apart_in_seconds(expected, actual)
        return show(actual) if apart is not None else f"{show(actual)}, and only moments and numbers may be apart"
    differs = name == "equals" and kind(expected) != kind(actual)
    return f"{show(actual)} ({kind(actual)}, not {kind(expected)})" if differs else show(actual)


def _equal(expected: Json, actual: Json, options: Options) -> bool:
    tolerance = options.tolerance_seconds
    return comparison.equal(expected, actual, any_order=options.any_order, tolerance=tolerance)


def _ordered(name: str, holds: Callable[[int | Decimal, int | Decimal], bool]) -> Check:
    """`holds` gets `actual - expected` and the tolerance."""

    def check(expected: Json, actual: Json, options: Options) -> str:
        tolerance = options.tolerance_seconds
        compare = comparison.order if tolerance is None else comparison.apart_in_seconds
        apart = compare(expected, actual)
        sentence = OPERATORS[name].sentence(expected, options.path)
        if apart is None:
            return f"{sentence}, but {kind(actual)} {show(actual)} cannot be compared with it"
        return "" if holds(apart, tolerance or 0) else f"{sentence}, but is {show(actual)}"

    return check


def _exists(expected: Json, actual: Json, options: Options) -> str:
    if (actual is not ABSENT) == (expected is True):
        return ""
    there = "there is nothing at this path" if actual is ABSENT else f"is {show(actual)}"
    return f"{OPERATORS['exists'].sentence(expected, options.path)}, but {there}"


def _matches(expected: Json, actual: Json, options: Options) -> str:
    return _reasons(matchers.mismatches(expected, actual, options.path, options.rules))


def _json_schema(expected: Json, actual: Json, options: Options) -> str:
    return _reasons(json_schema.errors(expected, actual, options.path))


def _reasons(found: Iterator[str]) -> str:
    reasons = list(islice(found, MAX_REASONS + 1))
    more = ["and more"] if len(reasons) > MAX_REASONS else []
    return "; ".join(reasons[:MAX_REASONS] + more)


def _length(expected: Json, actual: Json, options: Options) -> str:
    sentence = OPERATORS["length"].sentence(expected, options.path)
    if kind(actual) not in {"string", "array", "object"}:
        return f"{sentence}, but {kind(actual)} {show(actual)} has none"
    if not isinstance(expected, Mapping):
        return "" if comparison.equal(expected, len(actual)) else f"{sentence}, but has {len(actual)}"
    inner = Options(f"the length of {options.path}")
    verdicts = (OPERATORS[name].verdict(operand, len(actual), inner) for name, operand in expected.items())
    return next(filter(None, verdicts), "")


def _is_type(expected: Json, actual: Json, _: Options) -> bool:
    wanted = expected if isinstance(expected, list) else [expected]
    return kind(actual) in wanted or ("integer" in wanted and is_integer(actual))


def _regex(expected: Json, actual: Json, _: Options) -> bool:
    return isinstance(actual, str) and isinstance(expected, str) and regex.found_in(expected, actual)


def _one_of(expected: Json, actual: Json, _: Options) -> bool:
    return isinstance(expected, list) and comparison.has_item(expected, actual)


_TOLERANT: Final = frozenset({"tolerance_seconds"})
_EQUALITY: Final = frozenset({"any_order", "tolerance_seconds"})


def _ordering(name: str, words: str, holds: Callable[[int | Decimal, int | Decimal], bool]) -> Operator:
    return Operator(f"should be {words} {{}}", _ordered(name, holds), operands.comparable, _TOLERANT)


OPERATORS: Final[Mapping[str, Operator]] = {
    "equals": Operator("should equal {}", _simple("equals", _equal), operands.anything, _EQUALITY),
    "not_equals": Operator(
        "should not equal {}",
        _simple("not_equals", lambda expected, actual, options: not _equal(expected, actual, options)),
        operands.anything,
        _EQUALITY,
    ),
    "contains": Operator(
        "should contain {}",
        _simple("contains", lambda expected, actual, _: comparison.contains(actual, expected)),
        operands.anything,
    ),
    "not_contains": Operator(
        "should not contain {}",
        _simple("not_contains", lambda expected, actual, _: comparison.contains_none(actual, expected)),
        operands.anything,
    ),
    "exists": Operator("exists", _exists, operands.boolean, takes_absent=True),
    "matches": Operator(
        "should match {}", _matches, matchers.problems, frozenset({"strict", "any_order"}), takes_absent=True
    ),
    "matches_regex": Operator(
        "should match the regular expression {}", _simple("matches_regex", _regex), operands.regex
    ),
    "greater_than": _ordering("greater_than", "greater than", lambda apart, slack: apart > -slack),
    "greater_or_equal": _ordering("greater_or_equal", "at least", lambda apart, slack: apart >= -slack),
    "less_than": _ordering("less_than", "less than", lambda apart, slack: apart < slack),
    "less_or_equal": _ordering("less_or_equal", "at most", lambda apart, slack: apart <= slack),
    "length": Operator("should have the length {}", _length, operands.length),
    "one_of": Operator("should be one of {}", _simple("one_of", _one_of), operands.array),
    "type": Operator("should be of type {}", _simple("type", _is_type), operands.type_name),
    "json_schema": Operator("should satisfy the JSON Schema {}", _json_schema, operands.schema),
}
"""By name. The order is the one of messages and of the documentation."""


def difference(name: str, expected: Json, actual: Json, options: Options) -> tuple[Json, Json] | None:
    """The two documents that a diff should compare; None when it would not help."""
    if kind(expected) != kind(actual) or name not in {"equals", "matches"}:
        return None
    return (expected if name == "equals" else matchers.aligned(expected, actual, options.rules)), actual
