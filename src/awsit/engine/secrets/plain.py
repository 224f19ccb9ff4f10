"""Documents of which all is shown, as of most: one walk tells, and nothing of them is copied."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from awsit.engine.secrets.detection import (
    NUMBERS,
    SHORTEST_CREDENTIALS,
    is_secret_pair,
    may_hold_secrets,
    named_secrets,
    without_patterns,
)
from awsit.expressions.jsonpath.embedded import FIRST_OF_BASE64, container
from awsit.model.json import Json
from awsit.model.text.secret_names import is_secret_name

MAX_TEXT = 8 * 1024
MAX_ITEMS = 200
MAX_DEPTH = 40
"""What is shown of a text, of an object or array, and of documents inside one another."""

_LONGEST_NAME = 100
"""Characters of names of which it is remembered whether they are plain: services say how long names are."""
_TEXT = frozenset({str})
_FIRST_OF_JSON = frozenset({"{", "[", "\ufeff", *FIRST_OF_BASE64})


def plain_size(document: Json) -> int | None:
    """How many values the objects and arrays of a document have, if all of it is shown where no secret is known.

    None if not: there is a secret in it by its name, its place or its form, or too much of something. A document that
    `Redactor` would have to look at more closely counts as such.
    """
    level, size = [[document]], -1
    for _ in range(MAX_DEPTH + 2):
        deeper: list[Json] = []
        for value in level:
            members = _members(value)
            if members is None or not _are_shown(members, deeper):
                return None
            size += len(members)
        if not deeper:
            return size
        level = deeper
    return None


def _members(value: Json) -> Collection[Json] | None:
    """What an object or array holds; None where its size or a name hides some of it."""
    if len(value) > MAX_ITEMS:
        return None
    if type(value) is list:
        return value
    if not _TEXT.issuperset(map(type, value)) or max(map(len, value), default=0) > _LONGEST_NAME:
        return None
    return value.values() if all(map(_is_plain_name, value)) and not is_secret_pair(value) else None


def _are_shown(members: Collection[Json], deeper: list[Json]) -> bool:
    """Whether all texts and numbers are shown; objects and arrays are added to what is looked at next."""
    for item in members:
        kind = type(item)
        if kind is str:
            if not _is_plain_text(item):
                return False
        elif kind is dict or kind is list:
            deeper.append(item)
        elif kind not in NUMBERS:
            return False
    return True


def _is_plain_text(text: str) -> bool:
    """Whether it is shown whole, and holds no secret in a URL, in JSON or by its form."""
    first = text[:1]
    if len(text) > MAX_TEXT or ((first in _FIRST_OF_JSON or first.isspace()) and container(text) is not None):
        return False
    if len(text) < SHORTEST_CREDENTIALS and "=" not in text and "@" not in text:
        return True
    return not may_hold_secrets(text) or (not named_secrets(text) and without_patterns(text) == text)


@lru_cache(maxsize=1024)
def _is_plain_name(name: str) -> bool:
    return not is_secret_name(name) and without_patterns(name) == name
