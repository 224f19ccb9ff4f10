"""What belongs to a run and has items of its own, so that no item grows with the run: see `awsit.aws.runs.items`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from awsit.aws.runs import begun
from awsit.aws.runs.dynamodb.table import Item, Table
from awsit.aws.runs.items import CONTEXT, HIDDEN, INVERSES, read_place, read_text
from awsit.aws.runs.later import EntriesReadLater, ReadLater
from awsit.engine.step.ledger import CompensationId
from awsit.engine.store.records import RecordedCompensation, RunRecord, Started
from awsit.model.codec import decode
from awsit.model.json import Json
from awsit.model.plan import Plan
from awsit.records import replace

OWN = "$"
"""Names of awsit's own begin so: what steps keep, and where secrets are. No captured value is named like that."""
AFTER_OWN = "%"


def key_of_step(index: int) -> str:
    """The sort key of the item that has a recorded compensation in its ledger entries."""
    compensation = CompensationId.of(index)
    assert compensation is not None  # only those are recorded
    return begun.key_of(compensation.step)


class _Context(EntriesReadLater[Json]):
    """Values by their names. What steps keep comes with one query, however many of its names are looked at."""

    def __init__(
        self,
        known: Mapping[str, Json],
        one: Callable[[str], Mapping[str, Json]],
        everything: Callable[[], Mapping[str, Json]],
        kept: Callable[[], Mapping[str, Json]],
    ) -> None:
        super().__init__(known, one, everything)
        self._known = known
        self._kept = cache(kept)

    def __getitem__(self, name: str) -> Json:
        """A value. Raises KeyError."""
        if not name.startswith(OWN):
            return super().__getitem__(name)
        kept = self._kept()
        return kept[name] if name in kept else self._known[name]


class RunParts:
    """The parts of one run, read when they are looked at; what was read stays as it was then."""

    def __init__(
        self,
        table: Table,
        fetch: Callable[[str], str],
        plan: Callable[[str], Plan],
        own: Callable[[str], list[Item]],
        run: RunRecord,
    ) -> None:
        """`run` is what its own item holds; `fetch` reads a text that lies in S3.

        `plan` reads a plan by the run's ID, and `own` the items from `OWN` to `AFTER_OWN`.
        """
        self._table = table
        self._fetch = fetch
        self._plan = plan
        self._run = run
        self._begun = cache(self._read_begun)
        self._own = cache(lambda: own(run.run_id))

    def whole(self) -> RunRecord:
        """The run with all its parts."""
        run = self._run
        return replace(
            run,
            context=_Context(run.context, self._value, self._values, self._kept),
            started=EntriesReadLater(run.started, self._started_one, self._started_all),
            ledger=ReadLater(lambda: (*run.ledger, *begun.ledger(self._begun(), self._plan(run.run_id)))),
            recorded=EntriesReadLater(run.recorded, self._inverse, self._inverses),
            hidden=ReadLater(self._hidden),
        )

    def _read_begun(self) -> list[begun.Begun]:
        return [begun.read(item) for item in self._table.query(self._run.run_id, begun.FIRST, begun.LAST)]

    def _started_one(self, index: str) -> Mapping[str, Started]:
        item = self._table.get(self._run.run_id, begun.key_of(int(index)))
        return begun.started([begun.read(item)] if item else [], self._run.started)

    def _started_all(self) -> Mapping[str, Started]:
        return begun.started(self._begun(), self._run.started)

    def _value(self, name: str) -> Mapping[str, Json]:
        item = self._table.get(f"{CONTEXT}{self._run.run_id}", name)
        return {name: self._body(item)} if item else {}

    def _values(self) -> Mapping[str, Json]:
        items = self._table.query(f"{CONTEXT}{self._run.run_id}")
        return {item["sk"]: self._body(item) for item in items if "body" in item}

    def _kept(self) -> Mapping[str, Json]:
        return {item["sk"]: self._body(item) for item in self._own() if "body" in item}

    def _hidden(self) -> list[str]:
        places = [item["places"] for item in self._own() if item["sk"].startswith(HIDDEN)]
        return sorted({*self._run.hidden, *(read_place(place) for each in places for place in each)})

    def _inverse(self, index: str) -> Mapping[str, RecordedCompensation]:
        """A compensation that is in the ledger: a call that was killed may have left one that is not."""
        is_recorded = CompensationId.of(int(index)) is not None
        step = self._table.get(self._run.run_id, key_of_step(int(index))) if is_recorded else None
        if step is None or int(index) not in begun.read(step).ledger:
            return {}
        item = self._table.get(f"{INVERSES}{self._run.run_id}", index)
        return {index: decode(RecordedCompensation, self._body(item))} if item else {}

    def _inverses(self) -> Mapping[str, RecordedCompensation]:
        entries = {str(entry) for each in self._begun() for entry in each.ledger}
        items = self._table.query(f"{INVERSES}{self._run.run_id}")
        return {item["sk"]: decode(RecordedCompensation, self._body(item)) for item in items if item["sk"] in entries}

    def _body(self, item: Item) -> Json:
        return read_text(item["body"], self._fetch)
