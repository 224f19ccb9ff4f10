"""Finishing clean-ups: of local runs from their journals, of runs in the account through the state machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from awsit.cli.interrupted_runs import journal_folder
from awsit.cli.reports.store import keep
from awsit.cli.session import Session
from awsit.config import LOCAL, Settings
from awsit.errors import EnvironmentFailure, NotFoundError
from awsit.reporting.console_link import EXECUTION_ARN
from awsit.system.file_lock import is_held

if TYPE_CHECKING:
    from awsit.engine.store.journals import Opened
    from awsit.model.result import RunResult

LONGEST_SECONDS = 900.0
IN_FLIGHT_SECONDS = 2.0
"""How long a request may take effect after the process that sent it was killed."""


@dataclass(frozen=True, slots=True)
class Cleanup:
    """Finds and finishes the runs of a project, and of its state machine where one is given."""

    session: Session
    settings: Settings

    def local(self) -> list[Path]:
        """The journals of runs that left something, or may have."""
        from awsit.engine.store import journals

        return [path for path in journals.find(journal_folder(self.settings)) if not is_held(path)]

    def everything(self) -> Iterator[Path | str]:
        """All that `--all` stands for: journals, then IDs of runs in the account."""
        yield from self.local()
        if self.settings.engine != LOCAL:
            yield from self.session.wiring.past_runs(self.settings).open()

    def named(self, reference: str) -> Path | str:
        """The journal of a local run, else the reference itself. Raises NotFoundError when it can be neither."""
        path = journal_folder(self.settings) / f"{reference}.jsonl"
        if path.is_file():
            return path
        if self.settings.engine == LOCAL and not EXECUTION_ARN.fullmatch(reference):
            raise NotFoundError(
                f"{reference} left nothing on this machine",
                code="run_not_found",
                hint="of a run in an account or in the sandbox, name it: --stack, --state-machine-arn or --sandbox",
            )
        return reference

    def as_it_stands(self, place: Path | str) -> RunResult:
        """What a run left, without changing anything."""
        if isinstance(place, str):
            past = self.session.wiring.past_runs(self.settings, place)
            return self._told(past.as_it_stands(past.run_id_of(place)))
        from awsit.engine.run.report import make_result
        from awsit.engine.store.journals import read_journal

        store = read_journal(place).store
        run, plan = store.run(place.stem), store.plan(place.stem)
        return make_result(plan, run, store.records(place.stem), self.session.wiring.clock().now())

    def finish(self, place: Path | str) -> RunResult:
        """Undo what is open, keep the report, forget the journal. Raises EnvironmentFailure for a run that goes on."""
        if isinstance(place, str):
            token = self.session.wiring.randomness().token(8)
            past = self.session.wiring.past_runs(self.settings, place)
            return self._told(past.clean_up(past.run_id_of(place), token))
        with _taken_over(place) as journal:
            result = self._finish(journal)
            keep(self.settings, result)
        return result

    def _told(self, result: RunResult) -> RunResult:
        from awsit.cli.running.detached import with_commands

        return with_commands(self.settings, result)

    def _finish(self, journal: Opened) -> RunResult:
        from awsit.engine.run.recover import Recovery
        from awsit.engine.store.records import Closing, RunState
        from awsit.model.result import ErrorInfo, RunStatus

        services = self.session.wiring.local_services(self._settings_of(journal), journal.store)
        ends = services.clock.monotonic() + LONGEST_SECONDS
        recovery = Recovery(services, journal.run_id, "awsit cleanup", LONGEST_SECONDS, ends, IN_FLIGHT_SECONDS)
        if journal.store.run(journal.run_id).state is RunState.CLOSED:
            result = recovery.finish()
        else:
            told = ErrorInfo("killed", "The process that ran it ended before the run did.")
            result = recovery.recover(Closing(RunStatus.ERROR, told))
        if result is None:
            raise EnvironmentFailure(
                f"the clean-up of {journal.run_id} did not end in {LONGEST_SECONDS:g} s", hint="run the command again"
            )
        return result

    def _settings_of(self, journal: Opened) -> Settings:
        """The settings with the AWS that the run had used, where no flag names another."""
        given = {name for name, origin in self.settings.origins.items() if origin.startswith("--")}
        kept = {name: value for name, value in (journal.origin or {}).items() if name not in given}
        return replace(self.settings, **kept)


@contextmanager
def _taken_over(path: Path) -> Iterator[Opened]:
    from awsit.engine.store.journals import open_journal

    journal = open_journal(path)
    if journal is None:
        raise EnvironmentFailure(
            f"{path.stem} is still going on in another process",
            code="still_running",
            hint="stop it there with Ctrl-C: it cleans up itself",
        )
    try:
        yield journal
    finally:
        journal.store.release(journal.run_id)
