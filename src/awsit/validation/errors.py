"""Errors that validators of our own raise, for pydantic to collect."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pydantic_core import PydanticCustomError, PydanticKnownError

CUSTOM = "awsit"
"""The pydantic error type of `refusal`."""


def refusal(message: str, hint: str = "") -> PydanticCustomError:
    """An error with a message of its own, which continues a sentence that begins with the value's name."""
    return PydanticCustomError(CUSTOM, "{words}", {"words": message, "hint": hint})


def number(value: Any) -> Any:
    """The value, unless it is not a JSON number: texts of digits and booleans are none."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise PydanticKnownError("float_type")
    return value
