"""The runs of this machine: open ones are known by their journals, those that are over by the report folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from awsit.cli.past_runs import recovery, report_folder
from awsit.cli.past_runs.interrupted import is_lost, journal_folder
from awsit.cli.path_names import shown
from awsit.cli.patterns import is_meant
from awsit.config import LOCAL, Settings
from awsit.errors import AwsitError
from awsit.model.result import RunResult, RunStatus
from awsit.model.run import HistoryEntry, RunSnapshot, RunSummary
from awsit.system.file_lock import is_held

if TYPE_CHECKING:
    from awsit.cli.past_runs.recovery import ServicesFor
    from awsit.model.ports import Clock


class LocalRuns:
    """A `RunSource` that reads files. The report folder also has the reports of runs in accounts that were followed."""

    def __init__(self, settings: Settings, clock: Clock, services_for: ServicesFor) -> None:
        """The runs in the folders of the settings; a clean-up is done with `services_for` the settings of its run."""
        self._settings = settings
        self._clock = clock
        self._services_for = services_for

    @property
    def place(self) -> str:
        """The report folder."""
        return shown(self._settings.report_folder)

    def newest(self, limit: int) -> Iterator[RunSummary]:
        """Runs that left something or go on, from their journals, and those with a report."""
        reports = {path.stem: path for path in self._settings.report_folder.glob("run-*.json")}
        journals = {path.stem: path for path in self._journals()}
        for run_id in sorted({*journals, *reports}, reverse=True)[:limit]:
            path = journals.get(run_id)
            summary = _summary(path) if path else report_folder.summary(reports[run_id])
            if summary is not None:
                yield summary

    def history(self, _limit: int, scenario: str = "", /) -> Iterable[HistoryEntry]:
        """What the reports say; one that is torn, or not of a run, is passed over."""
        entries = report_folder.entries(self._settings.report_folder)
        return (entry for entry in entries if not scenario or is_meant(entry.scenario, scenario))

    def snapshot(self, reference: str) -> RunSnapshot | None:
        """A local run that has ended, from its report. Runs in an account have newer records there."""
        return report_folder.snapshot(self._settings, reference)

    def report(self, reference: str) -> RunResult | None:
        """The report in the report folder, if it is of this run."""
        return report_folder.kept(self._settings, reference)

    def uncleaned(self) -> list[str]:
        """The runs with a journal that no living process holds."""
        return [path.stem for path in self._journals() if not is_held(path)]

    def can_clean_up(self, reference: str, /) -> bool:
        """Whether the run has a journal here, or a report that says that it left nothing."""
        return self._journal(reference).is_file() or self._cleaned(reference) is not None

    def as_it_stands(self, reference: str) -> RunResult:
        """What the journal says of a run now; without a journal, its report."""
        if cleaned := self._cleaned(reference):
            return cleaned
        from awsit.engine.run.report import make_result
        from awsit.engine.store.journals import read_journal

        store = read_journal(self._journal(reference)).store
        run, plan = store.run(reference), store.plan(reference)
        return make_result(plan, run, store.records(reference), self._clock.now())

    def clean_up(self, reference: str) -> RunResult:
        """Undo what is open from this process, keep the report, forget the journal if nothing is left."""
        return self._cleaned(reference) or recovery.finish(self._services_for, self._settings, self._journal(reference))

    def forget(self, reference: str) -> RunResult:
        """Keep a report that says so, and remove the journal."""
        return self._cleaned(reference) or recovery.forget(self._services_for, self._settings, self._journal(reference))

    def _cleaned(self, reference: str) -> RunResult | None:
        """The report of a local run that left nothing, so that its journal is gone; None for any other."""
        if self._journal(reference).is_file():
            return None
        result = report_folder.kept(self._settings, reference)
        is_clean = result is not None and not result.execution_arn and not result.cleanup.left_behind
        return result if is_clean else None

    def _journals(self) -> list[Path]:
        from awsit.engine.store import journals

        return journals.find(journal_folder(self._settings))

    def _journal(self, run_id: str) -> Path:
        return journal_folder(self._settings) / f"{run_id}.jsonl"


def _summary(path: Path) -> RunSummary | None:
    """The run of a journal; None when nothing in the journal can be read."""
    from awsit.engine.run.report import what_is_left
    from awsit.engine.store.journals import read_journal

    try:
        journal = read_journal(path)
    except AwsitError:
        return None
    run = journal.store.run(journal.run_id)
    if is_held(path):
        return RunSummary(run.run_id, run.scenario, LOCAL, RunStatus.RUNNING, run.started_at)
    status = RunStatus.ERROR if is_lost(path) and run.verdict is RunStatus.RUNNING else run.verdict
    left = len(what_is_left(journal.store, journal.run_id))
    return RunSummary(run.run_id, run.scenario, LOCAL, status, run.started_at, left)
