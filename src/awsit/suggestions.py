"""Names that are near to one that was not found, for messages that help."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

LISTED = 10


def near(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """At most three of the `known` names that look like `name`, the best first.

    Case does not matter; one that is clearly less like it than the best is left out.
    """
    by_folded = {item.casefold(): item for item in known}
    wanted = name.casefold()
    found = difflib.get_close_matches(wanted, list(by_folded), n=3, cutoff=0.6)
    likeness = [difflib.SequenceMatcher(None, item, wanted).ratio() for item in found]
    return tuple(by_folded[item] for item, much in zip(found, likeness, strict=True) if much > likeness[0] - 0.15)


def suggestion(name: str, known: Iterable[str], none: str = "there are no names here") -> str:
    """The end of a message: what was perhaps meant, else what there is, else `none`; begins with `;`."""
    names = sorted(known)
    close = near(name, names)
    if close:
        return f"; did you mean {' or '.join(f'`{item}`' for item in close)}?"
    if not names:
        return f"; {none}"
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return f"; known here: {', '.join(f'`{item}`' for item in names[:LISTED])}{more}"
