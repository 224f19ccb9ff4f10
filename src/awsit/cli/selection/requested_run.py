"""A run as a person asked for it, with what it was made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsit.model.result import RunWarning
from awsit.model.run import RunRequest
from awsit.records import dataclass

if TYPE_CHECKING:
    from awsit.scenario.reading.source import Source


@dataclass(frozen=True, slots=True)
class RequestedRun:
    """A request for an engine, and the `source` of its scenario; None for one from the bucket.

    `rerun_words` are what follows `awsit run` to have it again, as shell words; none where it cannot be named again.
    `warnings` are what was said of it before it began.
    """

    request: RunRequest
    source: Source | None = None
    rerun_words: tuple[str, ...] = ()
    warnings: tuple[RunWarning, ...] = ()
