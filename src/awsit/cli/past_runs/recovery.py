"""The clean-up of a local run, finished by another process than the run's own: from its journal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from awsit.cli.past_runs.interrupted import origin_in
from awsit.cli.past_runs.report_folder import keep
from awsit.config import Settings
from awsit.errors import EnvironmentFailure, NotFoundError
from awsit.records import replace
from awsit.system.file_lock import is_held

if TYPE_CHECKING:
    from awsit.engine.services import Services
    from awsit.engine.store.journals import Opened
    from awsit.engine.store.records import RunStore
    from awsit.model.result import RunResult
    from awsit.model.run import LastLook
    from awsit.system.marks import Marks

    ServicesFor = Callable[[Settings, RunStore], Services]

LONGEST_SECONDS = 900.0
IN_FLIGHT_SECONDS = 2.0
"""How long a request may take effect after the process that sent it was killed."""


def finish(
    services_for: ServicesFor, settings: Settings, path: Path, marks: Marks, tell: Callable[[LastLook], None]
) -> RunResult:
    """Undo what is open in the run of a journal, keep its new report, and return it; `tell` of waits for last looks.

    Raises EnvironmentFailure while another process goes on with the run, and when it takes longer than LONGEST_SECONDS.
    """
    with _taken_over(path, marks) as journal:
        result = _recover(services_for(_settings_of(settings, journal), journal.store), journal, tell)
        keep(settings, result)
    return result


def forget(services_for: ServicesFor, settings: Settings, path: Path, marks: Marks) -> RunResult:
    """Have what the run of a journal left count as seen to, keep its new report, and return it.

    Raises EnvironmentFailure while another process goes on with the run.
    """
    with _taken_over(path, marks) as journal:
        journal.store.forget(journal.run_id)
        result = _recover(services_for(_settings_of(settings, journal), journal.store), journal, lambda _: None)
        keep(settings, result)
    return result


def adopt(path: Path, marks: Marks) -> None:
    """Mark a journal as this user's.

    Raises EnvironmentFailure while another process goes on with the run, and when the file cannot be written.
    """
    from awsit.engine.store import journals

    try:
        if is_held(path):
            raise _going_on(path)
        journals.adopt(path, marks)
    except OSError as error:
        raise EnvironmentFailure(
            f"{path.stem} cannot be adopted: {error.strerror}: {error.filename}",
            hint="look at the file and its disk; if it is not yours, remove it",
        ) from error


def _going_on(path: Path) -> EnvironmentFailure:
    return EnvironmentFailure(
        f"{path.stem} is still going on in another process",
        code="still_running",
        hint="stop it there with Ctrl-C: it cleans up itself",
    )


def _recover(services: Services, journal: Opened, tell: Callable[[LastLook], None]) -> RunResult:
    from awsit.engine.run.recover import Recovery
    from awsit.engine.store.records import Closing, RunState
    from awsit.model.result import ErrorInfo, RunStatus

    ends = services.clock.monotonic() + LONGEST_SECONDS
    recovery = Recovery(services, journal.run_id, "awsit cleanup", LONGEST_SECONDS, ends, IN_FLIGHT_SECONDS, tell)
    if journal.store.run(journal.run_id).state is RunState.CLOSED:
        result = recovery.finish()
    else:
        killed = ErrorInfo("killed", "The process that ran it ended before the run did.")
        result = recovery.recover(Closing(RunStatus.ERROR, killed))
    if result is None:
        raise EnvironmentFailure(
            f"the clean-up of {journal.run_id} did not end in {LONGEST_SECONDS:g} s", hint="run the command again"
        )
    return result


def _settings_of(settings: Settings, journal: Opened) -> Settings:
    """The settings, with the AWS that the run used where no flag chooses another."""
    flags = settings.given_by_flags
    return replace(settings, **{name: value for name, value in origin_in(journal.origin).items() if name not in flags})


@contextmanager
def _taken_over(path: Path, marks: Marks) -> Iterator[Opened]:
    from awsit.engine.store.journals import open_journal

    try:
        journal = open_journal(path, marks)
    except FileNotFoundError:  # another clean-up has just removed it
        raise NotFoundError(f"{path.stem} left nothing any more", code="run_not_found") from None
    if journal is None:
        raise _going_on(path)
    try:
        yield journal
    finally:
        journal.store.release(journal.run_id)
