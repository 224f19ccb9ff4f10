"""Ctrl-C, SIGTERM and a closed terminal while runs go on: all mean the same, and a run may clean up first."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = [signal.SIGINT, signal.SIGTERM]
if sys.platform != "win32":  # which has no SIGHUP
    SIGNALS.append(signal.SIGHUP)


@contextmanager
def handle_interrupts(interrupt: Callable[[], bool], say: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Have these signals call `interrupt` in this block, and raise KeyboardInterrupt when it returns False.

    A SIGHUP that is ignored stays so: `nohup` asks for that.
    When it returns True, `say` tells the person what happens now, and the block goes on.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may handle signals
        return

    def handle(_signal: int, _frame: FrameType | None) -> None:
        if not interrupt():
            raise KeyboardInterrupt
        say()

    before = {number: signal.signal(number, handle) for number in SIGNALS if not _is_nohup(number)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _is_nohup(number: signal.Signals) -> bool:
    return number.name == "SIGHUP" and signal.getsignal(number) is signal.SIG_IGN
