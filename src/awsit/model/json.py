"""JSON with exact numbers.

Numbers with a fraction are `Decimal` everywhere inside awsit, so that a value read from DynamoDB or an API is written
back digit for digit. Only this module encodes and decodes JSON text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import simplejson

Json = Any
"""None, bool, int, Decimal, str, list of Json or dict of str to Json. (A recursive alias helps no reader here.)"""


def loads(text: str | bytes) -> Json:
    """Decode one JSON document; a number with a fraction becomes a `Decimal`.

    Raises ValueError on text that is not JSON, `NaN` and `Infinity` included (RFC 8259, section 6), and on what is
    larger than can be held: integers of more than 4,300 digits, exponents of more than 18, nesting past Python's own.
    """
    try:
        return simplejson.loads(text, use_decimal=True, allow_nan=False)
    except ArithmeticError as error:
        raise ValueError("a number is too large to be held") from error
    except RecursionError as error:
        raise ValueError("it is nested too deeply to be held") from error


def dumps(value: Json, *, indent: int | None = None, sort_keys: bool = False) -> str:
    """Encode a document; compact without `indent`, non-ASCII characters kept. Raises TypeError or ValueError."""
    separators = (",", ":") if indent is None else (",", ": ")
    return simplejson.dumps(
        value,
        use_decimal=True,
        ensure_ascii=False,
        allow_nan=False,
        indent=indent,
        separators=separators,
        sort_keys=sort_keys,
    )


def exact(value: Any) -> Json:
    """The same document with each float as the Decimal of its shortest text, and each sequence as a list."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, Mapping):
        return {str(key): exact(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray):
        return [exact(item) for item in value]
    return value


def plain(value: Json) -> Any:
    """The document with each Decimal as a float, for readers that know JSON only through the standard library."""
    return simplejson.loads(dumps(value))
