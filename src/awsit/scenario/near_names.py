"""The end of a message about a name that is not there."""

from __future__ import annotations

from collections.abc import Iterable

from awsit.expressions.near import suggestion


def offer(name: str, known: Iterable[str], none: str) -> str:
    """The near names, else all, else `none`: what to say when there are no names at all."""
    names = list(known)
    return suggestion(name, names) if names else f"; {none}"
