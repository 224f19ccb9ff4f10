"""The names of the rows of a matrix, and of cases."""

from __future__ import annotations

from awsit.model.json import Json
from awsit.patterns import lazy_pattern

_NAME = lazy_pattern(r"[^\x00-\x1f\x7f\[\]*?]{1,80}")
WHAT_NAMES_ROWS = "text of at most 80 characters, without `[`, `]`, `*` and `?`"


def is_row_name(name: Json) -> bool:
    """Whether it can name a row: text that a person can put between the brackets of `priced[book]`."""
    return isinstance(name, str) and _NAME.fullmatch(name) is not None
