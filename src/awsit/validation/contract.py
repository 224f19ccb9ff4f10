"""The value of `contract`: of an action's params, and of a scenario."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from awsit.validation.errors import refusal


def _contract(value: Any) -> Any:
    if value is None or value is False or (isinstance(value, str) and value.strip()):
        return value
    raise refusal("must be the path of an OpenAPI document, or false for none")


ContractName = Annotated[
    Any,
    BeforeValidator(_contract),
    WithJsonSchema({"anyOf": [{"type": "string", "minLength": 1}, {"const": False}]}),
]
"""The name of a document, false for none, or None for that of what is around it."""
