"""From scenarios that come one by one to runs that wait: each is checked and put aside before the next one is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING

from msgspec import Struct, field

from awsit.cli.selection.run_requests import RunOptions, ScenarioCheck, is_compact, runs_of
from awsit.cli.selection.selected import SelectedScenario
from awsit.cli.selection.waiting.shelf import Shelf, ShelvedRun
from awsit.cli.session import Session
from awsit.config import Settings
from awsit.errors import AwsitError
from awsit.records import replace

if TYPE_CHECKING:
    from awsit.cli.selection.waiting.ahead import Checkers


class _Queued(Struct):
    """The runs of a scenario; `rows` names those of its matrix that were selected, empty stands for all."""

    is_valid: bool
    rows: tuple[str, ...]
    runs: list[ShelvedRun] = field(default_factory=list)


def queued_runs(
    session: Session,
    settings: Settings,
    scenarios: Iterable[SelectedScenario],
    options: RunOptions,
    workers: Checkers | None = None,
) -> list[ShelvedRun]:
    """The runs of the scenarios, in their order; of one that comes again, the rows are joined.

    When there are enough of them, the workers that will carry them out check them too.
    Raises what the scenarios raise while they come; else InvalidInputError with all the problems of all of them; else
    the first error of those that cannot be requested.
    """
    queue = _Queue(session, settings, options)
    scenarios = iter(scenarios)
    for scenario in islice(scenarios, workers.worth_from if workers else None):
        queue.add(scenario)
    for scenario in queue.checked_ahead(scenarios, workers) if workers else ():
        queue.add(scenario)
    return queue.runs()


class _Queue:
    def __init__(self, session: Session, settings: Settings, options: RunOptions) -> None:
        self._session = session
        self._settings = settings
        self._options = options
        self._check = ScenarioCheck(session)
        self._shelf = Shelf(session, session.spool(settings), options.variables)
        self._queued: dict[str, _Queued] = {}
        self._error: AwsitError | None = None

    def checked_ahead(self, scenarios: Iterator[SelectedScenario], workers: Checkers) -> Iterator[SelectedScenario]:
        """The scenarios, checked by workers while they are read, if there are any."""
        from awsit.cli.selection.waiting.ahead import Ahead

        for first in scenarios:
            ahead = Ahead(self._check.known, lambda source: not self._check.problems_in(source), workers.start_ahead())
            yield from ahead.each(chain([first], scenarios))

    def add(self, scenario: SelectedScenario) -> None:
        """Check a scenario, and put its runs aside."""
        key = scenario.key
        queued = self._queued.get(key)
        if queued is None:
            queued = self._queued[key] = _Queued(self._check.is_valid(scenario), scenario.rows)
        elif not queued.rows or queued.rows == scenario.rows:  # it has them already
            return
        else:
            queued.rows = scenario.rows and (*queued.rows, *scenario.rows)
        if queued.is_valid and self._error is None:
            try:
                queued.runs = self._put(replace(scenario, rows=queued.rows))
            except AwsitError as error:
                self._error = error

    def _put(self, scenario: SelectedScenario) -> list[ShelvedRun]:
        return [self._shelf.put(run) for run in runs_of(self._session, self._settings, scenario, self._options)]

    def runs(self) -> list[ShelvedRun]:
        """All runs. Raises the errors of those that cannot be made."""
        self._check.raise_problems()
        if self._error:
            raise self._error
        runs = [run for queued in self._queued.values() for run in queued.runs]
        compact = is_compact(self._settings, self._options, len(runs))
        return [replace(run, rest=replace(run.rest, compact=compact)) for run in runs]
