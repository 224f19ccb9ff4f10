"""The types of values that a scenario's own keys take."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StrictBool, WithJsonSchema
from pydantic_core import PydanticKnownError

from awsit.model.files import DIGEST
from awsit.scenario.limits import (
    DEFAULT_ITEMS,
    MAX_ACTION_SECONDS,
    MAX_CONCURRENCY_KEY,
    MAX_ITEMS,
    MAX_SCENARIO_SECONDS,
)
from awsit.scenario.schema.cases import check_cases
from awsit.scenario.schema.keys import EXPRESSION, IDENTIFIER, SCENARIO_NAME, is_template
from awsit.scenario.schema.matrix import check_matrix
from awsit.scenario.schema.spec import Spec
from awsit.validation.errors import number, refusal
from awsit.validation.sentences import shown

_LARGEST = 10**15
_EXPRESSION = re.compile(EXPRESSION, re.DOTALL)


def _number(value: Any) -> Any:
    if is_template(value):
        raise refusal("must be a number, not a template", "the plan is made before templates are rendered")
    return number(value)


def _whole_number(value: Any) -> Any:
    value = _number(value)
    if not -_LARGEST <= value <= _LARGEST or value != int(value):  # int() of 1e99999999 would never end
        raise PydanticKnownError("int_type")
    return int(value)


def _matching(
    pattern: str, message: str, hint: str = "", example: Callable[[str], str] = lambda _: ""
) -> Callable[[Any], Any]:
    """A validator for texts that match; `example` makes one of a text that does not, as well as it can."""
    compiled = re.compile(pattern)

    def check(value: Any) -> Any:
        if not isinstance(value, str):
            raise PydanticKnownError("string_type")
        if not compiled.fullmatch(value):
            near = example(value)
            raise refusal(message, "; ".join(filter(None, [f"for example `{near}`" if near else "", hint])))
        return value

    return check


def _as_name(text: str) -> str:
    """The text in letters, digits and `_`; empty when nothing of it is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"\W+", "_", plain).strip("_").lstrip("0123456789_")[:MAX_NAME]


def _condition(value: Any) -> Any:
    if isinstance(value, bool) or (isinstance(value, str) and _EXPRESSION.fullmatch(value)):
        return value
    raise refusal(f"must be true, false or one `{{{{ expression }}}}`, not {shown(value)}")


def _items(value: Any) -> Any:
    if isinstance(value, list) and 0 < len(value) <= MAX_ITEMS:
        return value
    if isinstance(value, str) and _EXPRESSION.fullmatch(value):
        return value
    given = f"a list of {len(value)}" if isinstance(value, list) else shown(value)
    hint = f"for example `{{{{ {value[2:]} }}}}`" if isinstance(value, str) and value.startswith("$.") else ""
    raise refusal(f"must be one `{{{{ expression }}}}`, or a list of 1 to {MAX_ITEMS} items, not {given}", hint)


def _concurrency_key(value: Any) -> Any:
    if not isinstance(value, str) or not value.strip() or len(value) > MAX_CONCURRENCY_KEY:
        raise refusal(f"must be text of at most {MAX_CONCURRENCY_KEY} characters, such as `orders_queue`")
    return value


def _cron(value: Any) -> Any:
    if not isinstance(value, str) or not _CRON.fullmatch(value):
        raise refusal(
            "must have the six fields minutes, hours, day of the month, month, day of the week and year",
            "for example `0 8 ? * MON-FRI *`: at 8 on each weekday",
        )
    day_of_month, day_of_week = value.split()[2], value.split()[4]
    if (day_of_month == "?") == (day_of_week == "?"):
        raise refusal(
            "must have `?` for one of the days, that of the month or that of the week",
            "for example `0 8 * * ? *`: each day at 8",
        )
    return value


def _time_zone(value: Any) -> Any:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

    try:
        ZoneInfo(value)
    except (TypeError, ValueError, OSError, ZoneInfoNotFoundError):
        if value != "UTC" and available_timezones():  # a machine without time zones leaves the check to AWS
            raise refusal("must be a time zone of the IANA database", "for example `Europe/Berlin`") from None
    return value


def _json_path(value: Any) -> Any:
    """One path, or a list of them."""
    return [value] if isinstance(value, str) else value


def _codes(value: Any) -> Any:
    """HTTP statuses may be written as numbers."""
    if not isinstance(value, list):
        raise refusal("must be a list of error codes")
    return [str(item) if isinstance(item, int) and not isinstance(item, bool) else item for item in value]


MAX_NAME = 80
_RATE = r"[1-9][0-9]{0,5} (minute|hour|day)s?"
_CRON = re.compile(r"\s*([0-9A-Za-z*?/,#-]+\s+){5}[0-9*/,-]+\s*")

