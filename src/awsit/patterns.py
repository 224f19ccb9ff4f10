"""Regular expressions that are compiled when they are first used.

It takes a tenth of a millisecond and more to compile one; a run imports more than a hundred, and uses a third of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

__all__ = ["lazy_pattern"]

if TYPE_CHECKING:  # type checkers know `re.compile` best
    from re import compile as lazy_pattern
else:
    _METHODS = ("match", "fullmatch", "search", "finditer", "findall", "split", "sub", "subn")

    class lazy_pattern:  # noqa: N801 - it is called where `re.compile` would be
        """As `re.compile` with these arguments; the functions of `re` do not take it, its own methods do the same."""

        __slots__ = ("flags", "pattern", *_METHODS)

        def __init__(self, pattern: str | bytes, flags: int = 0) -> None:
            self.pattern = pattern
            self.flags = flags

        def __getattr__(self, name: str) -> object:
            """Compile the pattern for its first use, and keep its methods: what is kept comes here no more."""
            compiled = re.compile(self.pattern, self.flags)
            for method in _METHODS:
                setattr(self, method, getattr(compiled, method))
            return getattr(compiled, name)
