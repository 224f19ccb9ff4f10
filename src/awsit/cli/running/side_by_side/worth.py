"""When workers are worth their start: they are made on need, by commands that have enough for them to do."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from awsit.cli.running.side_by_side.worker import Worker
    from awsit.cli.running.side_by_side.workers import WorkerEngine
    from awsit.cli.selection.waiting.shelf import ShelvedRun
    from awsit.config import Settings

RUNS_A_WORKER = 100
"""From so many runs on, short ones as they may be, a worker saves more time than its start takes."""
WORKERS_A_CORE = 2
"""More would only share the cores, and the memory: so many runs side by side mostly wait, and threads do that too."""
_MOST_WORKERS = 0 if sys.platform == "win32" else WORKERS_A_CORE * (os.cpu_count() or 1)


class Workers:
    """The workers of a command, as many as it has runs side by side. They end with `ends`."""

    def __init__(self, settings: Settings, ends: ExitStack, *, steps: bool) -> None:
        """Without `steps`, only the end of each run is handed over, where nobody is shown more."""
        self._settings = settings
        self._ends = ends
        self._steps = steps

    @property
    def worth_from(self) -> int:
        """From how many runs on they are worth their start; more than there can be, where they never are."""
        jobs = self._settings.jobs_here
        return RUNS_A_WORKER * jobs if 1 < jobs <= _MOST_WORKERS else sys.maxsize

    def are_worth_it(self, runs: Sequence[ShelvedRun]) -> bool:
        """Whether runs gain from them, and share nothing that one process holds, as a cached result or a limit."""
        if len(runs) < self.worth_from:
            return False
        return not any(run.may_have("limits") or run.may_have("cache_seconds") for run in runs)

    def start_ahead(self) -> Sequence[Worker]:
        """Start them before the first run; none where they cannot be started."""
        return self.engine.start_ahead(self._settings.jobs_here)

    @cached_property
    def engine(self) -> WorkerEngine:
        """The engine whose runs they carry out."""
        from awsit.cli.running.side_by_side.workers import WorkerEngine

        return self._ends.enter_context(WorkerEngine(self._settings, steps=self._steps))
