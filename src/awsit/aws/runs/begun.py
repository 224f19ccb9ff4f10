"""The calls of a run's steps that were begun, and what each step has in the ledger: a small item a step.

`begun#00012`, in the partition of the run, holds of step 12:

| attribute | holds |
|---|---|
| `sequence`, `latest`, `token` | the newest call, when it began, and how it knows its own write |
| `at` | when the first call began |
| `ledger` | the clean-up steps that the scenario declares for it |
| `recorded` | the compensations that it recorded |
| `withdrawn`, `dropped` | the call, and the compensations, that came too late: the run was closed already |

A call writes its item first and reads the run afterwards; whoever closes a run writes that first and reads these items
afterwards; all of it strongly consistent. So either the call sees that the run is closed, or the closer sees the call.
A transaction that checks the run costs twice, and is cancelled whenever a step of another branch does the same
(Amazon DynamoDB developer guide, "Amazon DynamoDB Transactions: How it works", "Transaction conflict handling").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from awsit.aws.runs.dynamodb.table import Item
from awsit.engine.store.records import RunRecord, Started
from awsit.model.plan import Plan
from awsit.records import replace

FIRST, LAST = "begun#", "begun#~"
"""The range of the sort keys."""


class Begun(Struct, frozen=True):
    """What is known of the calls of one step; `ledger` are its entries, those that were recorded last."""

    index: int
    started: Started | None
    ledger: tuple[int, ...]


def key_of(index: int) -> str:
    """The sort key of a step's item."""
    return f"{FIRST}{index:05d}"


def is_begun(item: Item) -> bool:
    """Whether an item of a run is one of these."""
    return str(item["sk"]).startswith(FIRST)


def read(item: Item) -> Begun:
    """What an item holds, without what came too late."""
    called, withdrawn = int(item.get("sequence", 0)), int(item.get("withdrawn", -1))
    sequence = called - (called == withdrawn)
    recorded = sorted(map(int, set(item.get("recorded", ())) - set(item.get("dropped", ()))))
    started = Started(sequence, item["at"], item["latest"]) if sequence else None
    declared = map(int, item.get("ledger", ())) if sequence else ()
    return Begun(int(item["sk"].removeprefix(FIRST)), started, (*declared, *recorded))


def started(begun: Iterable[Begun], older: Mapping[str, Started]) -> dict[str, Started]:
    """The begun calls by the index of their step; `older` is what the run's own item has of them (`items.new_run`)."""
    found = {str(each.index): each.started for each in begun if each.started is not None}
    return {index: replace(each, at=older[index].at) if index in older else each for index, each in found.items()}


def ledger(begun: Iterable[Begun], plan: Plan) -> list[int]:
    """The entries in the order of registration: by the time at which their steps began.

    The clocks of functions differ a little, so that a step never counts as begun before one that it follows.
    """
    by_index = {each.index: each for each in begun}
    moments = _moments(by_index, plan)
    ordered = sorted(by_index, key=lambda index: (moments.get(index, ""), index))
    return [entry for index in ordered for entry in by_index[index].ledger]


def _moments(begun: Mapping[int, Begun], plan: Plan) -> dict[int, str]:
    moments: dict[int, str] = {}
    before = ""
    for segment in plan.segments:
        for branch in segment.branches:
            moment = before
            for index in branch.steps:
                each = begun.get(index)
                moment = max(moment, each.started.at if each and each.started else "")
                moments[index] = moment
        before = max(moments.values(), default="")
    return moments


def with_calls(run: RunRecord, items: Iterable[Item], plan: Plan) -> RunRecord:
    """A run as its own item has it, with the calls that these items hold."""
    begun = list(map(read, items))
    calls = {**run.started, **started(begun, run.started)}
    return replace(run, started=calls, ledger=(*run.ledger, *ledger(begun, plan)))
