"""What the params of all action types share: strict models, plain messages for what does not fit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError, WithJsonSchema

from awsit.errors import ActionError, ErrorKind
from awsit.model.json import Json
from awsit.suggestions import suggestion

DAY_SECONDS = 86_400


class Params(BaseModel):
    """Base of every params model: unknown keys are errors, and values keep their type (`"2"` is not `2`)."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        hint = "; a template can end in `| int`" if isinstance(value, str) else ""
        raise ValueError(f"must be a number, not {type_name(value)}{hint}")  # noqa: TRY004 - pydantic wants ValueError
    return float(value)


def _scalar(value: Any) -> Any:
    if value is not None and not isinstance(value, str | int | float | Decimal):
        raise ValueError(f"must be text, a number, true, false or null, not {type_name(value)}")
    return value


Number = Annotated[float, BeforeValidator(_number), WithJsonSchema({"type": "number"})]
"""A number that need not be exact, such as seconds."""

SCALAR_SCHEMA = {"type": ["string", "number", "boolean", "null"]}
Scalar = Annotated[Any, AfterValidator(_scalar), WithJsonSchema(SCALAR_SCHEMA)]
"""Text, number, boolean or null, kept exactly as given."""


def type_name(value: Any) -> str:
    """What JSON calls the type of `value`, with its article."""
    names = {bool: "a boolean", str: "text", type(None): "null", int: "a number", Decimal: "a number"}
    if isinstance(value, Mapping):
        return "a mapping"
    return names.get(type(value), "a list" if isinstance(value, list | tuple) else type(value).__name__)


def check_params(action_type: str, model: type[BaseModel], params: Json) -> Any:
    """Rendered params as a `model`. Raises ActionError of kind validation that names every key that is wrong."""
    try:
        return model.model_validate(params)
    except ValidationError as error:
        told = "; ".join(dict.fromkeys(_problems(error, model)))
        raise ActionError(
            f"the params of {action_type} are not right: {told}",
            kind=ErrorKind.VALIDATION,
            hint="correct the action's params; values are checked after their templates are filled in",
        ) from error


def _problems(error: ValidationError, model: type[BaseModel]) -> Iterator[str]:
    fields = [field.alias or name for name, field in model.model_fields.items()]
    for each in error.errors(include_url=False):
        where = _place(each["loc"])
        if each["type"] == "extra_forbidden":
            yield f"unknown key `{where}`{suggestion(where, fields) if len(each['loc']) == 1 else ''}"
        elif each["type"] == "missing":
            yield f"`{where}` is missing"
        elif each["type"] == "literal_error":
            options = [option.strip("'") for option in re.findall(r"'[^']*'", each["ctx"]["expected"])]
            yield f"`{where}` cannot be {each['input']!r}{suggestion(str(each['input']), options)}"
        else:
            message = each["msg"].removeprefix("Value error, ").replace("Input should", "should")
            yield f"`{where}` {message}" if where else message


def _place(parts: tuple[int | str, ...]) -> str:
    path = ""
    for part in parts:
        if isinstance(part, int):
            path += f"[{part}]"
        elif part.isidentifier() or not path:  # pydantic adds the names of union members, which mean nothing here
            path += f".{part}" if path else part
    return path
