"""One pattern for many texts, of which a search finds the longest at the first place where one stands.

`re` tries the alternatives of a pattern one after the other at each character (Python, "re — Regular expression
operations", on `|`). A hundred secrets have thousands of forms: where those with the same beginning are one
alternative, few are tried.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from os.path import commonprefix

FEW = 64
"""So many are tried sooner than their beginnings are compared here."""
_DEEPEST = 16
"""Levels of groups within groups: the parser of patterns calls itself for each."""
_FIRST = itemgetter(slice(0, 1))


def alternatives(texts: Sequence[str]) -> str:
    """The pattern of some texts, longest first."""
    return _one_of(list(texts), 0 if len(texts) > FEW else _DEEPEST)


def _one_of(texts: list[str], level: int) -> str:
    if level == _DEEPEST:
        return "|".join(map(re.escape, texts))
    groups = [list(group) for first, group in groupby(sorted(texts, key=_FIRST), _FIRST) if first]
    patterns = [_group(group, level) for group in groups]
    return "|".join([*patterns, ""] if "" in texts else patterns)  # a longer one is tried before


def _group(texts: list[str], level: int) -> str:
    """The pattern of texts with the same first character, longest first."""
    beginning = commonprefix(texts)  # noqa: RUF071 - these are no paths
    rest = [text[len(beginning) :] for text in texts]
    return re.escape(beginning) + ("" if rest == [""] else f"(?:{_one_of(rest, level + 1)})")
