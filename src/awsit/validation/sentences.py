"""Plain English for pydantic's types of error (https://docs.pydantic.dev/latest/errors/validation_errors/)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from awsit.expressions.values import kind
from awsit.model.json import Json, dumps
from awsit.patterns import lazy_pattern
from awsit.suggestions import close_matches

EXPECTED = {
    **dict.fromkeys(("string_type", "string_sub_type"), "text"),
    "string_unicode": "text that UTF-8 can hold",
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float", "int_parsing_size"), "a whole number"),
    **dict.fromkeys(("float_type", "float_parsing", "decimal_type", "decimal_parsing"), "a number"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "true or false"),
    **dict.fromkeys(("list_type", "tuple_type", "set_type", "frozen_set_type", "iterable_type"), "a list"),
    **dict.fromkeys(("dict_type", "mapping_type", "model_type", "model_attributes_type"), "a mapping"),
    "none_required": "null",
}
"""Errors that say no more than which type a value should have."""

_SENTENCES = {
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
    "union_tag_invalid": "must be {expected_tags}",
    "union_tag_not_found": "needs {discriminator}",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "multiple_of": "must be a multiple of {multiple_of}",
    "finite_number": "must be a finite number",
    "too_short": "needs at least {min_length} items; it has {actual_length}",
    "too_long": "takes at most {max_length} items; it has {actual_length}",
    "string_too_short": "needs at least {min_length} characters",
    "string_too_long": "takes at most {max_length} characters",
    "string_pattern_mismatch": "must look like {pattern}",
    "url_parsing": "must be a URL",
    "datetime_type": "must be a date and time in ISO 8601",
    "datetime_parsing": "must be a date and time in ISO 8601",
    "datetime_from_date_parsing": "must be a date and time in ISO 8601",
    "timezone_aware": "must have an offset, such as `Z`",
}
_NOT_EMPTY = frozenset({"too_short", "string_too_short"})
_CHOICES = frozenset({"literal_error", "enum"})
_VERBS = ("must ", "needs ", "takes ", "has ", "cannot ", "does ", "is ")

_LONGEST = 60
_TYPES = {"string": "a text", "number": "a number", "array": "a list", "object": "a mapping"}
"""The types whose values can be long."""
_LOOKS_LIKE = {
    "a number": lazy_pattern(r"-?\d+(\.\d+)?"),
    "a whole number": lazy_pattern(r"-?\d+"),
    "true or false": lazy_pattern("true|false"),
}
_SHAPES = {
    ("a list", "object"): "begin each item with `- `, or put the one that there is in brackets: `[{...}]`",
    ("a list", "string"): "begin each item with `- `, or put the one that there is in brackets: `[...]`",
    ("a mapping", "array"): "write `name: value` lines, without `- `",
}
_CONVERSIONS = {"text": "| string", "a number": "| float", "a whole number": "| int", "true or false": "== 'true'"}
"""How a template gives a value of the type."""


def predicate(error: Any, *, whole: bool = False) -> str:
    """The rest of a sentence that begins with the value's name, for an error that is not in EXPECTED.

    `whole`: the error is one of the whole params or document, and what a validator says of it names the keys itself.
    """
    kind_of_error, context = error["type"], error.get("ctx", {})
    if kind_of_error in {"value_error", "assertion_error"}:
        words = str(context["error"])
        if words.startswith(_VERBS):
            return f" {words}"
        return f": {words}" if whole else f" is not valid: {words}"
    if kind_of_error in _NOT_EMPTY and context["min_length"] == 1:
        return " must not be empty"
    sentence = _SENTENCES.get(kind_of_error, "is not valid here")
    got = not_this(error["input"]) if kind_of_error in _CHOICES else ""
    return f" {sentence.format_map({key: _plain(value) for key, value in context.items()})}{got}"


def choice_hint(error: Any) -> str:
    """The alternative that was perhaps meant; empty when none looks like the value."""
    if error["type"] not in _CHOICES or not isinstance(error["input"], str):
        return ""
    close = close_matches(error["input"], re.findall(r"'([^']*)'", error["ctx"]["expected"]))
    return f"did you mean {' or '.join(f'`{each}`' for each in close)}?" if close else ""


def type_hint(expected: str, value: Json, *, templates: bool) -> str:
    """How to write the value so that it has the expected type; empty when another value is needed.

    `templates`: the value may be that of a template.
    """
    if expected == "text" and is_scalar(value) and value is not None:
        hint = "put it in quotes"
    elif isinstance(value, str) and expected in _LOOKS_LIKE and _LOOKS_LIKE[expected].fullmatch(value):
        hint = "write it without quotes"
    else:
        return _SHAPES.get((expected, kind(value)), "")
    return f"{hint}; a template can end in `{_CONVERSIONS[expected]}`" if templates else hint


def not_this(value: Json) -> str:
    """The end of a sentence about a value that does not fit: `, not "PSOT"`; of a mapping or list nothing is shown."""
    return f", not {shown(value)}" if is_scalar(value) else ""


def shown(value: Json) -> str:
    """The value as JSON; a long one by its length, for a part of a secret would not be masked."""
    text = dumps(value)
    return text if len(text) <= _LONGEST else f"{_TYPES[kind(value)]} of {len(text)} characters"


def is_scalar(value: Json) -> bool:
    """Whether the value is no mapping and no list."""
    return not isinstance(value, Mapping | list)


def _plain(value: Any) -> str:
    """Pydantic lists alternatives as `'a', 'b' or 'c'`, and limits as floats."""
    if isinstance(value, float):
        return f"{value:g}"
    return str(value).replace("'", "`")
