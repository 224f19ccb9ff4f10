"""Keys of caches for values whose content takes longer to compare than to work with."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")


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
