"""Errors that validators of our own raise, for pydantic to collect."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from awsit.model.text.encoding import escaped
from awsit.records import replace

if TYPE_CHECKING:
    from pydantic_core import PydanticCustomError

CUSTOM = "awsit"
"""The pydantic error type of `refusal`."""
FINDINGS = "awsit_findings"
"""The pydantic error type of `findings`."""


def refusal(message: str, hint: str = "") -> PydanticCustomError:
    """An error with a message of its own, which continues a sentence that begins with the value's name."""
    from pydantic_core import PydanticCustomError  # slow to import: only what is wrong needs it

    return PydanticCustomError(CUSTOM, "{words}", {"words": message, "hint": hint})


class Finding(Struct, frozen=True):
    """One thing that a check of a whole model finds: a sentence, and the place in the model that it is about."""

    message: str
    at: tuple[int | str, ...] = ()
    hint: str = ""
    code: str = "invalid_value"


def findings(items: Sequence[Finding]) -> PydanticCustomError:
    """One error for all that a check of a whole model found; each has its own place and message when it is shown."""
    from pydantic_core import PydanticCustomError  # slow to import: only what is wrong needs it

    kept = tuple(replace(item, message=escaped(item.message)) for item in items)  # pydantic keeps messages as UTF-8
    words = "; ".join(item.message for item in kept)
    return PydanticCustomError(FINDINGS, "{words}", {"words": words, "findings": kept})


def number(value: Any) -> Any:
    """The value, unless it is not a JSON number: texts of digits and booleans are none."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        from pydantic_core import PydanticKnownError  # slow to import: only what is wrong needs it

        raise PydanticKnownError("float_type")
    return value
