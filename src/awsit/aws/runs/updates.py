"""The updates of a run's item, each with the condition under which it may be made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from awsit.aws.runs.items import LEASE, LEFT_SOMETHING, written_place
from awsit.aws.runs.update_expression import UpdateExpression
from awsit.engine.store.records import Closing, RunState
from awsit.model.codec import encode
from awsit.model.json import dumps
from awsit.model.result import AssertionResult, RunStatus
from awsit.system.clock import iso_of

EXISTS = "attribute_exists(sk)"


def begin_call(index: int, sequence: int, at: float, token: str, ledger: tuple[int, ...]) -> UpdateExpression:
    """Begin a call of a step, if the run is open and in time, and the call was not begun before."""
    update = UpdateExpression(names={"#state": "state", "#started": "started", "#i": str(index)})
    started = {"sequence": sequence, "latest": iso_of(at), "token": token}
    if sequence == 1:
        update.set("#started.#i = :started", started={**started, "at": iso_of(at)})
        is_new = "attribute_not_exists(#started.#i)"
    else:
        for name, value in started.items():
            update.set(f"#started.#i.#{name} = :{name}", {f"#{name}": name}, **{name: value})
        is_new = "#started.#i.#sequence < :sequence"
    if ledger:
        update.set("ledger = list_append(ledger, :ledger)", ledger=ledger)
    update.values.update({":open": str(RunState.OPEN), ":now": at})
    update.condition = f"#state = :open AND deadline_at > :now AND {is_new}"
    return update


def register_compensation(index: int, body: Any) -> UpdateExpression:
    """Add a recorded compensation to the ledger, if the run is open; `body` is what its attribute holds."""
    update = UpdateExpression(names={"#state": "state"}, values={":open": str(RunState.OPEN)})
    update.set("recorded.#i = :inverse", {"#i": str(index)}, inverse=body)
    update.set("ledger = list_append(ledger, :ledger)", ledger=[index])
    update.condition = "#state = :open AND attribute_not_exists(recorded.#i)"
    return update


def capture(bodies: Mapping[str, Any], hidden: Iterable[str]) -> UpdateExpression:
    """Add captured values to the context, and the places of the secrets among them."""
    update = UpdateExpression(names={"#context": "context"})
    for number, (name, body) in enumerate(bodies.items()):
        update.set(f"#context.#n{number} = :v{number}", {f"#n{number}": name}, **{f"v{number}": body})
    if places := {written_place(place) for place in hidden}:
        update.additions.append("secret_paths :hidden")
        update.values[":hidden"] = places
    return update


def close(closing: Closing | None, assertions: tuple[AssertionResult, ...]) -> UpdateExpression:
    """Let nothing begin any more in a run that is not over; the verdict and the error that are there already stay."""
    update = UpdateExpression(condition=f"{EXISTS} AND #state <> :closed", values={":closed": str(RunState.CLOSED)})
    update.set("#state = :closing", {"#state": "state"}, closing=str(RunState.CLOSING))
    if closing is not None and closing.verdict is not RunStatus.RUNNING:
        update.set("verdict = if_not_exists(verdict, :verdict)", verdict=str(closing.verdict))
        if closing.error:
            error = dumps(encode(closing.error))
            update.set("#error = if_not_exists(#error, :error)", {"#error": "error"}, error=error)
    if assertions:
        update.set("assertions = :assertions", assertions=dumps([encode(each) for each in assertions]))
    return update


def take_over(cleaner: str) -> UpdateExpression:
    """Name who alone may undo and report."""
    update = UpdateExpression(condition=EXISTS)
    update.set("cleaner = :cleaner", cleaner=cleaner)
    return update


def forget() -> UpdateExpression:
    """Note that a person has seen to what the run left."""
    update = UpdateExpression(condition=EXISTS)
    update.set("forgotten = :forgotten", forgotten=True)
    return update


def end(left: int) -> UpdateExpression:
    """Mark a run as over, with how much it left behind."""
    update = UpdateExpression(condition=EXISTS, names={"#lease": LEASE})
    update.set("#state = :closed", {"#state": "state"}, closed=str(RunState.CLOSED))
    update.set("left_behind = :left", left=left)
    if left:
        update.set("#lease = :lease", lease=LEFT_SOMETHING)
    else:
        update.removals.append("#lease")
    return update
