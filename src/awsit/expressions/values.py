"""JSON values: their types, when two are the same, and how they look in a message."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from awsit.errors import ExpressionError
from awsit.expressions import budget
from awsit.expressions.datetimes import iso
from awsit.model import json
from awsit.model.json import OBJECTS, SCALARS, Json
from awsit.model.text.encoding import whole

ABSENT: Final[Any] = object()
"""The value of a path that selects nothing, which is not null."""

MAX_VALUES = 1_000_000
"""Values in one document that an expression gives, at all depths together."""
MAX_CHARACTERS = 64 * 1024 * 1024
"""Characters of all texts in it."""
_MEMBERS_PER_STEP = 8
"""Members that are compared for a step of the budget."""
_VALUES_PER_LOOK = 4096
"""Values after which the time of the evaluation is looked at."""

TYPES: Final = ("string", "number", "integer", "boolean", "array", "object", "null")
"""The names of JSON's types in JSON Schema (validation, section 6.1.1)."""

_KINDS: Final[Mapping[type, str]] = {
    type(None): "null",
    bool: "boolean",
    int: "number",
    Decimal: "number",
    float: "number",
    str: "string",
    list: "array",
    tuple: "array",
    dict: "object",
}
"""What the types of values are in JSON; a subclass is what the first of them is that it comes from."""

SHOWN = 200
"""How many characters of a value a message shows."""


def kind(value: object) -> str:
    """The JSON type: `null`, `boolean`, `number`, `string`, `array` or `object` (RFC 8259, section 3)."""
    known = _KINDS.get(type(value))
    if known:
        return known
    if isinstance(value, Mapping):
        return "object"
    return next((name for kind, name in _KINDS.items() if isinstance(value, kind)), type(value).__name__)


def is_number(value: object) -> bool:
    """Whether it is a JSON number; `true` is none."""
    return kind(value) == "number"


def is_integer(value: object) -> bool:
    """Whether it is a number without a fraction; 2.0 is one, as in JSON Schema."""
    if isinstance(value, Decimal):
        return value.is_finite() and value == value.to_integral_value()
    return isinstance(value, int) and not isinstance(value, bool)


def is_of_type(value: object, name: str) -> bool:
    """Whether it is of one of the `TYPES`; 2.0 is a number and an integer."""
    return is_integer(value) if name == "integer" else kind(value) == name


def same(left: Json, right: Json) -> bool:
    """Whether two documents are equal, by type and value: 2 is 2.0, but neither is "2", and `true` is not 1."""
    if type(left) is type(right) and type(left) in SCALARS:
        return bool(left == right)
    if kind(left) != kind(right):
        return False
    if isinstance(left, Mapping | list | tuple):
        budget.spend(1 + len(left) // _MEMBERS_PER_STEP)
    if isinstance(left, Mapping):
        return left.keys() == right.keys() and all(same(item, right[key]) for key, item in left.items())
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(_exact(left) == _exact(right))


def show(value: Json, limit: int = SHOWN) -> str:
    """The value as compact JSON, cut off after `limit` characters."""
    text = json.dumps(value)
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text)} characters)"


def show_with_kind(value: Json) -> str:
    """The value after its type, as in `number 3`; null is both."""
    return "null" if value is None else f"{kind(value)} {show(value)}"


def as_text(value: object) -> str:
    """How a value appears inside a text: a string as it is, a moment in ISO 8601, anything else as compact JSON.

    So `true`, `false` and `null` are written as JSON writes them, and numbers digit for digit.
    """
    if type(value) is int:
        return str(value)
    plain_value = plain(value)
    return plain_value if isinstance(plain_value, str) else json.dumps(plain_value)


class Budget:
    """How much may still be copied into a document: a list that holds another one many times is small until then."""

    __slots__ = ("characters", "most", "subject", "values")

    def __init__(self, subject: str = "the result would have", most: int = MAX_VALUES) -> None:
        self.subject = subject
        self.most = self.values = most
        self.characters = MAX_CHARACTERS

    def take(self, value: object) -> None:
        """Take a value without what it holds. Raises ExpressionError, code `too_large`."""
        self.values -= 1
        if not self.values % _VALUES_PER_LOOK:
            budget.look()
        if isinstance(value, str):
            self._take_text(len(value))
        if self.values < 0 or self.characters < 0:
            message = f"{self.subject} more than {self.most} values or {MAX_CHARACTERS} characters"
            raise ExpressionError(message, code="too_large")

    def _take_text(self, length: int) -> None:
        self.characters -= length

    def take_all(self, value: object) -> None:
        """Take a value and all that it holds."""
        self.take(value)
        if type(value) in SCALARS:
            return
        if isinstance(value, OBJECTS):
            for key, item in value.items():
                self.take(key)
                self.take_all(item)
        elif isinstance(value, list | tuple):
            for item in value:
                self.take_all(item)


class _Copy(Budget):
    """What is copied stays in memory until all of a document's expressions have been evaluated.

    So it takes of the evaluation's budget too.
    """

    def _take_text(self, length: int) -> None:
        super()._take_text(length)
        if self.characters >= 0:
            budget.hold(length)


class WithAbsences(dict[str, Json]):
    """A document in which some nulls stand for what is not there.

    `absent` holds their normalized paths (RFC 9535, section 2.7), such as `$['item']`: `exists` is false there.
    """

    def __init__(self, document: Mapping[str, Json], absent: frozenset[str]) -> None:
        super().__init__(document)
        self.absent = absent


def plain(value: object) -> Json:
    """The value as a JSON document, with exact numbers (`model.json.exact`) and moments as ISO 8601.

    Raises ExpressionError, code `not_json`, for what JSON cannot hold (a function, NaN, an infinite number), and
    `too_large` for what no memory could.
    """
    if type(value) is str and len(value) <= MAX_CHARACTERS:
        budget.hold(len(value))
        return whole(value)
    return _plain(value, _Copy())


def _plain(value: object, left: Budget) -> Json:
    left.take(value)
    if value is None or isinstance(value, str | int):
        return whole(value) if isinstance(value, str) else value
    if isinstance(value, Decimal | float):
        return _finite(value)
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {as_text(key): _plain(item, left) for key, item in value.items()}
    if isinstance(value, list | tuple | range):
        return [_plain(item, left) for item in value]
    str(value)  # raises for a missing name, with those that are spelt like it
    if callable(value):
        raise ExpressionError("the value is a function; call it with `()`", code="not_json")
    raise ExpressionError(f"a {type(value).__name__} cannot be a JSON value", code="not_json")


def _finite(value: Decimal | float) -> Decimal:
    number: Decimal = _exact(value)
    if not number.is_finite():
        raise ExpressionError(f"{number} cannot be a JSON number", code="not_json")
    if not json.is_within_limits(number):
        raise ExpressionError(f"the number would have more than {json.MAX_DIGITS} digits", code="too_large")
    return number


def _exact(value: Json) -> Json:
    return json.exact(value) if isinstance(value, float) else value
