"""The arithmetic of templates: exact decimals, and limits, so that no expression can fill the memory."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Any

from awsit.errors import ExpressionError
from awsit.expressions import budget
from awsit.expressions.datetimes import seconds_between
from awsit.expressions.values import is_number, kind
from awsit.model.json import MAX_DIGITS, exact

MAX_TEXT = 256 * 1024
"""Characters that an expression may produce."""
MAX_ITEMS = 10_000
"""Items of a list or a range that an expression may produce."""
MAX_BITS = 8_192
"""Bits of an integer that `*` or `**` gives."""
MAX_EXPONENT = 10_000

_CHARACTERS_PER_ITEM = 8
"""What an item of a list takes: a reference."""

_TRAPS = [InvalidOperation, DivisionByZero, Overflow]
_EXACT = Context(prec=2 * MAX_DIGITS, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=_TRAPS)
_DIVISION = Context(prec=38, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=_TRAPS)
"""38 significant digits: as many as a DynamoDB number holds."""


def binary(symbol: str, left: Any, right: Any) -> object:
    """`left symbol right`. Fractions are Decimal; a quotient has 38 digits. Raises ExpressionError or TypeError."""
    if is_number(left) and is_number(right):
        return _numbers(symbol, exact(left), exact(right))
    if symbol == "-" and isinstance(left, datetime) and isinstance(right, datetime):
        return seconds_between(left, right)
    if symbol == "+" and kind(left) == kind(right) and kind(left) in {"string", "array"}:
        return limited(left + right)
    if symbol == "*" and kind(left) in {"string", "array"} and isinstance(right, int):
        refuse_size(left, len(left) * right)
        return limited(left * right)
    hint = "; `~` joins texts" if symbol == "+" else ""
    raise TypeError(f"`{symbol}` does not work between {kind(left)} and {kind(right)}{hint}")


def unary(symbol: str, value: Any) -> object:
    """`-value` or `+value`, with all the digits."""
    if not is_number(value):
        raise TypeError(f"`{symbol}` does not work on {kind(value)}")
    if isinstance(value, int):
        return -value if symbol == "-" else +value
    number = exact(value)
    return number.copy_negate() if symbol == "-" else number


def limited(value: Any) -> Any:
    """The value itself. Raises ExpressionError for a text or list beyond the limits."""
    budget.spend()
    if isinstance(value, str | list):
        refuse_size(value, len(value))
        hold(value)
    return value


def hold(value: str | list[Any]) -> None:
    """Count what a text or list that was made takes of the budget. Raises ExpressionError."""
    budget.hold(len(value) if isinstance(value, str) else _CHARACTERS_PER_ITEM * len(value))


def joined(texts: Iterable[str], between: str = "") -> str:
    """The texts as one. Raises ExpressionError as soon as it is beyond the limit, before all of `texts` is made."""
    parts: list[str] = []
    length = 0
    for text in texts:
        parts.append(text)
        length += len(text) + len(between)
        refuse_size(between, length - len(between))
    budget.look()
    budget.hold(max(0, length))
    return between.join(parts)


def refuse_size(example: object, length: int) -> None:
    """Raise ExpressionError, code `too_large`, when `length` is too much for a text or list such as `example`."""
    is_text = isinstance(example, str)
    limit = MAX_TEXT if is_text else MAX_ITEMS
    if length > limit:
        unit = "characters" if is_text else "items"
        raise ExpressionError(f"the result would have {length} {unit}, the limit is {limit}", code="too_large")


def to_integer(value: int | Decimal) -> int:
    """The number without its fraction. Raises ExpressionError when it has too many digits to be written out."""
    if isinstance(value, Decimal) and value.adjusted() > MAX_BITS // 4:
        raise _too_large()
    return int(value)


def _numbers(symbol: str, left: int | Decimal, right: int | Decimal) -> int | Decimal:
    if symbol == "**":
        return _power(left, right)
    if symbol == "/":
        return _divide(left, right)
    if isinstance(left, int) and isinstance(right, int):
        if symbol == "*" and left.bit_length() + right.bit_length() > MAX_BITS:
            raise _too_large()
        return _INTEGERS[symbol](left, right)
    return _DECIMALS[symbol](Decimal(left), Decimal(right))


def _divide(left: int | Decimal, right: int | Decimal) -> int | Decimal:
    if isinstance(left, int) and isinstance(right, int) and right and left % right == 0:
        return left // right
    return _DIVISION.divide(Decimal(left), Decimal(right))


def _power(left: int | Decimal, right: int | Decimal) -> int | Decimal:
    if not -MAX_EXPONENT <= right <= MAX_EXPONENT:
        raise _too_large()
    if isinstance(left, int) and isinstance(right, int) and right >= 0:
        if left.bit_length() * right > MAX_BITS:
            raise _too_large()
        return int(pow(left, right))
    return _DIVISION.power(Decimal(left), Decimal(right))


def _floor_divide(left: Decimal, right: Decimal) -> Decimal:
    quotient, rest = _EXACT.divmod(left, right)
    return quotient - 1 if rest and (rest < 0) != (right < 0) else quotient


def _modulo(left: Decimal, right: Decimal) -> Decimal:
    rest = _EXACT.remainder(left, right)
    return _EXACT.add(rest, right) if rest and (rest < 0) != (right < 0) else rest


def _too_large() -> ExpressionError:
    return ExpressionError("the number would have too many digits", code="too_large")


_INTEGERS: dict[str, Callable[[int, int], int]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "//": operator.floordiv,
    "%": operator.mod,
}
_DECIMALS: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": _EXACT.add,
    "-": _EXACT.subtract,
    "*": _EXACT.multiply,
    "//": _floor_divide,
    "%": _modulo,
}
