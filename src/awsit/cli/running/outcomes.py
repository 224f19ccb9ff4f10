"""A result for each run that one command asked for, in their order: also for those that are not over or never began."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from awsit.cli.exit_codes import BUG, of_result, worst
from awsit.cli.selection.last_run import Failed
from awsit.cli.selection.requested_run import WaitingRun
from awsit.errors import AwsitError, ExitCode
from awsit.model import codec
from awsit.model.json import Json
from awsit.model.result import ErrorInfo, RunResult, RunStatus
from awsit.reporting.totals import PagedResults
from awsit.system.spool import Spool

FAIL_FAST = ErrorInfo("not_run", "Not run: another one had not passed (--fail-fast).")
INTERRUPTED = ErrorInfo("not_run", "Not run: the command was interrupted.")
NOT_STARTED = ErrorInfo("not_run", "Not run: another one could not be carried out.")


class Outcomes:
    """The results so far, filled while runs begin and end; memory holds none of them.

    `failed` are the runs that did not pass, for a setup those within it. `why_not` is the error of those that never
    began.
    """

    def __init__(self, runs: Sequence[WaitingRun], engine: str, spool: Spool) -> None:
        self._runs = runs
        self._engine = engine
        self._spool = spool
        self._begun: set[str] = set()
        self._unwatched: set[str] = set()
        self._kept: dict[str, int] = {}
        self._codes: set[ExitCode] = set()
        self.failed: set[Failed] = set()
        self.executions: dict[str, str] = {}
        self.why_not = INTERRUPTED

    def begins(self, run: WaitingRun) -> None:
        """Note that a run begins."""
        self._begun.add(run.run_id)

    def add(self, result: RunResult) -> None:
        """Keep the result of a run that is over."""
        self._kept[result.run_id] = self._spool.add(codec.text(result, again=True))
        self._codes.add(of_result(result))
        if failed := Failed.of(result):
            self.failed |= {Failed.of_run(run.name, run.file) for run in self._behind(result)} or {failed}

    def could_not(self, run: WaitingRun, error: Exception, hint: str = "") -> RunResult:
        """Keep a result for a run that could not be carried out, or not be followed to its end; `hint` is of a bug."""
        bug = ErrorInfo(BUG, f"This is a bug in awsit: {type(error).__name__}: {error}", hint)
        result = self._result(run, RunStatus.ERROR, ErrorInfo.of(error) if isinstance(error, AwsitError) else bug)
        self.add(result)
        if run.run_id in self.executions:
            self._unwatched.add(run.run_id)
        return result

    def _behind(self, result: RunResult) -> list[WaitingRun]:
        """Of a setup that did not pass all the runs, since none of them begins; of one that left something its own."""
        within = [run for run in self._runs if run.suite_run == result.run_id]
        if not within or result.status is RunStatus.PASSED:
            return within
        setups = {run.suite_run for run in self._runs}
        return [run for run in self._runs if run.run_id not in setups]

    @property
    def unfinished(self) -> int:
        """How many runs have no result: they were not begun, or go on."""
        return len(self._runs) - len(self._kept)

    @property
    def still_running(self) -> dict[str, str]:
        """Execution ARNs, by run ID, of runs that have begun and may go on; empty where the start was not answered."""
        over = self._kept.keys() - self._unwatched
        begun = (run.run_id for run in self._runs if run.run_id in self._begun)
        return {run_id: self.executions.get(run_id, "") for run_id in begun if run_id not in over}

    @property
    def exit_code(self) -> ExitCode:
        """The exit code of the command: the worst of the runs that are over, and of why others never began."""
        is_cut_off = self.why_not is INTERRUPTED and len(self._begun) < len(self._runs)
        return worst({*self._codes, ExitCode.INTERRUPTED} if is_cut_off else self._codes)

    def results(self) -> PagedResults:
        """A result for every run that was asked for."""
        return PagedResults(len(self._runs), lambda place: self._of(self._runs[place]))

    def _of(self, run: WaitingRun) -> RunResult:
        kept = self._kept.get(run.run_id)
        return self._unfinished(run) if kept is None else codec.parse(RunResult, self._spool.read(kept))

    def _unfinished(self, run: WaitingRun) -> RunResult:
        if run.run_id in self._begun:
            return self._result(run, RunStatus.RUNNING, None)
        return self._result(run, RunStatus.SKIPPED, self.why_not)

    def _result(self, run: WaitingRun, status: RunStatus, error: ErrorInfo | None) -> RunResult:
        request = run.request
        metadata = _mapping(request.document.get("metadata"))
        tags = metadata.get("tags")
        return RunResult(
            request.run_id,
            request.name,
            status,
            self._engine,
            started_at="",
            finished_at="",
            duration_seconds=0.0,
            description=str(request.document.get("description") or ""),
            tags=tuple(map(str, tags)) if isinstance(tags, list) else (),
            execution_arn=self.executions.get(request.run_id, ""),
            error=error,
            file=request.file,
            repetition=request.repetition,
        )


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}
