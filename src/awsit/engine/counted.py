"""An engine whose runs are counted in CloudWatch, as those of the state machine are."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Protocol

from awsit.engine.wrapped import WrappedEngine
from awsit.errors import AwsitError
from awsit.model.events import Event, RunFinished
from awsit.model.result import RunResult, RunStatus, RunWarning
from awsit.model.run import Engine, StartedRun
from awsit.records import replace

NOT_COUNTED = "not_counted"
"""The code of the warning of a run that could not be counted."""


class RunCounter(Protocol):
    """The metrics of a stack."""

    def count(self, result: RunResult) -> None:
        """Add a run that is over. Raises AwsitError."""


def _is_held(run: StartedRun, result: RunResult) -> bool:
    return run.request.hold and result.status is RunStatus.PASSED


class CountedEngine(WrappedEngine):
    """Runs with another engine, and counts its runs; `counter` is made when the first one ends.

    A report says when its run could not be counted; no run fails of it. After one that could not be counted none is, so
    that no other one waits for a CloudWatch that cannot be reached.
    """

    def __init__(self, engine: Engine, counter: Callable[[], RunCounter]) -> None:
        super().__init__(engine)
        self._counter = cache(counter)
        self._not_counted: RunWarning | None = None

    def follow(self, run: StartedRun, emit: Callable[[Event], None]) -> None:
        """Follow the run to its end, and count it before its last event."""

        def counted(event: Event) -> None:
            if isinstance(event, RunFinished) and not _is_held(run, event.result):
                event = replace(event, result=self._counted(event.result))
            emit(event)

        self._engine.follow(run, counted)

    def clean_up(self, run_id: str) -> RunResult:
        """Have the run cleaned up, and count it."""
        return self._counted(self._engine.clean_up(run_id))

    def _counted(self, result: RunResult) -> RunResult:
        warning = self._not_counted
        if warning is None:
            try:
                self._counter().count(result)
            except AwsitError as error:
                message = f"not counted in CloudWatch: {error.message}"
                warning = self._not_counted = RunWarning(NOT_COUNTED, message, error.hint)
            else:
                return result
        return replace(result, warnings=(*result.warnings, warning))
