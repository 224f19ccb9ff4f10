"""Ctrl-C and SIGTERM while runs go on: both mean the same, and a run may be let to clean up first."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def handle_interrupts(interrupt: Callable[[], bool], say: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Have both signals call `interrupt` in this block, and raise KeyboardInterrupt when it returns False.

    When it returns True, `say` tells the person what happens now, and the block goes on.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may handle signals
        return

    def handle(_signal: int, _frame: FrameType | None) -> None:
        if not interrupt():
            raise KeyboardInterrupt
        say()

    before = {number: signal.signal(number, handle) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
