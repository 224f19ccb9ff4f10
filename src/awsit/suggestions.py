"""What a misspelt name was perhaps meant to be, for messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from msgspec import Struct

DID_YOU_MEAN = "; did you mean "
LISTED = 10
"""How many known names a message lists when none is like the unknown one."""

CUTOFF = 0.6
"""The ratio (`difflib.SequenceMatcher`) of the least similar name that is offered."""
OFFERED = 3
MAX_COMPARISONS = 300_000
"""Names that the problems of one file are compared with: enough for all that are shown, a second at most."""
_PER_NAME = 30
"""What the look for one name takes by itself, in comparisons."""


class _Comparisons(Struct):
    left: int


_comparisons: ContextVar[_Comparisons | None] = ContextVar("comparisons", default=None)


@contextmanager
def limited() -> Iterator[None]:
    """Offer similar names in the block as long as that takes no more than `MAX_COMPARISONS`.

    A file may have thousands of problems, of which a hundred are shown.
    """
    token = _comparisons.set(_Comparisons(MAX_COMPARISONS))
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
    similar = _most_similar(wanted, by_folded)
    return tuple(by_folded[item] for ratio, item in similar if ratio > similar[0][0] - 0.15)


def _most_similar(wanted: str, known: Iterable[str]) -> list[tuple[float, str]]:
    """What `difflib.get_close_matches` gives, with the ratios; these are computed for the likeliest names only."""
    from difflib import SequenceMatcher  # slow to import, and needed for what is misspelt only

    matcher = SequenceMatcher()
    matcher.set_seq2(wanted)
    bounds = []
    for item in known:
        matcher.set_seq1(item)
        if matcher.real_quick_ratio() >= CUTOFF and (bound := matcher.quick_ratio()) >= CUTOFF:
            bounds.append((bound, item))
    best: list[tuple[float, str]] = []
    for bound, item in sorted(bounds, reverse=True):
        if len(best) == OFFERED and bound < best[-1][0]:
            break
        matcher.set_seq1(item)
        best = sorted([*best, (matcher.ratio(), item)], reverse=True)[:OFFERED]
    return [each for each in best if each[0] >= CUTOFF]


def first_of(names: Sequence[str], most: int = LISTED) -> str:
    """The names, as far as a message lists them, and how many others there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


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
