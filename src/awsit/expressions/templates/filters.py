"""The filters of templates. Each takes a value and gives a JSON value (or a moment), exact and bounded."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import MAX_PREC, ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import wraps
from typing import Any
from urllib.parse import quote, urlencode

from jinja2.runtime import Undefined

from awsit.errors import ExpressionError
from awsit.expressions import datetimes
from awsit.expressions.templates import list_filters
from awsit.expressions.templates.arithmetic import limited, refuse_size, to_integer
from awsit.expressions.values import as_text, is_number, kind, plain, show
from awsit.expressions.wrong_calls import named
from awsit.model import json
from awsit.model.json import Json, exact
from awsit.model.text.encoding import unencodable

_WIDE = Context(prec=MAX_PREC)
_MAX_PLACES = 1_000
_NOT_GIVEN: Any = object()


def to_int(value: Any, default: Any = _NOT_GIVEN) -> Any:
    """A whole number of a number or a text such as "12" or "12.9"; what follows the point is dropped."""
    number = _number(value)
    if number is None:
        return _or_default(default, value, "a number")
    return to_integer(number)


def to_decimal(value: Any, default: Any = _NOT_GIVEN) -> Any:
    """An exact decimal number of a number or a text such as "1.50"."""
    number = _number(value)
    if number is None:
        return _or_default(default, value, "a number")
    return Decimal(number)


def b64encode(value: Any) -> str:
    """Base64 of the text in UTF-8 (RFC 4648, section 4)."""
    return base64.b64encode(_utf8(value, "b64encode")).decode()


def b64decode(value: Any) -> str:
    """The UTF-8 text that a Base64 text holds; the URL-safe alphabet and missing padding are fine."""
    text = as_text(value).strip().translate(str.maketrans("-_", "+/")).rstrip("=")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ExpressionError("b64decode: the text is not Base64 of a UTF-8 text") from error


def tojson(value: Any, indent: int | None = None) -> str:
    """The value as JSON text, compact unless `indent` (at most 8) is given."""
    return json.dumps(plain(value), indent=None if indent is None else min(indent, 8))


def fromjson(value: Any) -> Json:
    """The document that a JSON text holds."""
    if not isinstance(value, str):
        raise ExpressionError(f"fromjson: needs a text, not {kind(value)}")
    try:
        return json.loads(value)
    except json.TooLargeError as error:
        raise ExpressionError(f"fromjson: the text {error}", code="too_large") from error
    except ValueError as error:
        raise ExpressionError("fromjson: the text is not JSON") from error


def replace(value: Any, old: Any, new: Any, count: int = -1) -> str:
    """The text with each `old` (or the first `count`) replaced by `new`."""
    text, before, after = as_text(value), as_text(old), as_text(new)
    times = text.count(before)
    refuse_size(text, len(text) + (times if count < 0 else min(times, count)) * (len(after) - len(before)))
    return text.replace(before, after, count)


def default(value: Any, fallback: Any = "", boolean: bool = False) -> Any:
    """`fallback` when the value is missing, with `boolean=true` also when it is empty, 0, false or null."""
    return fallback if isinstance(value, Undefined) or (boolean and not value) else value


def url_encode(value: Any) -> str:
    """A text percent-encoded, `/` too; an object as a query (`a=1&b=2`) (RFC 3986, section 2.1)."""
    if isinstance(value, Mapping):
        pairs = [(_utf8(key, "urlencode"), _utf8(item, "urlencode")) for key, item in value.items()]
        return urlencode(pairs, quote_via=quote)
    return quote(_utf8(value, "urlencode"), safe="")


def round_half_up(value: Any, places: int = 0) -> int | Decimal:
    """The number rounded to `places` decimal places, half away from zero; a whole number for 0 places."""
    number = _must_be_number(value, "round")
    if abs(places) > _MAX_PLACES:
        raise ExpressionError(f"round: at most {_MAX_PLACES} places", code="too_large")
    if isinstance(number, int) and places >= 0:
        return number
    to_integer(number)
    rounded = Decimal(number).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _WIDE)
    return rounded if places > 0 else int(rounded)


def absolute(value: Any) -> int | Decimal:
    """The number without its sign."""
    number = _must_be_number(value, "abs")
    return number.copy_abs() if isinstance(number, Decimal) else abs(number)


def iso(value: Any) -> str:
    """A moment as ISO 8601 in UTC."""
    return datetimes.iso(_moment(value, "iso"))


def timestamp(value: Any) -> int | Decimal:
    """A moment as seconds since 1970-01-01T00:00:00Z."""
    return datetimes.epoch_seconds(_moment(value, "timestamp"))


def plus(value: Any, seconds: Any) -> datetime:
    """The moment `seconds` later; earlier when negative."""
    amount = _must_be_number(seconds, "plus")
    try:
        return _moment(value, "plus") + timedelta(microseconds=to_integer(Decimal(amount).scaleb(6)))
    except OverflowError as error:
        raise ExpressionError("plus: the moment is out of range", code="too_large") from error


def lower(value: Any) -> str:
    """The text in lower case."""
    return as_text(value).lower()


def upper(value: Any) -> str:
    """The text in upper case."""
    return as_text(value).upper()


def trim(value: Any) -> str:
    """The text without white space at its ends."""
    return as_text(value).strip()


def string(value: Any) -> str:
    """The value as a text shows it: a text as it is, a moment in ISO 8601, anything else as compact JSON."""
    return as_text(value)


def sha256(value: Any) -> str:
    """The SHA-256 of the text in UTF-8, in hexadecimal."""
    return hashlib.sha256(_utf8(value, "sha256")).hexdigest()


def _utf8(value: Any, name: str) -> bytes:
    text = as_text(value)
    if problem := unencodable(text):
        raise ExpressionError(f"{name}: the text holds {problem}, which UTF-8 cannot hold")
    return text.encode()


def _number(value: Any) -> int | Decimal | None:
    if isinstance(value, bool):
        return int(value)
    if is_number(value):
        number: int | Decimal = exact(value)
        return number
    try:
        number = Decimal(value.strip()) if isinstance(value, str) else Decimal("NaN")
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _or_default(fallback: Any, value: Any, needed: str) -> Any:
    if fallback is _NOT_GIVEN:
        raise ExpressionError(f"{show(plain(value), 40)} is not {needed}")
    return fallback


def _must_be_number(value: Any, name: str) -> int | Decimal:
    if not is_number(value):
        raise ExpressionError(f"{name}: needs a number, not {kind(value)}")
    number: int | Decimal = exact(value)
    return number


def _moment(value: Any, name: str) -> datetime:
    if isinstance(value, datetime):
        return datetimes.utc(value)
    moment = datetimes.parse(value) if isinstance(value, str) else None
    if is_number(value):
        moment = datetimes.since_1970(value)
        if moment is None:
            raise ExpressionError(f"{name}: the moment is out of range", code="too_large")
    if moment is None:
        raise ExpressionError(f"{name}: needs a moment: `now()`, an ISO 8601 text or seconds since 1970")
    return moment


def _guarded(function: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, made to refuse missing values and to limit what it gives."""

    @wraps(function)
    def guarded(*args: Any, **options: Any) -> Any:
        for value in (*args, *options.values()):
            if isinstance(value, Undefined):
                str(value)  # raises, with the name that is missing
        return limited(function(*args, **options))

    return guarded


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": absolute,
    "b64decode": b64decode,
    "b64encode": b64encode,
    "first": list_filters.first,
    "float": to_decimal,
    "fromjson": fromjson,
    "int": to_int,
    "iso": iso,
    "items": list_filters.items,
    "join": list_filters.join,
    "last": list_filters.last,
    "length": list_filters.length,
    "list": list_filters.to_list,
    "lower": lower,
    "map": list_filters.map_items,
    "max": list_filters.largest,
    "min": list_filters.smallest,
    "plus": plus,
    "reject": list_filters.reject,
    "rejectattr": list_filters.reject_by,
    "replace": replace,
    "reverse": list_filters.reverse,
    "round": round_half_up,
    "select": list_filters.select,
    "selectattr": list_filters.select_by,
    "sha256": sha256,
    "sort": list_filters.sort,
    "string": string,
    "sum": list_filters.total,
    "timestamp": timestamp,
    "tojson": tojson,
    "trim": trim,
    "unique": list_filters.unique,
    "upper": upper,
    "urlencode": url_encode,
}

FILTERS: Mapping[str, Callable[..., Any]] = {
    "default": default,
    **{name: named(name, _guarded(function)) for name, function in _FUNCTIONS.items()},
}
