"""Runs that wait for their turn outside of memory, which could not hold the documents of a large suite."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Self

from msgspec import Struct, field

from awsit.cli.selection.requested_run import RequestedRun
from awsit.cli.selection.selected import expanded_source
from awsit.model import codec
from awsit.model.json import Json
from awsit.model.result import Repetition, RunWarning
from awsit.model.run import ConcurrencyLimit, RunRequest
from awsit.records import replace

if TYPE_CHECKING:
    from awsit.cli.session import Session
    from awsit.scenario.reading.source import Source
    from awsit.system.spool import Spool


class _Scenario(Struct, frozen=True):
    """What runs of a scenario share: its document, and the text and the name of its file; None where there is none."""

    document: Json
    text: str | None
    place: str


class _Row(Struct, frozen=True):
    """What a run has for itself. Variables that the command line gives are None: no secret is written down."""

    variables: Mapping[str, Json] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)


class Shelf:
    """Puts runs aside in a spool, and reads them again when they begin.

    `given` are the variables that the command line gives to all runs. They stay in memory, as those of the environment.
    """

    def __init__(self, session: Session, spool: Spool, given: Mapping[str, Json]) -> None:
        self._session = session
        self._spool = spool
        self._given = given
        self._put: tuple[Json, Source | None, int] = (None, None, -1)
        self._read: tuple[int, Json] = (-1, None)

    def put(self, run: RequestedRun) -> ShelvedRun:
        """Put a run aside. Runs of one scenario that come one after the other have its document once."""
        request = run.request
        scenario = self._scenario(request.document, run.source)
        variables = {name: None if name in self._given else value for name, value in request.variables.items()}
        row = self._spool.add(codec.text(_Row(variables, request.files)))
        rest = replace(request, document=None, variables={}, files={})
        return ShelvedRun(self, scenario, row, rest, run.rerun_words, run.warnings)

    def request(self, run: ShelvedRun) -> RunRequest:
        """The whole request of a run."""
        row = codec.parse(_Row, self._spool.read(run.row))
        variables = {name: self._given.get(name, value) for name, value in row.variables.items()}
        return replace(run.rest, document=self._document(run.scenario), variables=variables, files=row.files)

    def source(self, run: ShelvedRun) -> Source | None:
        """The scenario's file as it was read, whatever became of it meanwhile."""
        from awsit.scenario.reading.kinds import is_suite
        from awsit.scenario.reading.load import load_text
        from awsit.scenario.suite import as_scenario, with_paths_in_file

        scenario = codec.parse(_Scenario, self._spool.read(run.scenario))
        if scenario.text is None:
            return None
        source = load_text(scenario.text, scenario.place)
        if is_suite(source):
            return with_paths_in_file(expanded_source(self._session, as_scenario(source)))
        return expanded_source(self._session, source)

    def text(self, run: ShelvedRun) -> str:
        """The scenario of a run as it was put aside."""
        return self._spool.read(run.scenario)

    def _scenario(self, document: Json, source: Source | None) -> int:
        known, of, number = self._put
        if document != known or source is not of:
            written = (source.written or source) if source else None
            text, place = (written.text, written.file) if written else (None, "")
            record = {"document": codec.embedded(document), "text": text, "place": place}  # as `_Scenario` has it
            number = self._spool.add(codec.text(record))
            self._put = document, source, number
        return number

    def _document(self, number: int) -> Json:
        """The document of a scenario; the same object for runs that begin one after the other."""
        known, document = self._read
        if known != number:
            document = codec.parse(_Scenario, self._spool.read(number)).document
            self._read = number, document
        return document


class ShelvedRun(Struct, frozen=True):
    """A `WaitingRun` that its shelf has: by the numbers of its scenario and its row. `rest` is what memory holds."""

    shelf: Shelf
    scenario: int
    row: int
    rest: RunRequest
    rerun_words: tuple[str, ...] = ()
    warnings: tuple[RunWarning, ...] = ()

    @property
    def run_id(self) -> str:
        """The ID that the run will have."""
        return self.rest.run_id

    @property
    def name(self) -> str:
        """The name of its scenario or row."""
        return self.rest.name

    @property
    def file(self) -> str:
        """The file that its scenario is in."""
        return self.rest.file

    @property
    def concurrency(self) -> ConcurrencyLimit | None:
        """What it may have to wait for."""
        return self.rest.concurrency

    @property
    def repetition(self) -> Repetition | None:
        """Which of several runs of its scenario it is."""
        return self.rest.repetition

    @property
    def suite_run(self) -> str:
        """The ID of the setup of its suite."""
        return self.rest.suite_run

    @property
    def request(self) -> RunRequest:
        """The whole request, read from the shelf."""
        return self.shelf.request(self)

    @property
    def source(self) -> Source | None:
        """The source of its scenario, read from the shelf."""
        return self.shelf.source(self)

    def may_have(self, key: str) -> bool:
        """Whether its scenario may have this key somewhere; it has not when this says no."""
        return f'"{key}"' in self.shelf.text(self)

    def within(self, suite_run: str) -> Self:
        """The same run in a suite, by the ID of its setup."""
        return replace(self, rest=replace(self.rest, suite_run=suite_run))

    def repeated(self, run_id: str, repetition: Repetition) -> Self:
        """The same run once more, as one of several."""
        return replace(self, rest=replace(self.rest, run_id=run_id, repetition=repetition))
