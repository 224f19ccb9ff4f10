"""What came of each run that one command asked for, in their order; also of those that are not over or never began."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from awsit.errors import AwsitError
from awsit.model.json import Json
from awsit.model.result import ErrorInfo, RunResult, RunStatus
from awsit.model.run import RunRequest

FAIL_FAST = ErrorInfo("not_run", "Not run: another one had not passed (--fail-fast).")
INTERRUPTED = ErrorInfo("not_run", "Not run: the command was interrupted.")
NOT_STARTED = ErrorInfo("not_run", "Not run: another one could not be carried out.")


class Outcomes:
    """Fills while runs begin and end. `why_not` tells of those that never began."""

    def __init__(self, requests: Sequence[RunRequest], engine: str) -> None:
        self._requests = requests
        self._engine = engine
        self._begun: set[str] = set()
        self._unwatched: set[str] = set()
        self._results: dict[str, RunResult] = {}
        self.executions: dict[str, str] = {}
        self.why_not = INTERRUPTED

    def begins(self, request: RunRequest) -> None:
        """A run begins."""
        self._begun.add(request.run_id)

    def add(self, result: RunResult) -> None:
        """A run is over."""
        self._results[result.run_id] = result

    def could_not(self, request: RunRequest, error: Exception) -> None:
        """A run could not be carried out."""
        told = ErrorInfo(error.code, error.message, error.hint) if isinstance(error, AwsitError) else None
        self._results[request.run_id] = self._made(request, RunStatus.ERROR, told or ErrorInfo("bug", str(error)))
        if request.run_id in self.executions:
            self._unwatched.add(request.run_id)

    @property
    def going_on(self) -> dict[str, str]:
        """The executions of runs that are not known to be over, by run ID; empty where the start was not answered."""
        over = self._results.keys() - self._unwatched
        begun = (request.run_id for request in self._requests if request.run_id in self._begun)
        return {run_id: self.executions.get(run_id, "") for run_id in begun if run_id not in over}

    def results(self) -> list[RunResult]:
        """A result for every request."""
        return [self._results.get(request.run_id) or self._unfinished(request) for request in self._requests]

    def _unfinished(self, request: RunRequest) -> RunResult:
        if request.run_id in self._begun:
            return self._made(request, RunStatus.RUNNING, None)
        return self._made(request, RunStatus.SKIPPED, self.why_not)

    def _made(self, request: RunRequest, status: RunStatus, error: ErrorInfo | None) -> RunResult:
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
