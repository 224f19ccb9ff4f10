"""How far a load is: a line that is redrawn on a terminal, else one now and then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from awsit.cli.running.load.carry_out import LoadProgress
from awsit.cli.session import QUIET, Session
from awsit.load.result import LoadRate
from awsit.reporting.terminal.load import progress_words

REDRAWN_EVERY, SAID_EVERY = 0.25, 30.0
"""Seconds between two lines: on a terminal, and elsewhere."""


@contextmanager
def showing(session: Session, load: LoadRate, *, machine_output: bool) -> Iterator[Callable[[LoadProgress], None]]:
    """Show the progress of a load in this block: with what is given, again and again."""
    console = session.err if machine_output else session.out
    if session.verbosity <= QUIET:
        yield lambda _: None
    elif console.live:
        from rich.live import Live  # slow to import, and what is piped is not redrawn

        with Live(console=console.live, transient=True, auto_refresh=False) as live:
            yield _now_and_then(load, REDRAWN_EVERY, lambda line: live.update(line, refresh=True))
    else:
        yield _now_and_then(load, SAID_EVERY, session.say)


def _now_and_then(load: LoadRate, seconds: float, say: Callable[[str], None]) -> Callable[[LoadProgress], None]:
    """What says how far the load is, when so many seconds have passed since it did so."""
    said = 0.0

    def show(progress: LoadProgress) -> None:
        nonlocal said
        if progress.elapsed - said >= seconds:
            said = progress.elapsed
            say(progress_words(progress.elapsed, load, progress.iterations, progress.under_way))

    return show
