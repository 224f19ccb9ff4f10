"""What `pass_to_context` captures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticKnownError

from awsit.scenario.schema.fields import JSON_PATH, JsonPath
from awsit.scenario.schema.spec import Spec


class CaptureSpec(Spec):
    """What is captured: what a path selects in the result, or what further paths select in JSON inside texts."""

    path: str = Field(default="$", description="JSONPath (RFC 9535) into the result.")
    json_path: JsonPath = Field(default_factory=list, description=JSON_PATH)
    regex: str = Field(
        default="",
        min_length=1,
        description="Regular expression: the first part of the text that matches is captured, of it what the group "
        'holds, if there is one. Example: `"code=([^&]+)"`.',
    )


def _capture(value: Any) -> Any:
    """A capture may be written as its path alone."""
    if not isinstance(value, str | Mapping):
        raise PydanticKnownError("string_type")
    return {"path": value} if isinstance(value, str) else value


Capture = Annotated[CaptureSpec, BeforeValidator(_capture)]
