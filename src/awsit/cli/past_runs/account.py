"""The runs of an installation in an account, or in the sandbox: what its state machine, table and bucket know."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from awsit.cli.past_runs import report_folder
from awsit.cli.patterns import is_meant, is_pattern
from awsit.cli.references import with_commands
from awsit.config import Settings
from awsit.errors import EnvironmentFailure, NotFoundError
from awsit.model.result import RunResult
from awsit.model.run import HistoryEntry, LastLook, RunSnapshot, RunSummary

if TYPE_CHECKING:
    from awsit.aws.runs.history import RunHistory
    from awsit.aws.stepfunctions.engine import StepFunctionsEngine
    from awsit.aws.stepfunctions.past_runs import PastRuns
    from awsit.model.ports import Randomness


@contextmanager
def none_is_not_found() -> Iterator[None]:
    """A block in which an execution that the account does not know raises NotFoundError: AWS has done its part."""
    try:
        yield
    except EnvironmentFailure as error:
        from awsit.aws.stepfunctions.executions import UNKNOWN  # imported long before, where AWS has answered

        if error.code != UNKNOWN:
            raise
        raise NotFoundError(error.message, code=error.code, hint=error.hint) from error


class AccountClients(Protocol):
    """Makes what asks AWS about runs, each when it is first needed; `reference` is the run that was named."""

    def past_runs(self, settings: Settings, reference: str = "") -> PastRuns:
        """Executions and records, for lists and clean-ups."""

    def run_history(self, settings: Settings) -> RunHistory:
        """The history of the stack's runs."""

    def remote_engine(self, settings: Settings, reference: str = "") -> StepFunctionsEngine:
        """The state machine."""

    def randomness(self) -> Randomness:
        """Where tokens come from."""


class AccountRuns:
    """A `RunSource` that asks AWS; clients are made when the first question comes."""

    place = "the stack's records"

    def __init__(self, clients: AccountClients, settings: Settings, reference: str = "") -> None:
        """The runs of the settings' installation, or of the one that the ARN `reference` leads to."""
        self._clients = clients
        self._settings = settings
        self._reference = reference

    def newest(self, limit: int) -> Iterable[RunSummary]:
        """The newest executions; those that only finished a clean-up are left out."""
        return self._past_runs.newest(limit)

    @property
    def unread(self) -> Sequence[str]:
        """The runs whose records cannot be read."""
        return self._past_runs.unread

    def history(self, limit: int, scenario: str = "", /) -> Iterable[HistoryEntry]:
        """What anybody ran in the last 90 days: of one scenario or of all, by one query each."""
        records = self._clients.run_history(self._settings)
        if not scenario:
            return records.newest()
        exact = [] if is_pattern(scenario) else records.of(scenario, limit)
        return exact or [entry for entry in records.newest() if is_meant(entry.scenario, scenario)]

    def snapshot(self, reference: str) -> RunSnapshot:
        """A run as its records and its execution show it."""
        return self._clients.remote_engine(self._settings, reference).snapshot(reference)

    def report(self, reference: str) -> RunResult:
        """The report in the bucket. Raises NotFoundError when there is none (yet)."""
        with none_is_not_found():
            result = self._clients.remote_engine(self._settings, reference).result(reference)
        return with_commands(self._settings, result)

    def uncleaned(self) -> Iterable[str]:
        """The runs that were not reported or left something, and that no execution goes on with."""
        return self._past_runs.open()

    def can_clean_up(self, _reference: str, /) -> bool:
        """Always: whether there is such a run shows when its clean-up is asked for."""
        return True

    def as_it_stands(self, reference: str) -> RunResult:
        """What the records say of a run now."""
        return with_commands(self._settings, self._past_runs.as_it_stands(self._past_runs.run_id_of(reference)))

    def clean_up(self, reference: str, tell: Callable[[LastLook], None]) -> RunResult:
        """Have the state machine undo what is open, and wait for it."""
        return self._refreshed(self._past_runs.clean_up(self._past_runs.run_id_of(reference), self._token(), tell))

    def forget(self, reference: str) -> RunResult:
        """Mark the run, and have the state machine write its report anew."""
        return self._refreshed(self._past_runs.forget(self._past_runs.run_id_of(reference), self._token()))

    def _refreshed(self, result: RunResult) -> RunResult:
        """The result with commands that lead to this account; this machine's copy of the report becomes the same."""
        shown = with_commands(self._settings, result)
        report_folder.refresh(self._settings, shown)
        return shown

    def _token(self) -> str:
        return self._clients.randomness().token(8)

    @cached_property
    def _past_runs(self) -> PastRuns:
        return self._clients.past_runs(self._settings, self._reference)
