"""ULIDs: IDs of 26 characters that sort by time (the specification at github.com/ulid/spec).

Every run needs one, and `python-ulid` takes as long to import as a twentieth of a short run: a test holds these to it.
"""

from __future__ import annotations

from datetime import UTC, datetime

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's Base32, which has no I, L, O, U."""

RANDOM_BITS = 80


def ulid(milliseconds: int, random: int) -> str:
    """The ULID of a time, in milliseconds since the epoch, and a number of `RANDOM_BITS`."""
    number = (milliseconds << RANDOM_BITS) | random
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))


def time_of(text: str) -> datetime:
    """The time of a ULID, in UTC. Raises ValueError for what is none."""
    number = 0
    for letter in text:
        number = number << 5 | _ALPHABET.index(letter)
    return datetime.fromtimestamp((number >> RANDOM_BITS) / 1000, UTC)
