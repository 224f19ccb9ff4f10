"""The question that AWS is asked about a failure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from awsit.model.evidence import Evidence
from awsit.model.json import Json


class Inquiry(Struct, frozen=True):
    """What to look for: all that went wrong in the `stacks` after `since`.

    With a `url`, only the functions of these stacks that answer it are of interest; `method` is that of the request.
    `events` are the entries that the scenario gave to EventBridge, `received` the names of the queues that it reads
    itself. `runs` are the IDs of the runs that the run knows of, its own and those in its requests: what names only
    others is not of interest. `requests` are the IDs by which a service may know the one request that failed.
    """

    stacks: tuple[str, ...]
    since: datetime
    url: str = ""
    method: str = ""
    events: tuple[Json, ...] = ()
    received: frozenset[str] = frozenset()
    runs: frozenset[str] = frozenset()
    requests: frozenset[str] = frozenset()


class EvidenceSource(Protocol):
    """Looks into AWS for what explains a failure."""

    def read(self, inquiry: Inquiry, seconds: float, emit: Callable[[Evidence], None]) -> None:
        """Give all that is seen within so many seconds to `emit`, which any thread may call; raises nothing."""
