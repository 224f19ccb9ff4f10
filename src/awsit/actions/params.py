"""What the models of all action types' params share: they are strict."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, WithJsonSchema

from awsit.actions.documents import is_binary
from awsit.expressions.assertions import matchers
from awsit.validation.errors import Finding, findings, number, refusal

DAY_SECONDS = 86_400


class Params(BaseModel):
    """Base of every params model: unknown keys are errors, and values keep their type (`"2"` is not `2`)."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


def _scalar(value: Any) -> Any:
    if value is not None and not isinstance(value, str | int | float | Decimal):
        raise refusal(f"must be text, a number, true, false or null, not {type_name(value)}")
    return value


def _float(value: Any) -> float:
    try:
        return float(number(value))
    except OverflowError:
        raise ValueError("must be a smaller number") from None


Number = Annotated[float, BeforeValidator(_float), WithJsonSchema({"type": "number"})]
"""A number that need not be exact, such as seconds."""


def _iso_time(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"must be an ISO 8601 time such as 2030-01-31T12:00:00Z, not {text!r}") from None
    if moment.tzinfo is None:
        raise ValueError(f"must name its time zone, as in {text}Z or {text}+02:00")
    return text


IsoTime = Annotated[str, AfterValidator(_iso_time)]
"""A time in ISO 8601, with its zone."""


def _pattern(value: Any) -> Any:
    problems = [Finding(problem.message, (), problem.hint) for problem in matchers.problems(value, "")]
    if problems:
        raise findings(problems)
    return value


Pattern = Annotated[Any, AfterValidator(_pattern)]
"""A partial document with markers, as the operator `matches` takes it."""

SCALAR_SCHEMA = {"type": ["string", "number", "boolean", "null"]}
Scalar = Annotated[Any, AfterValidator(_scalar), WithJsonSchema(SCALAR_SCHEMA)]
"""Text, number, boolean or null, which keeps its type and every digit."""


_SWITCHES = frozenset({"on", "off", "yes", "no", "true", "false"})


def _verify(value: bool | str) -> bool | str:
    if isinstance(value, str) and value.strip().lower() in _SWITCHES:
        raise ValueError(f"takes true, false or the path of a file, and {value!r} is text; write it as true or false")
    return value


VerifyTls = Annotated[bool | str, AfterValidator(_verify)]
"""Whether the server's certificate is checked; a text is the path of a file with the CA's certificate (PEM)."""

BINARY_SCHEMA = {
    "type": "object",
    "properties": {"$base64": {"type": "string", "description": "Bytes, in base64."}},
    "required": ["$base64"],
}


def _scalar_or_binary(value: Any) -> Any:
    return value if is_binary(value) else _scalar(value)


MessageAttribute = Annotated[
    Any, AfterValidator(_scalar_or_binary), WithJsonSchema({"anyOf": [SCALAR_SCHEMA, BINARY_SCHEMA]})
]
"""As `Scalar`, or `{"$base64": "..."}` for bytes."""


def type_name(value: Any) -> str:
    """What JSON calls the type of `value`, with its article."""
    names = {bool: "a boolean", str: "text", type(None): "null", int: "a number", Decimal: "a number"}
    if isinstance(value, Mapping):
        return "a mapping"
    return names.get(type(value), "a list" if isinstance(value, list | tuple) else type(value).__name__)
