"""How far a load is: a line that is redrawn on a terminal, else one now and then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from awsit.cli.running.load.carry_out import LoadProgress
from awsit.cli.session import QUIET, Session
from awsit.load.result import LoadRate
from awsit.reporting.terminal.load import progress_words
from awsit.reporting.terminal.terminal import is_live

SAID_EVERY = 30.0
"""Seconds between two lines of what cannot be redrawn."""


@contextmanager
def showing(session: Session, load: LoadRate, *, machine_output: bool) -> Iterator[Callable[[LoadProgress], None]]:
    """Show the progress of a load in this block: with what is given, again and again."""
    console = session.err if machine_output else session.out
    if session.verbosity <= QUIET:
        yield lambda _: None
    elif is_live(console):
        from rich.live import Live  # slow to import, and what is piped is not redrawn

        with Live(console=console, transient=True, auto_refresh=False) as live:
            yield lambda progress: live.update(_words(progress, load), refresh=True)
    else:
        said = 0.0

        def say(progress: LoadProgress) -> None:
            nonlocal said
            if progress.elapsed - said >= SAID_EVERY:
                said = progress.elapsed
                session.say(_words(progress, load))

        yield say


def _words(progress: LoadProgress, load: LoadRate) -> str:
    return progress_words(progress.elapsed, load, progress.recorder.iterations, progress.under_way)
