"""What the params of all action types share: strict models, plain messages for what does not fit."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError, WithJsonSchema

from awsit.errors import ActionError, ErrorKind, Problem
from awsit.model.json import Json
from awsit.validation.errors import number, refusal
from awsit.validation.problems import params_problems

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

SCALAR_SCHEMA = {"type": ["string", "number", "boolean", "null"]}
Scalar = Annotated[Any, AfterValidator(_scalar), WithJsonSchema(SCALAR_SCHEMA)]
"""Text, number, boolean or null, which keeps its type and every digit."""


def type_name(value: Any) -> str:
    """What JSON calls the type of `value`, with its article."""
    names = {bool: "a boolean", str: "text", type(None): "null", int: "a number", Decimal: "a number"}
    if isinstance(value, Mapping):
        return "a mapping"
    return names.get(type(value), "a list" if isinstance(value, list | tuple) else type(value).__name__)


def check_params(action_type: str, model: type[BaseModel], params: Json) -> Any:
    """Rendered params as a `model`.

    Raises ActionError of kind validation with everything that is wrong, in the words of `awsit validate`.
    """
    try:
        return model.model_validate(params)
    except ValidationError as error:
        problems = params_problems(action_type, model, params, rendered=True)
        message = "; ".join(map(_sentence, problems))
        hints = "; ".join(dict.fromkeys(problem.hint for problem in problems if problem.hint))
        raise ActionError(
            f"the params of {action_type} are not right: {message}",
            kind=ErrorKind.VALIDATION,
            hint=hints or "correct the action's params; values are checked after their templates are filled in",
        ) from error


def _sentence(problem: Problem) -> str:
    """What is wrong, with the place when it is not one of the action's own params."""
    return f"{problem.message} (at `{problem.path}`)" if "." in problem.path else problem.message
