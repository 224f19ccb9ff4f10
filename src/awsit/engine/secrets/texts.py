"""The texts inside a value, and inside the JSON that a text of it holds."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from awsit.expressions.jsonpath.embedded import container
from awsit.model.json import Json


def texts(value: Json) -> set[str]:
    """Every text and number inside a value, as they would stand in a message."""
    if isinstance(value, Mapping):
        return set().union(*(texts(item) for item in value.values()))
    if isinstance(value, list | tuple):
        return set().union(*(texts(item) for item in value))
    inner = container(value) if isinstance(value, str) else None
    if inner is not None:
        return {str(value)} | texts(inner)
    is_text = isinstance(value, str | int | Decimal) and not isinstance(value, bool) and str(value)
    return {str(value)} if is_text else set()
