"""Plain words for pydantic's types of error (https://docs.pydantic.dev/latest/errors/validation_errors/)."""

from __future__ import annotations

import re
from typing import Any

from awsit.expressions.values import show
from awsit.suggestions import near

EXPECTED = {
    **dict.fromkeys(("string_type", "string_sub_type", "string_unicode"), "text"),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float", "int_parsing_size"), "a whole number"),
    **dict.fromkeys(("float_type", "float_parsing", "decimal_type", "decimal_parsing"), "a number"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "true or false"),
    **dict.fromkeys(("list_type", "tuple_type", "set_type", "frozen_set_type", "iterable_type"), "a list"),
    **dict.fromkeys(("dict_type", "mapping_type", "model_type", "model_attributes_type"), "a mapping"),
    "dataclass_type": "a mapping",
    "none_required": "null",
}
"""Errors that say no more than which type a value should have."""


def said(error: Any, *, whole: bool = False) -> str:
    """The rest of a sentence that begins with the value's name, for an error that is not in EXPECTED.

    `whole` says that it is about the whole of what was checked, whose keys a validator's own words name.
    """
    kind, context = error["type"], error.get("ctx", {})
    if kind in {"value_error", "assertion_error"}:
        words = str(context["error"])
        if words.startswith(_VERBS):
            return f" {words}"
        return f": {words}" if whole else f" is not valid: {words}"
    if kind == "too_short" and context["min_length"] == 1:
        return " must not be empty"
    sentence = _SENTENCES.get(kind, "is not valid here")
    return f" {sentence.format_map({key: _plain(value) for key, value in context.items()})}{_got(error)}"


def near_choice(error: Any) -> str:
    """A hint with the alternative that was perhaps meant; empty when none looks like it."""
    if error["type"] not in _CHOICES or not isinstance(error["input"], str):
        return ""
    close = near(error["input"], re.findall(r"'([^']*)'", error["ctx"]["expected"]))
    return f"did you mean {' or '.join(f'`{each}`' for each in close)}?" if close else ""


def _got(error: Any) -> str:
    return f", not {show(error['input'])}" if error["type"] in _CHOICES and is_scalar(error["input"]) else ""


def is_scalar(value: object) -> bool:
    """Whether a value is short enough to be shown beside what was expected."""
    return not isinstance(value, dict | list)


_VERBS = ("must ", "needs ", "takes ", "has ", "cannot ", "does ", "is ")
_CHOICES = frozenset({"literal_error", "enum"})
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


def _plain(value: Any) -> str:
    """Pydantic lists alternatives as `'a', 'b' or 'c'`, and limits as floats."""
    if isinstance(value, float):
        return f"{value:g}"
    return str(value).replace("'", "`")
