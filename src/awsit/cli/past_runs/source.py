"""What is kept of runs, as commands ask for it wherever the runs were made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from awsit.model.result import RunResult
from awsit.model.run import HistoryEntry, LastLook, RunSnapshot, RunSummary


class RunSource(Protocol):
    """The runs of one place: of this machine, or of an installation in an account.

    A `reference` names a run: by its ID, or by its execution's ARN. What the account is asked raises EnvironmentFailure
    when it does not answer.
    """

    @property
    def place(self) -> str:
        """Where they are kept, in words for a person."""

    def newest(self, limit: int) -> Iterable[RunSummary]:
        """The newest runs, the newest first."""

    @property
    def unread(self) -> Sequence[str]:
        """The records that `newest` or `uncleaned` has passed over, since they cannot be read."""

    def history(self, limit: int, scenario: str = "", /) -> Iterable[HistoryEntry]:
        """The runs that have ended: of all scenarios, or of those that a name or pattern means.

        No more than `limit` of a scenario are needed; there may be more.
        """

    def snapshot(self, reference: str) -> RunSnapshot | None:
        """A run as it is now; None when another source must know it. Raises EnvironmentFailure when none can."""

    def report(self, reference: str) -> RunResult | None:
        """The report of a run that is over; None when another source must have it. Raises NotFoundError."""

    def uncleaned(self) -> Iterable[str]:
        """The IDs of the runs that were cut off or left something behind, and that nobody goes on with."""

    def can_clean_up(self, reference: str, /) -> bool:
        """Whether this source is the one to ask for the clean-up of a run."""

    def as_it_stands(self, reference: str) -> RunResult:
        """What a run left, without changing anything. Raises NotFoundError; EnvironmentFailure while it goes on."""

    def clean_up(self, reference: str, tell: Callable[[LastLook], None]) -> RunResult:
        """Undo what is open in a run, and return its new report. Raises what `as_it_stands` raises.

        `tell` is called, once for each, with the last looks that the clean-up waits for.
        """

    def forget(self, reference: str) -> RunResult:
        """Have what a run left behind count as seen to, and return its new report. Raises what `as_it_stands` raises.

        One that was forgotten before stays so.
        """
