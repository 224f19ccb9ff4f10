"""Parts of a run that are read from the table when they are looked at: a run may hold far more than a step needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Generic, TypeVar, overload

T = TypeVar("T")

SINGLE_READS = 8
"""So many entries are read one by one; whoever looks at more reads all, a page of 1 MB at a time."""


class EntriesReadLater(Mapping[str, T], Generic[T]):
    """Entries that have an item each. Each is read once, strongly consistently, when it is first looked at."""

    def __init__(
        self,
        known: Mapping[str, T],
        one: Callable[[str], Mapping[str, T]],
        everything: Callable[[], Mapping[str, T]],
    ) -> None:
        """`known` needs no reading, and what is read replaces it; `one` reads an entry, `everything` all of them."""
        self._found = dict(known)
        self._one = one
        self._everything = everything
        self._looked_at: set[str] = set()
        self._is_whole = False

    def __getitem__(self, name: str) -> T:
        """An entry. Raises KeyError."""
        if not self._is_whole and name not in self._looked_at:
            if len(self._looked_at) < SINGLE_READS:
                self._looked_at.add(name)
                self._found.update(self._one(name))
            else:
                self._read_all()
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        """All names."""
        self._read_all()
        return iter(self._found)

    def __len__(self) -> int:
        """The number of all entries."""
        self._read_all()
        return len(self._found)

    def _read_all(self) -> None:
        if not self._is_whole:
            self._found.update(self._everything())
            self._is_whole = True


class ReadLater(Sequence[T], Generic[T]):
    """A sequence that is read once, when it is first looked at; equal to the tuple of the same elements."""

    def __init__(self, read: Callable[[], Sequence[T]]) -> None:
        """`read` gives the elements."""
        self._read = read

    @cached_property
    def _elements(self) -> tuple[T, ...]:
        return tuple(self._read())

    @overload
    def __getitem__(self, index: int) -> T: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...

    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        """An element, or several."""
        return self._elements[index]

    def __len__(self) -> int:
        """The number of elements."""
        return len(self._elements)

    def __eq__(self, other: object) -> bool:
        """Whether the elements are the same."""
        return self._elements == tuple(other) if isinstance(other, Sequence) else NotImplemented

    def __hash__(self) -> int:
        """As that of the tuple."""
        return hash(self._elements)
