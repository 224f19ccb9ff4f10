"""The difference between two documents, as lines of text."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from awsit.expressions.values import is_integer
from awsit.model import json
from awsit.model.json import Json
from awsit.model.text.counts import count

MAX_LINES = 1_000
"""A document of more lines gets no diff: it would take long and nobody would read it."""

MAX_SHOWN = 100
"""Lines of a diff that a report holds."""

_WRITTEN_OUT = 40
"""Integers of so many digits are written out; longer ones stay in E notation."""
_NOT_ROUNDED = 28
"""Digits from which on `Decimal.normalize` may round."""


def unified(expected: Json, actual: Json) -> str:
    """A unified diff of the two as indented JSON with sorted keys; empty when they are not worth one.

    Worth one are two objects, arrays and texts of several lines. Numbers that are equal look equal (2.0 is shown as 2).
    """
    if not (_is_document(expected) and _is_document(actual)):
        return ""
    left, right = _lines(expected), _lines(actual)
    if max(len(left), len(right)) > MAX_LINES:
        return ""
    from difflib import unified_diff  # slow to import, and needed for what failed only

    lines = list(unified_diff(left, right, "expected", "actual", lineterm="", n=3))
    if len(lines) > MAX_SHOWN:
        lines = [*lines[:MAX_SHOWN], f"… {count(len(lines) - MAX_SHOWN, 'more line')}"]
    return "\n".join(lines)


def _is_document(value: Json) -> bool:
    return isinstance(value, Mapping | list) or (isinstance(value, str) and "\n" in value)


def _lines(value: Json) -> list[str]:
    if isinstance(value, str) and "\n" in value:
        return value.splitlines()
    return json.dumps(_canonical(value), indent=2, sort_keys=True).splitlines()


def _canonical(value: Json) -> Json:
    """The same document with each number in one spelling."""
    if isinstance(value, Mapping):
        return {key: _canonical(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_canonical(item) for item in value]
    if isinstance(value, Decimal):
        if is_integer(value) and value.adjusted() < _WRITTEN_OUT:
            return int(value)
        return value.normalize() if len(value.as_tuple().digits) < _NOT_ROUNDED else value
    return value
