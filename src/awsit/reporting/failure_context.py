"""What helps to understand a run and is not in its result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from awsit.scenario.reading.source import Source


@dataclass(frozen=True, slots=True)
class FailureContext:
    """All of it may be missing: then less is shown.

    `report` is where the run's report lies, `again` the command that runs just this one again, `link` the execution's
    page in the AWS console. `source` is the scenario as it ran. `log` holds the function's lines by step, as phase and
    index.
    """

    report: str = ""
    again: str = ""
    link: str = ""
    source: Source | None = None
    log: Mapping[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)


NOTHING = FailureContext()
