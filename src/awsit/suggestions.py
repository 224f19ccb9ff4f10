"""What a misspelt name was perhaps meant to be, for messages."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

DID_YOU_MEAN = "; did you mean "
LISTED = 10
"""How many known names a message lists when none is like the unknown one."""

MAX_COMPARISONS = 500_000
"""Names that the problems of one file are compared with: enough for all that are shown, a second at most."""
_PER_NAME = 30
"""What the look for one name takes by itself, in comparisons."""


@dataclass(slots=True)
class _Comparisons:
    left: int = MAX_COMPARISONS


_comparisons: ContextVar[_Comparisons | None] = ContextVar("comparisons", default=None)


@contextmanager
def limited() -> Iterator[None]:
    """Offer similar names in the block as long as that takes no more than `MAX_COMPARISONS`.

    A file may have thousands of problems, of which a hundred are shown.
    """
    token = _comparisons.set(_Comparisons())
    try:
        yield
    finally:
        _comparisons.reset(token)


def _may_compare(names: int) -> bool:
    """Count a look among so many names; whether there is time for it."""
    comparisons = _comparisons.get()
    if comparisons is not None:
        comparisons.left -= names + _PER_NAME
    return comparisons is None or comparisons.left >= 0


def close_matches(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """At most three of the `known` names that are spelt like `name`, the most similar first.

    Case does not matter. A name that is clearly less similar than the first is left out.
    """
    by_folded = {item.casefold(): item for item in known}
    if not _may_compare(len(by_folded)):
        return ()
    wanted = name.casefold()
    similar = difflib.get_close_matches(wanted, list(by_folded), n=3, cutoff=0.6)
    ratios = [difflib.SequenceMatcher(None, item, wanted).ratio() for item in similar]
    return tuple(by_folded[item] for item, ratio in zip(similar, ratios, strict=True) if ratio > ratios[0] - 0.15)


def suggestion(name: str, known: Iterable[str], none: str = "there are no names here") -> str:
    """The end of a message about an unknown name, which begins with `;`.

    It names the known names that are spelt like it, or else some of the known ones; `none` is said when there are none.
    It is empty where `limited` leaves no time.
    """
    if not _may_compare(0):
        return ""
    names = sorted(known)
    close = close_matches(name, names)
    if close:
        return f"{DID_YOU_MEAN}{' or '.join(f'`{item}`' for item in close)}?"
    if not names:
        return f"; {none}"
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return f"; known here: {', '.join(f'`{item}`' for item in names[:LISTED])}{more}"
