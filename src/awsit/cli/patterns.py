"""Patterns of scenario names, such as `orders_*`: `*` stands for any text, `?` for one character."""

from __future__ import annotations

import re
from functools import lru_cache

_WILD = {"*": ".*", "?": "."}


def is_pattern(name: str) -> bool:
    """Whether a name holds a `*` or `?`. Brackets name a row of a matrix: `priced[book]`, `priced[*]`."""
    return "*" in name or "?" in name


def is_like(name: str, pattern: str) -> bool:
    """Whether the whole name is like the pattern; case counts."""
    return _compiled(pattern).fullmatch(name) is not None


def base_name(name: str) -> str:
    """The scenario's own name, from that of a row of its matrix: `priced` for `priced[book]`."""
    return name.partition("[")[0]


def is_meant(scenario: str, name: str) -> bool:
    """Whether a name or pattern means this scenario, or the one that this is a row of."""
    if is_pattern(name):
        return is_like(scenario, name) or is_like(base_name(scenario), name)
    return name in (scenario, base_name(scenario))


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile("".join(_WILD.get(character, re.escape(character)) for character in pattern), re.DOTALL)
