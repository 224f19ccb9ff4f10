"""Random numbers, tokens and UUIDs, for jitter and IDs."""

from __future__ import annotations

import random
import string
import uuid

_ALPHABET = string.ascii_lowercase + string.digits


class SystemRandomness:
    """The random source of the operating system."""

    def __init__(self) -> None:
        """Needs no seed, and is safe between threads."""
        self._random: random.Random = random.SystemRandom()

    def uniform(self, low: float, high: float) -> float:
        """A number between `low` and `high`."""
        return self._random.uniform(low, high)

    def token(self, length: int) -> str:
        """`length` random lower-case letters and digits."""
        return "".join(self._random.choices(_ALPHABET, k=length))

    def bits(self, count: int) -> int:
        """A number of `count` random bits."""
        return self._random.getrandbits(count)

    def uuid(self) -> str:
        """A random UUID, version 4."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))


class SeededRandomness(SystemRandomness):
    """The same numbers for the same seed, for tests."""

    def __init__(self, seed: int = 0) -> None:
        """Start the sequence of `seed`."""
        self._random = random.Random(seed)  # noqa: S311 - repeatable on purpose, guards nothing
