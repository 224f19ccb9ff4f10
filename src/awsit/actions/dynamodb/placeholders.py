"""The placeholders of DynamoDB's expressions: `#name` for an attribute's name, `:value` for a value.

Source: "Expression attribute names (aliases)" and "Using expression attribute values" in the DynamoDB Developer Guide.
DynamoDB refuses those that are missing, and those that no expression uses.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from awsit.patterns import lazy_pattern

_PLACEHOLDER = lazy_pattern(r"[#:][A-Za-z0-9_]+")
_TEMPLATE = "{{"


def placeholder_problems(expressions: Sequence[str], names: Collection[str], values: Collection[str]) -> Iterator[str]:
    """What is wrong with the placeholders; where a template may still bring some of them, only their first sign."""
    yield from _misnamed("#", "names", names)
    yield from _misnamed(":", "values", values)
    if any(_TEMPLATE in text for text in (*expressions, *names, *values)):
        return
    used = dict.fromkeys(found for expression in expressions for found in _PLACEHOLDER.findall(expression))
    for placeholder in used:
        key, given = ("names", names) if placeholder.startswith("#") else ("values", values)
        if placeholder not in given:
            yield f"`{placeholder}` stands in an expression and not in `{key}`"
    for placeholder in (*names, *values):
        if placeholder not in used and placeholder.startswith(("#", ":")):
            yield f"`{placeholder}` is in no expression, which DynamoDB refuses"


def _misnamed(sign: str, key: str, given: Collection[str]) -> Iterator[str]:
    for placeholder in given:
        if not placeholder.startswith((sign, _TEMPLATE)):
            yield f"`{placeholder}` of `{key}` must begin with `{sign}`: `{sign}{placeholder.lstrip('#:')}`"
