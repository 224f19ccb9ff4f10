"""Formats of JSON Schema (https://json-schema.org/draft/2020-12/json-schema-validation, section 7).

The formats named here are checked. Any other, such as OpenAPI's `int32`, is a note for readers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from awsit.errors import ExpressionError
from awsit.expressions import datetimes, regex

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)", re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)
_URI = re.compile(r"[a-z][a-z0-9+.-]*:([\w.~:/?#\[\]@!$&'()*+,;=-]|%[0-9a-f]{2})*", re.IGNORECASE | re.ASCII)
_DURATION = re.compile(
    r"P(?=[\dT])(\d+W|(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?)"  # RFC 3339, appendix A
)
_LONGEST_HOSTNAME = 253
_CHECKED_BY_JSONSCHEMA: Final = ("uuid", "date", "email", "ipv4", "ipv6")


def _is_date_time(text: str) -> bool:
    return (
        datetimes.parse(text[:10]) is not None and text[10:11] in {"T", "t"} and _TIME.fullmatch(text[11:]) is not None
    )


def _is_hostname(text: str) -> bool:
    return len(text) <= _LONGEST_HOSTNAME and all(map(_LABEL.fullmatch, text.split(".")))


def _is_regex(text: str) -> bool:
    try:
        regex.compiled(text)
    except ExpressionError:
        return False
    return True


_FORMATS: Final[Mapping[str, Callable[[str], bool]]] = {
    "date-time": _is_date_time,
    "time": lambda text: _TIME.fullmatch(text) is not None,
    "duration": lambda text: _DURATION.fullmatch(text) is not None,
    "hostname": _is_hostname,
    "uri": lambda text: _URI.fullmatch(text) is not None,
    "regex": _is_regex,
}


@cache
def checker() -> Any:
    """The format checker for jsonschema."""
    from jsonschema import FormatChecker

    format_checker = FormatChecker(formats=_CHECKED_BY_JSONSCHEMA)
    for name, holds in own_checks().items():
        format_checker.checks(name)(holds)
    return format_checker


def own_checks() -> dict[str, Callable[[object], bool]]:
    """The checks of formats that jsonschema has none for, or needs other libraries for; any value but a text passes."""
    return {name: _texts_only(holds) for name, holds in _FORMATS.items()}


def _texts_only(holds: Callable[[str], bool]) -> Callable[[object], bool]:
    return lambda value: not isinstance(value, str) or holds(value)
