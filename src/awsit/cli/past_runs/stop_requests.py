"""Requests to stop a run of this machine that another process carries out.

A request is a file beside the run's journal, which the process that runs it looks for once a second. No signal is sent:
in another container, or after the process has ended, its ID may be a stranger's.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from awsit.errors import EnvironmentFailure
from awsit.system.file_lock import is_held

if TYPE_CHECKING:
    from awsit.model.ports import Clock
    from awsit.model.run import Engine

ENDING = ".stop"
PATIENCE_SECONDS = 5.0
POLL_SECONDS = 0.1


class StopRequests:
    """The requests to the runs of one command. Only an engine whose runs end with this process has any."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        """Look in the `folder` of the journals."""
        self._engine = engine
        self._folder = folder

    def obey(self, run_ids: Iterable[str]) -> None:
        """Stop those of the runs that somebody wants stopped."""
        if self._engine.outlives_process:
            return
        for run_id in run_ids:
            with suppress(FileNotFoundError):
                (self._folder / f"{run_id}{ENDING}").unlink()
                self._engine.stop(run_id)


def ask_to_stop(journal: Path, clock: Clock) -> bool:
    """Have the process that holds a run's journal stop the run; False when the run is over.

    Raises EnvironmentFailure when the process does not answer.
    """
    request = journal.with_suffix(ENDING)
    if not is_held(journal):
        return False
    request.touch(mode=0o600)
    ends = clock.monotonic() + PATIENCE_SECONDS
    while clock.monotonic() < ends and is_held(journal):
        if not request.exists():
            return True
        clock.sleep(POLL_SECONDS)
    request.unlink(missing_ok=True)
    if not is_held(journal):
        return False
    raise EnvironmentFailure(
        f"the process that runs {journal.stem} does not answer", hint="stop it there with Ctrl-C: it cleans up itself"
    )
