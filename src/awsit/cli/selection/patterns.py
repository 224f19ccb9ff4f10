"""Patterns of scenario names, such as `orders_*`: `*` stands for any text, `?` for one character."""

from __future__ import annotations

import re
from functools import lru_cache

from awsit.model.json import Json

_WILD = {"*": ".*", "?": "."}


def is_pattern(name: str) -> bool:
    """Whether a name holds a `*` or `?`. Brackets name a row of a matrix: `priced[book]`, `priced[*]`."""
    return "*" in name or "?" in name


def is_like(name: str, pattern: str) -> bool:
    """Whether the whole name is like the pattern; case counts."""
    return _compiled(pattern).fullmatch(name) is not None


def rows_like(pattern: str, document: Json) -> tuple[str, ...] | None:
    """The rows of a scenario that are like the pattern; empty for all of them, None for none."""
    name = document.get("name")
    if not isinstance(name, str):
        return None
    if is_like(name, pattern):
        return ()
    rows = tuple(label for label in labels_of(document) if is_like(label, pattern)) if "[" in pattern else ()
    return rows or None


def labels_of(document: Json) -> list[str]:
    """What the runs of a scenario are called; none where its matrix is not valid."""
    from pydantic_core import PydanticCustomError

    from awsit.scenario.schema.matrix import expand_matrix

    try:
        return [label for label, _ in expand_matrix(document)]
    except (PydanticCustomError, KeyError):
        return []


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile("".join(_WILD.get(character, re.escape(character)) for character in pattern), re.DOTALL)
