"""A run as a person asked for it, with what it was made from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, Self

from msgspec import Struct

from awsit.model.result import Repetition, RunWarning
from awsit.model.run import ConcurrencyLimit, RunRequest
from awsit.records import replace

if TYPE_CHECKING:
    from awsit.scenario.reading.source import Source


class WaitingRun(Protocol):
    """A run that has not begun: what has to be known of it until then, and the request with which it begins."""

    @property
    def run_id(self) -> str:
        """The ID that the run will have."""

    @property
    def name(self) -> str:
        """The name of its scenario or row."""

    @property
    def file(self) -> str:
        """The file that its scenario is in; empty for one from elsewhere."""

    @property
    def concurrency(self) -> ConcurrencyLimit | None:
        """What it may have to wait for."""

    @property
    def repetition(self) -> Repetition | None:
        """Which of several runs of its scenario it is."""

    @property
    def warnings(self) -> tuple[RunWarning, ...]:
        """What was said of it before it began."""

    @property
    def suite_run(self) -> str:
        """The ID of the setup of its suite; empty for none."""

    @property
    def request(self) -> RunRequest:
        """The request for an engine."""

    @property
    def source(self) -> Source | None:
        """The source of its scenario; None for one from the bucket."""

    @property
    def rerun_words(self) -> tuple[str, ...]:
        """What follows `awsit run` to have it again, as shell words; none where it cannot be named again."""

    def repeated(self, run_id: str, repetition: Repetition) -> Self:
        """The same run once more, as one of several."""


class RequestedRun(Struct, frozen=True):
    """A `WaitingRun` that memory holds."""

    request: RunRequest
    source: Source | None = None
    rerun_words: tuple[str, ...] = ()
    warnings: tuple[RunWarning, ...] = ()

    @property
    def run_id(self) -> str:
        """The ID that the run will have."""
        return self.request.run_id

    @property
    def name(self) -> str:
        """The name of its scenario or row."""
        return self.request.name

    @property
    def file(self) -> str:
        """The file that its scenario is in."""
        return self.request.file

    @property
    def concurrency(self) -> ConcurrencyLimit | None:
        """What it may have to wait for."""
        return self.request.concurrency

    @property
    def repetition(self) -> Repetition | None:
        """Which of several runs of its scenario it is."""
        return self.request.repetition

    @property
    def suite_run(self) -> str:
        """The ID of the setup of its suite."""
        return self.request.suite_run

    def repeated(self, run_id: str, repetition: Repetition) -> Self:
        """The same run once more, as one of several."""
        return replace(self, request=replace(self.request, run_id=run_id, repetition=repetition))
