"""What a misspelt name was perhaps meant to be, for messages."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

DID_YOU_MEAN = "; did you mean "
LISTED = 10
"""How many known names a message lists when none is like the unknown one."""


def close_matches(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """At most three of the `known` names that are spelt like `name`, the most similar first.

    Case does not matter. A name that is clearly less similar than the first is left out.
    """
    by_folded = {item.casefold(): item for item in known}
    wanted = name.casefold()
    similar = difflib.get_close_matches(wanted, list(by_folded), n=3, cutoff=0.6)
    ratios = [difflib.SequenceMatcher(None, item, wanted).ratio() for item in similar]
    return tuple(by_folded[item] for item, ratio in zip(similar, ratios, strict=True) if ratio > ratios[0] - 0.15)


def suggestion(name: str, known: Iterable[str], none: str = "there are no names here") -> str:
    """The end of a message about an unknown name, which begins with `;`.

    It names the known names that are spelt like it, or else some of the known ones; `none` is said when there are none.
    """
    names = sorted(known)
    close = close_matches(name, names)
    if close:
        return f"{DID_YOU_MEAN}{' or '.join(f'`{item}`' for item in close)}?"
    if not names:
        return f"; {none}"
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return f"; known here: {', '.join(f'`{item}`' for item in names[:LISTED])}{more}"
