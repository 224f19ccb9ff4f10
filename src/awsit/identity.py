"""Caches for values whose content takes longer to compare than to work with."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Identity(Generic[T]):
    """A value as a key that equals the key of the very same object only, which it keeps alive."""

    __slots__ = ("value",)

    def __init__(self, value: T) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        """Whether both are of one object."""
        return isinstance(other, Identity) and self.value is other.value

    def __hash__(self) -> int:
        """That of the object, not of its content."""
        return id(self.value)


def remembered(most: int) -> Callable[[Callable[[T], R]], Callable[[T], R]]:
    """Have a function remember what it gives for an object, of `most` objects at a time, which it keeps alive.

    As `lru_cache` with `Identity`, in a quarter of the calls; it is for what is asked for many times in a row.
    """

    def decorate(function: Callable[[T], R]) -> Callable[[T], R]:
        known: dict[int, tuple[T, R]] = {}

        @wraps(function)
        def remembering(value: T) -> R:
            entry = known.get(id(value))
            if entry is not None and entry[0] is value:
                return entry[1]
            result = function(value)
            if len(known) >= most:
                known.clear()
            known[id(value)] = value, result
            return result

        return remembering

    return decorate
