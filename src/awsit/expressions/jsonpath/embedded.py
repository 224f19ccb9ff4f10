"""JSON inside a text: a queue's message, the input of an execution, a notification's envelope, an object's body."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from msgspec import Struct
from simplejson import JSONDecodeError

from awsit.expressions import budget
from awsit.expressions.jsonpath import query
from awsit.expressions.values import kind, show
from awsit.model.json import Json, TooLargeError, loads
from awsit.patterns import lazy_pattern

SHOWN = 60
"""Characters that a message shows of a text."""

_BASE64 = lazy_pattern(r"(?:[A-Za-z0-9+/_-]{4})*(?:[A-Za-z0-9+/_-]{2}(?:==)?|[A-Za-z0-9+/_-]{3}=?)?")
_LEAST_BASE64 = 4
FIRST_OF_BASE64 = "eWICD7"
"""The first characters of base64 whose first byte is `{`, `[`, white space, or of a byte order mark."""
_PLAIN_NAME = lazy_pattern(r"(\.\.)?\['([A-Za-z_]\w*)'\]")


class Reading(Struct, frozen=True):
    """What a text holds, or why it is no JSON: `problem` is the end of a sentence about the text."""

    document: Json = None
    problem: str = ""
    beyond_limits: bool = False


def read(value: Json) -> Reading:
    """Read JSON from a text: as it is written, or an object or array in base64 (RFC 4648, both alphabets)."""
    if not isinstance(value, str):
        article = "an" if kind(value) in {"object", "array"} else "a"
        held = "null" if value is None else f"{article} {kind(value)}"
        return Reading(problem=f"is {held}, not a text: `json_path` reads JSON inside a text")
    try:
        return Reading(loads(value.removeprefix("\ufeff")))
    except TooLargeError as error:
        return Reading(problem=f"is JSON that {error}", beyond_limits=True)
    except ValueError as error:
        decoded = _decoded(value)
        return Reading(problem=_no_json(value, error)) if decoded is None else Reading(decoded)


def container(text: str) -> Json:
    """The object or array that a text holds as JSON, also in base64; None for any other text."""
    if text[:1].isspace() or text[:1] in {"{", "[", "\ufeff"}:
        document = read(text).document
        return document if isinstance(document, dict | list) else None
    return _decoded(text)


class Obstacle(Struct, frozen=True):
    """A text with JSON that a path leads into: `outer` selects it, `inner` is the rest of the path.

    `reason` says instead why such a text cannot be read, as the end of a sentence: it is beyond the limits of
    `model.json`, and therefore stayed text.
    """

    outer: str
    inner: str
    held: str = "JSON"
    reason: str = ""


def obstacle(path: str, document: Json) -> Obstacle | None:
    """The text with JSON, if there is one, because of which a path selects nothing, or nothing but text."""
    for outer, texts, inner in _texts_on_the_way(path, document):
        for text in texts:
            reading = read(text)
            if reading.beyond_limits:
                return Obstacle(outer, inner, reason=reading.problem)
            if isinstance(reading.document, dict | list):
                return Obstacle(outer, inner, "base64 of JSON" if _decoded(text) is not None else "JSON")
    return None


def _texts_on_the_way(path: str, document: Json) -> Iterator[tuple[str, list[str], str]]:
    """Where the beginning of a path selects nothing but texts: the beginning, the texts, the rest as a path."""
    from jsonpath import JSONPath

    from awsit.expressions.jsonpath.counted import CountedPath

    parsed = query.parse(path)
    if isinstance(document, str):
        yield "$", [document], path
    if not isinstance(document, dict | list):
        return
    for length in range(1, len(parsed.segments) + 1):
        beginning = CountedPath(env=parsed.env, segments=parsed.segments[:length])
        with budget.evaluation():
            values = beginning.findall(document)
        texts = [value for value in values if isinstance(value, str)]
        if texts and len(texts) == len(values):
            rest = JSONPath(env=parsed.env, segments=parsed.segments[length:])
            yield shortened(str(beginning)), texts, shortened(str(rest))


def shortened(path: str) -> str:
    """A canonical path with `.name` for `['name']`."""
    return _PLAIN_NAME.sub(lambda match: f"{match[1] or '.'}{match[2]}", path)


def _decoded(text: str) -> Json:
    """The object or array of a text in base64; None for any other text."""
    if len(text) < _LEAST_BASE64 or text[0] not in FIRST_OF_BASE64 or not _BASE64.fullmatch(text):
        return None
    standard = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        document = loads(base64.b64decode(standard + "=" * (-len(standard) % 4)))
    except (ValueError, binascii.Error):
        return None
    return document if isinstance(document, dict | list) else None


def _no_json(text: str, error: ValueError) -> str:
    if not text.strip():
        return "is no JSON: it is an empty text"
    if not isinstance(error, JSONDecodeError):
        return f"is no JSON: {show(text, SHOWN)}"
    return f"is no JSON, the parser stopped at character {error.pos + 1} ({error.msg}): {show(text, SHOWN)}"
