"""Paths of names and indexes alone, such as `$.body.items[0].id`, read without python-jsonpath.

Most paths of scenarios are such, and the library is slow to import.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from awsit.expressions import budget
from awsit.expressions.values import ABSENT
from awsit.model.json import Json
from awsit.patterns import lazy_pattern

Keys = tuple[str | int, ...]

_SEGMENT = lazy_pattern(r"\.([A-Za-z_]\w{0,79})|\['([\w .:/-]{0,80})'\]|\[(0|[1-9][0-9]{0,8})\]", re.ASCII)
_PATH = lazy_pattern(rf"\$(?:{_SEGMENT.pattern}){{0,20}}", re.ASCII)


@lru_cache(maxsize=4096)
def keys_of(path: str) -> Keys | None:
    """The names and indexes of a path that has nothing else; None for any other path, right or wrong."""
    if not _PATH.fullmatch(path):
        return None
    return tuple(int(index) if index else name or quoted for name, quoted, index in _SEGMENT.findall(path))


def select(keys: Keys, document: dict[str, Json] | list[Json]) -> Json:
    """The value that the path of these keys selects, or ABSENT. Takes a step of the budget for each key."""
    value: Any = document
    budget.spend(1 + len(keys))
    for key in keys:
        value = value.get(key, ABSENT) if type(value) is dict and type(key) is str else _child(value, key)
        if value is ABSENT:
            break
    return value


def normalized(keys: Keys) -> str:
    """The path of these keys as RFC 9535 normalizes it (section 2.7)."""
    return "$" + "".join(f"['{key}']" if isinstance(key, str) else f"[{key}]" for key in keys)


def _child(value: Json, key: str | int) -> Json:
    if isinstance(key, str):
        return value.get(key, ABSENT) if isinstance(value, Mapping) else ABSENT
    is_there = isinstance(value, Sequence) and not isinstance(value, str) and key < len(value)
    return value[key] if is_there else ABSENT
