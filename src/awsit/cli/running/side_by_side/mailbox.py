"""What threads hand to one reader, who comes for it now and then: to be woken for each item costs more than a step."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")

GLANCE_SECONDS = 0.05
"""How long an item may lie there: no person sees it."""


class Mailbox(Generic[T]):
    """Items in the order in which threads put them in; one thread takes them out."""

    def __init__(self) -> None:
        self._items: deque[T] = deque()
        self._bell: SimpleQueue[None] = SimpleQueue()

    def put(self, item: T, *, is_urgent: bool = False) -> None:
        """Put an item in; an urgent one wakes the reader."""
        self._items.append(item)
        if is_urgent:
            self._bell.put(None)

    def get(self, timeout: float) -> T:
        """Take the first item out. Raises queue.Empty when there is none after so many seconds."""
        ends = monotonic() + timeout
        while not self._items:
            left = ends - monotonic()
            if left <= 0:
                raise Empty
            with suppress(Empty):
                self._bell.get(timeout=min(left, GLANCE_SECONDS))
        return self._items.popleft()