ScenarioName = Annotated[
    str,
    Field(pattern=f"^{SCENARIO_NAME}$"),
    BeforeValidator(
        _matching(
            SCENARIO_NAME,
            "must start with a letter and hold only letters from a to z, digits, `_` and `-`, at most 80 characters",
            example=_as_name,
        )
    ),
]
Identifier = Annotated[
    str,
    Field(pattern=f"^{IDENTIFIER}$"),
    BeforeValidator(
        _matching(
            IDENTIFIER,
            "must start with a letter or `_` and hold only letters from a to z, digits and `_`, at most 80 characters",
            "templates reach it by this name",
            _as_name,
        )
    ),
]
FileDigest = Annotated[
    str,
    Field(pattern=f"^{DIGEST.pattern}$"),
    BeforeValidator(_matching(DIGEST.pattern, "must be `sha256:` and 64 hexadecimal digits", "leave `files` to awsit")),
]
Rate = Annotated[
    str,
    Field(pattern=f"^{_RATE}$"),
    BeforeValidator(_matching(_RATE, "must be a number of minutes, hours or days", "for example `30 minutes`")),
]
Cron = Annotated[Any, BeforeValidator(_cron), WithJsonSchema({"type": "string"})]
TimeZone = Annotated[Any, BeforeValidator(_time_zone), WithJsonSchema({"type": "string"})]
ConcurrencyKey = Annotated[
    Any,
    BeforeValidator(_concurrency_key),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": MAX_CONCURRENCY_KEY}),
]
Number = Annotated[float, BeforeValidator(_number)]
Whole = Annotated[int, BeforeValidator(_whole_number)]
ActionSeconds = Annotated[Number, Field(gt=0, le=MAX_ACTION_SECONDS)]
ScenarioSeconds = Annotated[Number, Field(gt=0, le=MAX_SCENARIO_SECONDS)]
SettleSeconds = Annotated[Number, Field(ge=0, le=MAX_ACTION_SECONDS)]
Backoff = Annotated[Number, Field(ge=1, le=10)]
Condition = Annotated[
    bool | str,
    BeforeValidator(_condition),
    WithJsonSchema({"anyOf": [{"type": "boolean"}, {"type": "string", "pattern": r"^\s*\{\{.*\}\}\s*$"}]}),
]
Items = Annotated[
    list[Any] | str,
    BeforeValidator(_items),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "array", "minItems": 1, "maxItems": MAX_ITEMS},
                {"type": "string", "pattern": r"^\s*\{\{.*\}\}\s*$"},
            ]
        }
    ),
]
Codes = Annotated[
    list[str],
    BeforeValidator(_codes),
    WithJsonSchema({"type": "array", "items": {"type": ["string", "integer"]}}),
]
JSON_PATH = "JSONPath into the JSON that the text at `path` holds; a list of them leads through texts inside texts."
JSON_PATH_SCHEMA = {
    "anyOf": [{"type": "string"}, {"type": "array", "minItems": 1, "items": {"type": "string"}}],
    "description": JSON_PATH,
}
JsonPath = Annotated[list[str], Field(min_length=1), BeforeValidator(_json_path), WithJsonSchema(JSON_PATH_SCHEMA)]
Switch = StrictBool
Cases = Annotated[
    Any,
    BeforeValidator(check_cases),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "minLength": 1},
                {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}},
                {"type": "object", "minProperties": 1, "additionalProperties": {"type": "object"}},
            ]
        }
    ),
]
_ROWS = "CSV, JSON or YAML file of the rows, from this file."
Matrix = Annotated[
    list[dict[str, Any]],
    BeforeValidator(check_matrix),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "array", "minItems": 1, "items": {"type": "object", "minProperties": 1}},
                {"type": "object", "minProperties": 1, "additionalProperties": {"type": "array", "minItems": 1}},
                {
                    "type": "object",
                    "properties": {"file": {"type": "string", "minLength": 1, "description": _ROWS}},
                    "required": ["file"],
                    "additionalProperties": False,
                },
            ]
        }
    ),
]

ASSERTION_SCHEMA = {"$comment": "an assertion"}
"""Stands where `scenario.json_schema` puts the definition of assertions."""
Assertion = Annotated[Any, WithJsonSchema(ASSERTION_SCHEMA)]
"""Checked by `expressions.assertions`, which knows the operators."""


class ForEachSpec(Spec):
    """The list whose items an action is done for, one after the other, each as a step of its own."""

    item: Items = Field(description="The list: one `{{ expression }}`, or written out.")
    max_items: Whole = Field(
        default=DEFAULT_ITEMS,
        ge=1,
        le=MAX_ITEMS,
        description="How many items the list of an expression may have at most.",
    )
    alias: Identifier = Field(
        default="item", alias="as", description="The item is `context.item`, its index from 0 `context.item_index`."
    )
