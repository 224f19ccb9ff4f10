"""Secrets that are recognised by a name such as `password`, by their place in a header or URL, or by their form."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from urllib.parse import unquote_plus

from awsit.expressions.jsonpath.embedded import FIRST_OF_BASE64, container
from awsit.model.json import OBJECTS, Json, loads
from awsit.model.text.secret_names import is_secret_name
from awsit.patterns import lazy_pattern

MASK = "***"
LEAST_NAMED = 6
"""A named value that is shorter is masked at its own place only."""
NUMBERS = frozenset({int, float, Decimal, bool, type(None)})
"""What holds no secret but by its name, or by being one that is known: of these a list may have a million."""
MOST_NAMED = 100

_SCHEME = lazy_pattern(r"^(?:bearer|basic|token|digest)\s+(\S+)$", re.IGNORECASE)
_COOKIE = lazy_pattern(r"(?:^|[;,]\s*)[^=;,\s]+=\"?([^;,\"\s]+)")
_PAIRS = (("name", "value"), ("Name", "Value"), ("key", "value"), ("Key", "Value"))
_VALUE_KEYS = frozenset(value for _, value in _PAIRS)

_PARAMETER = lazy_pattern(r"(?<=[?&#;])([\w.\-\[\]%+]+)=([^&#\s\"'<>]+)")
_USERINFO = lazy_pattern(r"((?<=[A-Za-z0-9+.-])://[^\s/?#@:]*:)([^\s/?#@]+)(?=@)")
_BEARER = lazy_pattern(r"(\bbearer\s+)(?=\S*\d)[\w.~+/=-]{16,}", re.IGNORECASE)
_BASIC = lazy_pattern(r"(\bbasic\s+)([\w+/=-]{8,})", re.IGNORECASE)
SHORTEST_CREDENTIALS = len("basic ") + 8
"""Characters of the shortest text in which `_BASIC`, `_BEARER` or `_JWT` finds anything."""
_JWT = lazy_pattern(r"(?<![\w-])(?>([\w-]*?)\beyJ[\w-]{8,})\.eyJ[\w-]{8,}\.[\w-]{8,}")
"""As all of these patterns it takes time in proportion to the text: no run of characters is looked through twice."""


_MAY_HOLD_NAMED = lazy_pattern(rf"\A[\s{{\[\ufeff{FIRST_OF_BASE64}]|://|=")
"""What a text has that may be JSON, also in base64, or may hold a URL or a parameter: in which `_in_text` looks."""


def named_secrets(value: Json, least: int = LEAST_NAMED) -> set[str]:
    """The texts inside a document that are secrets by their names, or by their place in a header, URL or cookie.

    They have at least so many characters. The first `MOST_NAMED` of them: to look for thousands in everything would
    take longer than the action itself.
    """
    distinct: set[str] = set()
    for text in _secrets_in(value):
        if len(distinct) == MOST_NAMED:
            break
        if len(text) >= least and text != MASK:
            distinct.add(text)
    return distinct


def without_patterns(text: str) -> str:
    """The text without what looks like a credential: in URLs, after `Bearer` and `Basic`, and JSON Web Tokens."""
    if "://" in text:
        text = _USERINFO.sub(rf"\1{MASK}", text)
    if "=" in text:
        text = _PARAMETER.sub(lambda match: f"{match[1]}={MASK}" if _is_secret_parameter(match) else match[0], text)
    if len(text) < SHORTEST_CREDENTIALS or not _may_hold_credentials(text.casefold()):
        return text
    text = _BASIC.sub(lambda match: f"{match[1]}{MASK}" if [*_passwords_of_basic(match[2])] else match[0], text)
    return _JWT.sub(rf"\1{MASK}", _BEARER.sub(rf"\1{MASK}", text))


def may_hold_secrets(text: str) -> bool:
    """Whether `without_patterns` or, in a text that is no JSON, `named_secrets` may find anything; it costs little."""
    if "=" in text or ("@" in text and "://" in text):
        return True
    return len(text) >= SHORTEST_CREDENTIALS and _may_hold_credentials(text.casefold())


def _may_hold_credentials(folded: str) -> bool:
    """Whether `_BASIC`, `_BEARER` or `_JWT` may find anything; a word is found ten times as fast as a pattern."""
    return "basic" in folded or "bearer" in folded or ".eyj" in folded


def _secrets_in(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield from _in_text(value)
    elif isinstance(value, OBJECTS):
        for name, item in value.items():
            if is_secret_name(str(name)):
                yield from _leaves(item)
            elif _is_worth_a_look(item):
                yield from _secrets_in(item)
        yield from _in_pair(value)
    elif isinstance(value, list | tuple):
        for item in filter(_is_worth_a_look, value):
            yield from _secrets_in(item)


def _is_worth_a_look(value: Json) -> bool:
    kind = type(value)
    return kind not in NUMBERS and (kind is not str or _MAY_HOLD_NAMED.search(value) is not None)


def is_secret_pair(value: Mapping[str, Json]) -> bool:
    """Whether an object has a secret beside the name of it."""
    return not _VALUE_KEYS.isdisjoint(value) and next(_in_pair(value), None) is not None


def _in_pair(value: Mapping[str, Json]) -> Iterator[str]:
    """The value of `{name: DB_PASSWORD, value: …}`, and of a parameter of type SecureString."""
    for name_key, value_key in _PAIRS:
        if value_key not in value:
            continue
        if is_secret_name(str(value.get(name_key, ""))) or value.get("Type") == "SecureString":
            yield from _leaves(value[value_key])


def _in_text(text: str) -> Iterator[str]:
    """Secrets in a URL, and by their names in the JSON that a text holds, which `json_path` can read."""
    document = container(text)
    if document is not None:
        yield from _secrets_in(document)
    if "://" in text:
        yield from (unquote_plus(match[2]) for match in _USERINFO.finditer(text))
    if "=" in text:
        yield from (unquote_plus(match[2]) for match in _PARAMETER.finditer(text) if _is_secret_parameter(match))


def _is_secret_parameter(match: re.Match[str]) -> bool:
    """Whether a parameter of a URL is a secret by its name, which may be percent-encoded."""
    return is_secret_name(unquote_plus(match[1]))


def _leaves(value: Json) -> Iterator[str]:
    """The texts and numbers in a secret; of a header also what follows its scheme, of cookies also their values."""
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _leaves(item)
    elif isinstance(value, str):
        yield value
        yield from _parts(value)
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        yield str(value)


def _parts(text: str) -> Iterator[str]:
    scheme = _SCHEME.match(text.strip())
    if scheme:
        yield scheme[1]
        yield from _passwords_of_basic(scheme[1])
    elif text[:1] in {"{", "["}:
        try:
            yield from _leaves(loads(text))
        except (ValueError, RecursionError):
            return
    elif "=" in text:
        yield from _COOKIE.findall(text)


def _passwords_of_basic(encoded: str) -> Iterator[str]:
    """The password in the credentials of `Basic` (RFC 7617), if they are well-formed."""
    try:
        text = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, ValueError):
        return
    if ":" in text:
        yield text.partition(":")[2]
