"""Python's collector of reference cycles: when it looks for them, and when it need not."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

MANY_PIECES = 20
"""The cycles of fewer pieces of work are not worth to look through all that the start of a command has made."""

OFTEN = 10_000
"""New objects after which the collector looks through these. A run in the account leaves about a hundred in cycles."""


@contextmanager
def no_collections() -> Iterator[None]:
    """Collect nothing in the block, such as one that builds a graph of nodes: it has nothing to find in it.

    Each time, the collector would visit the nodes so far, half of the time it takes. A thread that finds the collector
    off leaves it to the thread that turned it off.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def frequent_collections(pieces: int) -> Iterator[None]:
    """Collect often in a block that does so many pieces of work one after the other, each of which leaves cycles.

    Those of the AWS SDK, a few for each call, hold what was received: 20 KB and more for a report. Only new objects are
    looked through, so that it takes no longer however much the process holds.
    """
    before = gc.get_threshold()
    if pieces >= MANY_PIECES:
        gc.set_threshold(min(OFTEN, before[0]), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
