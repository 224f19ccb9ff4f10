"""The values that a template lets a parameter have: CloudFormation tells it only once everything is uploaded.

Source: AWS CloudFormation template reference, "CloudFormation template Parameters syntax", "Properties".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from awsit.errors import UsageError

_LISTS = ("CommaDelimitedList", "List<")
_NUMBERS = {"Number", "List<Number>"}


def check_value(name: str, declared: Mapping[str, Any], value: str) -> None:
    """Raise UsageError for a value that a parameter cannot have; what its `AllowedPattern` says is left out."""
    kind = str(declared.get("Type"))
    values = [each.strip() for each in value.split(",")] if kind.startswith(_LISTS) else [value]
    allowed = [str(each) for each in declared.get("AllowedValues", ())]
    if allowed and not {*values} <= {*allowed}:
        hint = f"one of {', '.join(allowed)}"
    elif kind in _NUMBERS and not all(_is_number(each, declared) for each in values):
        hint = ", ".join(("a number", *_bounds(declared)))
    else:
        return
    raise UsageError(f"the parameter {name} cannot be {value or 'empty'}", code="bad_parameter", hint=hint)


def _is_number(text: str, declared: Mapping[str, Any]) -> bool:
    """Whether it is a number within the bounds that a parameter has."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return False
    least, most = (Decimal(str(declared.get(name, number))) for name in ("MinValue", "MaxValue"))
    return number.is_finite() and least <= number <= most


def _bounds(declared: Mapping[str, Any]) -> Iterator[str]:
    for name, words in {"MinValue": "at least", "MaxValue": "at most"}.items():
        if name in declared:
            yield f"{words} {declared[name]}"
