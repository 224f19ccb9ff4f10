"""Python's collector of reference cycles, which has nothing to find in a graph of nodes while it is built."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_collections() -> Iterator[None]:
    """Collect nothing in the block: each time, the collector would visit the nodes so far, half of the time it takes.

    A thread that finds the collector off leaves it to the thread that turned it off.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
