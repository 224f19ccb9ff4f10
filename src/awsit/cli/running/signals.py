"""Ctrl-C and SIGTERM while a run goes on: the same thing, and the person is told what happens now."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def told(tell: Callable[[], None], take_over: Callable[[], bool] = lambda: False) -> Iterator[None]:
    """Have both signals raise KeyboardInterrupt in this block.

    One that `take_over` takes charge of raises nothing: the run is asked to end, `tell` tells the person, and the block
    goes on.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may handle signals
        return

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        if not take_over():
            raise KeyboardInterrupt
        tell()

    before = {number: signal.signal(number, interrupt) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
