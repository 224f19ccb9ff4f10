"""Numbers with their nouns."""

from __future__ import annotations


def count(number: float, noun: str, plural: str = "", spec: str = "") -> str:
    """A number with its noun: `1 action`, `3 actions`.

    `plural` is needed where it is not the noun with an `s`, and `spec` says how the number is formatted.
    """
    return f"{number:{spec}} {noun if number == 1 else plural or f'{noun}s'}"


def none_of(number: int, noun: str) -> str:
    """The subject of a sentence about what none of them does: `none of 3 scenarios`; of a single one `no scenario`."""
    return f"no {noun}" if number == 1 else f"none of {count(number, noun)}"
