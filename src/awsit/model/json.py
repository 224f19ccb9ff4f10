"""JSON with exact numbers.

Numbers with a fraction are `Decimal` everywhere inside awsit, so that a value read from DynamoDB or an API is written
back digit for digit. Only this module encodes and decodes JSON text.

Documents from outside have limits, so that everything that reads, compares and writes them can (RFC 8259, section 9,
lets a reader set them): `MAX_DEPTH` and `MAX_DIGITS`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, Final

import simplejson

from awsit.model.text.encoding import escaped
from awsit.model.text.visible import visible_json
from awsit.patterns import lazy_pattern

Json = Any

OBJECTS: Final = (dict, Mapping)
"""What is an object: nearly always a dict, which `isinstance` knows seven times as soon as any other mapping."""
CONTAINERS: Final = (*OBJECTS, list, tuple)
"""What is an object or an array."""
SCALARS: Final[frozenset[type]] = frozenset({str, int, bool, type(None), Decimal})
"""What is neither: a type in it is found sooner than `isinstance` knows that a value is no mapping."""
"""None, bool, int, Decimal, str, list of Json or dict of str to Json. (A recursive alias helps no reader here.)"""

_KEY_END = lazy_pattern(r'"[ \t\n\r]*:')
MAX_DEPTH: Final = 100
"""Arrays and objects inside one another."""
MAX_DIGITS: Final = 4300
"""Digits of a number that is written out, so without an exponent (Python: `sys.int_info.default_max_str_digits`)."""


class TooLargeError(ValueError):
    """A text is JSON, and beyond the limits; the message continues a sentence about it."""

    def __init__(self, message: str, *, is_depth: bool = False) -> None:
        """`is_depth`: the limit is `MAX_DEPTH`."""
        super().__init__(message)
        self.is_depth = is_depth


def loads(text: str | bytes) -> Json:
    """Decode one JSON document; a number with a fraction becomes a `Decimal`.

    Raises TooLargeError for what is beyond `MAX_DEPTH` or `MAX_DIGITS`, and ValueError for text that is not JSON, `NaN`
    and `Infinity` included (RFC 8259, section 6).
    """
    text = text if isinstance(text, str) else text.decode()
    document = loads_record(text)
    if text.count("[") + text.count("{") > MAX_DEPTH and is_deeper(document, MAX_DEPTH):  # few may be
        raise _too_deep()
    return document


def is_deeper(document: Json, limit: int) -> bool:
    """Whether lists and mappings are nested more than `limit` levels deep."""
    return any(depth >= limit for depth, _ in enumerate(_levels(document)))


def extent(document: Json) -> tuple[int, int, int]:
    """How many values a document has, how many keys, and how many lists and mappings are inside one another."""
    values, keys, depth = 1, 0, 0
    for level in _levels(document):
        values += sum(map(len, level))
        keys += sum(len(value) for value in level if isinstance(value, dict))
        depth += 1
    return values, keys, depth


def has_duplicate_keys(text: str, keys: int) -> bool:
    """Whether a mapping of the text, which is JSON, has a key twice; its document, which has `keys`, has the last."""
    if len(_KEY_END.findall(text)) == keys:  # a quote in a text may look like a key's, so that there seem to be more
        return False
    has_any = False

    def check(pairs: list[tuple[str, None]]) -> None:
        nonlocal has_any
        has_any = has_any or len(dict(pairs)) < len(pairs)

    simplejson.loads(text, object_pairs_hook=check, parse_float=str, parse_int=str)
    return has_any


def loads_record(text: str | bytes) -> Json:
    """As `loads`, for what `dumps` has written for awsit itself: a record may hold a document of any depth."""
    try:
        return _decoder().decode(text if isinstance(text, str) else text.decode())
    except RecursionError as error:
        raise _too_deep() from error


@cache
def _decoder() -> simplejson.JSONDecoder:
    return simplejson.JSONDecoder(parse_float=to_decimal, parse_int=_integer, allow_nan=False)


def beyond_limits(text: str) -> str:
    """What keeps a text that is JSON from being read, as the end of a sentence; empty for any other text."""
    try:
        loads(text)
    except TooLargeError as error:
        return str(error)
    except ValueError:
        return ""
    return ""


def dumps(value: Json, *, indent: int | None = None, sort_keys: bool = False) -> str:
    r"""Encode a document; compact without `indent`, non-ASCII characters kept, halves of surrogate pairs as `\ud83d`.

    Raises TypeError or ValueError.
    """
    return escaped(_encoded(value, indent=indent, sort_keys=sort_keys))


def dumps_visible(value: Json, *, indent: int | None = None) -> str:
    """Encode a document that a terminal or the log of a CI server may show; it reads back equal (`visible_json`)."""
    return visible_json(dumps(value, indent=indent))


def array(items: Iterable[str], depth: int = 0) -> Iterator[str]:
    """An indented array, in parts: what `dumps` makes of the list whose items are these indented texts.

    It stands inside so many arrays and objects.
    """
    between = "\n" + "  " * (depth + 1)
    is_empty = True
    for item in items:
        yield ("[" if is_empty else ",") + between + item.replace("\n", between)
        is_empty = False
    yield "[]" if is_empty else "\n" + "  " * depth + "]"


def _encoded(value: Json, *, indent: int | None = None, sort_keys: bool = False) -> str:
    separators = (",", ":") if indent is None else (",", ": ")
    try:
        return simplejson.dumps(
            value,
            use_decimal=True,
            ensure_ascii=False,
            allow_nan=False,
            indent=indent,
            separators=separators,
            sort_keys=sort_keys,
        )
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


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
    """The document for readers that know JSON only through the standard library, and text only as UTF-8.

    A Decimal becomes a float, or text where no float is so large; what UTF-8 cannot hold is escaped.
    """
    if isinstance(value, str):
        return escaped(value)
    if isinstance(value, Mapping):
        return {escaped(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, Decimal):
        return float(value) if abs(value) <= Decimal(sys.float_info.max) else str(value)
    return value


def is_within_limits(number: int | Decimal) -> bool:
    """Whether a finite number has at most `MAX_DIGITS` digits when it is written out."""
    if isinstance(number, int):
        return number.bit_length() < MAX_DIGITS * 3 or abs(number) < 10**MAX_DIGITS
    _, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    return max(number.adjusted() + 1, 1) + max(-exponent, 0) <= MAX_DIGITS and len(digits) <= MAX_DIGITS


def to_decimal(text: str) -> Decimal:
    """The number that the text is. Raises TooLargeError for one beyond `MAX_DIGITS`."""
    try:
        number = Decimal(text)
    except ArithmeticError as error:
        raise _too_long() from error
    if not is_within_limits(number):
        raise _too_long()
    return number


def _integer(text: str) -> int:
    if len(text) > MAX_DIGITS and len(text.lstrip("-")) > MAX_DIGITS:
        raise _too_long()
    return int(text)


def _levels(document: Json) -> Iterator[list[Json]]:
    """The arrays and objects of a document, a list for each level of nesting."""
    level = [document] if isinstance(document, list | dict) else []
    while level:
        yield level
        level = [
            item
            for value in level
            for item in (value.values() if isinstance(value, dict) else value)
            if isinstance(item, (list, dict))
        ]


def _too_deep() -> TooLargeError:
    return TooLargeError(f"is nested more than {MAX_DEPTH} levels deep", is_depth=True)


def _too_long() -> TooLargeError:
    return TooLargeError(f"holds a number of more than {MAX_DIGITS} digits")
