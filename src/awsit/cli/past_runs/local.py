"""The runs of this machine: open ones are known by their journals, those that are over by the report folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from awsit.cli.past_runs import recovery, report_folder
from awsit.cli.past_runs.interrupted import is_lost, journal_folder, origin_in
from awsit.cli.path_names import shown
from awsit.cli.patterns import is_meant
from awsit.config import Settings
from awsit.config_values import LOCAL
from awsit.errors import AwsitError
from awsit.model.plan import Phase
from awsit.model.result import ErrorInfo, RunResult, RunStatus
from awsit.model.run import HistoryEntry, LastLook, RunSnapshot, RunSummary
from awsit.records import replace
from awsit.system.file_lock import is_held

if TYPE_CHECKING:
    from awsit.cli.past_runs.recovery import ServicesFor
    from awsit.engine.store.records import RunRecord
    from awsit.model.ports import Clock
    from awsit.system.marks import Marks

LOOK_SECONDS = 0.2
"""How often it is looked what another process has done with a run."""
VERDICT_SECONDS = 2.0
"""How long a process may take to close a run that it was asked to stop."""


class LocalRuns:
    """A `RunSource` that reads files. The report folder also has the reports of runs in accounts that were followed."""

    def __init__(self, settings: Settings, clock: Clock, services_for: ServicesFor, marks: Marks) -> None:
        """The runs in the folders of the settings; a clean-up is done with `services_for` the settings of its run."""
        self._settings = settings
        self._marks = marks
        self._clock = clock
        self._services_for = services_for
        self.unread: list[str] = []
        self._listed: list[str] = []

    @property
    def place(self) -> str:
        """The report folder."""
        return shown(self._settings.report_folder)

    def newest(self, limit: int) -> Iterator[RunSummary]:
        """Runs that left something or go on, from their journals, and those with a report."""
        reports = {path.stem: path for path in self._settings.report_folder.glob("run-*.json")}
        journals = {path.stem: path for path in self._own_journals()}
        for run_id in sorted({*journals, *reports}, reverse=True)[:limit]:
            path = journals.get(run_id)
            summary = _summary(path, self._marks) if path else report_folder.summary(reports[run_id])
            if summary is not None:
                yield summary
            elif path is None:
                self.unread.append(shown(reports[run_id]))

    def history(self, _limit: int, scenario: str = "", /) -> Iterable[HistoryEntry]:
        """What the reports say; one that is torn, or not of a run, is passed over."""
        entries = report_folder.entries(self._settings.report_folder)
        return (entry for entry in entries if not scenario or is_meant(entry.scenario, scenario))

    def snapshot(self, reference: str) -> RunSnapshot | None:
        """A local run: from its journal, else from its report. Runs in an account have newer records there."""
        if not self.left_something(reference):
            return report_folder.snapshot(self._settings, reference)
        path = self._journal(reference)
        snapshot = _snapshot(path, self._marks)
        if is_held(path) or is_lost(path) or report_folder.has(self._settings, reference):
            return snapshot
        message = f"There is no report of it in {self.place}; `awsit cleanup {reference}` writes one."
        return replace(snapshot, error=ErrorInfo("no_report", message))

    def knows(self, reference: str) -> bool:
        """Whether the run is, or was, one of this machine."""
        return self.can_clean_up(reference) or report_folder.snapshot(self._settings, reference) is not None

    def stop(self, reference: str) -> bool:
        """Have the process that goes on with a run stop it; False when the run is over. Raises EnvironmentFailure."""
        from awsit.cli.past_runs.stop_requests import ask_to_stop

        return ask_to_stop(self._journal(reference), self._clock)

    def verdict(self, reference: str) -> RunStatus:
        """What a run that was asked to stop came to: `running` when its process has not said so in time."""
        ends = self._clock.monotonic() + VERDICT_SECONDS
        while (verdict := self._verdict(reference)) is RunStatus.RUNNING and self._clock.monotonic() < ends:
            self._clock.sleep(LOOK_SECONDS)
        return verdict

    def _verdict(self, reference: str) -> RunStatus:
        from awsit.engine.store.journals import read_journal

        try:
            return read_journal(self._journal(reference), self._marks).store.run(reference).verdict
        except (AwsitError, OSError):  # it is over, and left nothing
            kept = report_folder.kept(self._settings, reference)
            return kept.status if kept else RunStatus.RUNNING

    def report(self, reference: str) -> RunResult | None:
        """The report in the report folder, if it is of this run."""
        return report_folder.kept(self._settings, reference)

    def uncleaned(self) -> list[str]:
        """The runs with a journal that no living process holds. The journals of those that never began are removed."""
        from awsit.system.file_lock import remove_empty

        lost = [path for path in self._own_journals() if not is_held(path)]
        for path in lost:
            with suppress(FileNotFoundError):  # another command has just removed it
                remove_empty(path)  # the first line of one that began is on the disk before what must be undone
        self._listed = [path.stem for path in lost if path.exists()]
        return self._listed

    def left_something(self, reference: str) -> bool:
        """Whether the run has a journal, which is removed when nothing is left."""
        from awsit.engine.store.journals import exists

        return exists(self._journal(reference))

    def can_clean_up(self, reference: str, /) -> bool:
        """Whether the run has a journal here, or a report that says that it left nothing."""
        return self.left_something(reference) or self._cleaned(reference) is not None

    def as_it_stands(self, reference: str) -> RunResult:
        """What the journal says of a run now; without a journal, its report."""
        if cleaned := self._cleaned(reference):
            return cleaned
        from awsit.engine.run.report import make_result
        from awsit.engine.store.journals import read_journal

        store = read_journal(self._journal(reference), self._marks).store
        run, plan = store.run(reference), store.plan(reference)
        return make_result(plan, run, store.records(reference), self._clock.now())

    def clean_up(self, reference: str, tell: Callable[[LastLook], None]) -> RunResult:
        """Undo what is open from this process, keep the report, forget the journal if nothing is left.

        Of a run that `uncleaned` named, another clean-up may have taken the journal meanwhile: it is waited for.
        """
        ends = self._clock.monotonic() + recovery.LONGEST_SECONDS
        while True:
            try:
                cleaned = self._cleaned(reference)
                if cleaned:
                    return cleaned
                return recovery.finish(self._services_for, self._settings, self._journal(reference), self._marks, tell)
            except AwsitError as error:
                if not self._is_anothers(reference, error) or self._clock.monotonic() > ends:
                    raise
            self._clock.sleep(LOOK_SECONDS)

    def _is_anothers(self, reference: str, error: AwsitError) -> bool:
        """Whether another clean-up has the journal of a run that `uncleaned` named, or has just removed it."""
        if reference not in self._listed:
            return False
        return error.code == "still_running" or (error.code == "run_not_found" and bool(self._cleaned(reference)))

    def forget(self, reference: str) -> RunResult:
        """Keep a report that says so, and remove the journal."""
        if cleaned := self._cleaned(reference):
            return cleaned
        return recovery.forget(self._services_for, self._settings, self._journal(reference), self._marks)

    def foreign(self) -> list[str]:
        """The runs whose journals have no mark of this machine and user."""
        from awsit.engine.store.journals import is_foreign

        return [path.stem for path in self._journals() if is_foreign(path, self._marks)]

    def adopt(self, reference: str) -> str:
        """Mark a journal as this user's, and return the AWS that its clean-up will use, in words.

        Raises EnvironmentFailure while its run goes on, or when the file cannot be written.
        """
        from awsit.engine.store.journals import read_journal

        recovery.adopt(self._journal(reference), self._marks)
        origin = read_journal(self._journal(reference), self._marks).origin
        named = {name: value for name, value in origin_in(origin).items() if value}
        return ", ".join("the sandbox" if value is True else f"{name} {value}" for name, value in named.items())

    def _cleaned(self, reference: str) -> RunResult | None:
        """The report of a local run that left nothing, so that its journal is gone; None for any other."""
        if self.left_something(reference):
            return None
        result = report_folder.kept(self._settings, reference)
        is_clean = result is not None and not result.execution_arn and not result.cleanup.left_behind
        return result if is_clean else None

    def _journals(self) -> list[Path]:
        from awsit.engine.store import journals

        return journals.find(journal_folder(self._settings))

    def _own_journals(self) -> list[Path]:
        foreign = set(self.foreign())
        return [path for path in self._journals() if path.stem not in foreign]

    def _journal(self, run_id: str) -> Path:
        return journal_folder(self._settings) / f"{run_id}.jsonl"


def _snapshot(path: Path, marks: Marks) -> RunSnapshot:
    """The run of a journal as it is now, or as it was cut off."""
    from awsit.engine.run.report import under_way
    from awsit.engine.store.journals import read_journal

    journal = read_journal(path, marks)
    run, records = journal.store.run(journal.run_id), journal.store.records(journal.run_id)
    results = [record.result for record in records]
    results += under_way(journal.store.plan(journal.run_id), run, records) if is_held(path) else ()
    results.sort(key=lambda each: (each.started_at, each.index))
    return RunSnapshot(
        run_id=run.run_id,
        scenario=run.scenario,
        status=_status(path, run),
        started_at=run.started_at,
        total_steps=run.total_steps,
        steps=tuple(each for each in results if each.phase != Phase.CLEANUP),
        cleanup_steps=tuple(each for each in results if each.phase == Phase.CLEANUP),
    )


def _status(path: Path, run: RunRecord) -> RunStatus:
    """The verdict of a journal's run: `running` while a process goes on with it, `error` when it was cut off."""
    if is_held(path):
        return RunStatus.RUNNING
    return RunStatus.ERROR if is_lost(path) and run.verdict is RunStatus.RUNNING else run.verdict


def _summary(path: Path, marks: Marks) -> RunSummary | None:
    """The run of a journal; None when nothing in the journal can be read."""
    from awsit.engine.run.report import what_is_left
    from awsit.engine.store.journals import read_journal

    try:
        journal = read_journal(path, marks)
    except (AwsitError, FileNotFoundError):  # of a run that has just ended, the file is gone
        return None
    run = journal.store.run(journal.run_id)
    status = _status(path, run)
    if status is RunStatus.RUNNING:
        return RunSummary(run.run_id, run.scenario, LOCAL, status, run.started_at)
    left = len(what_is_left(journal.store, journal.run_id))
    return RunSummary(run.run_id, run.scenario, LOCAL, status, run.started_at, left)
