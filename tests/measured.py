"""The time that a block takes, and how much of it other work kept this process from running."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread
from time import monotonic

LOOK_SECONDS = 0.01
USUAL_LATENESS = 0.005


@dataclass
class Measured:
    """The `seconds` of a block, known at its end, and those in which the process was not running."""

    seconds: float = 0.0
    stalled: float = 0.0

    @property
    def own_seconds(self) -> float:
        """Those that a test may hold the code to."""
        return self.seconds - self.stalled


@contextmanager
def measured() -> Iterator[Measured]:
    """Measure a block that lets other threads run, as one does that waits for a socket."""
    time, over, began = Measured(), Event(), monotonic()
    watch = Thread(target=_count_stalls, args=(time, over), daemon=True)
    watch.start()
    try:
        yield time
    finally:
        time.seconds = monotonic() - began
        over.set()
        watch.join()


def _count_stalls(time: Measured, over: Event) -> None:
    """Look at the clock again and again: what looks too late was not let run."""
    while not over.is_set():
        due = monotonic() + LOOK_SECONDS
        over.wait(LOOK_SECONDS)
        if (late := monotonic() - due) > USUAL_LATENESS:
            time.stalled += late
