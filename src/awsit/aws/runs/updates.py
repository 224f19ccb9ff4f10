"""The updates of a run's items, each with the condition under which it may be made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from awsit.aws.runs.dynamodb.update_expression import UpdateExpression
from awsit.aws.runs.items import DUE, HAS_GIVEN, HELD_SECONDS, LEASE, LEFT_SOMETHING, written_place
from awsit.engine.store.records import Closing, RunState
from awsit.model import codec
from awsit.model.result import RunStatus
from awsit.system.clock import iso_of, parse_iso

EXISTS = "attribute_exists(sk)"

TURN = "turn"
"""The sort key of the item that has the turns of a limit, which all runs of the stack share."""
_TURNS_KEPT_SECONDS = 86_400
"""How long it is kept after its last turn; the table's TTL removes it then."""


def begin_call(sequence: int, at: float, token: str, ledger: tuple[int, ...], expires: int) -> UpdateExpression:
    """Begin a call of a step, if it was not begun before. `ledger` is what its first call registers."""
    update = UpdateExpression(
        condition="attribute_not_exists(#sequence) OR #sequence < :sequence OR withdrawn = :sequence",
        removals=["withdrawn"],
    )
    for name, value in {"sequence": sequence, "latest": iso_of(at), "token": token}.items():
        update.set(f"#{name} = :{name}", {f"#{name}": name}, **{name: value})
    for name, value in {"at": iso_of(at), "ledger": ledger, "expires_at": expires}.items():
        update.set(f"#{name} = if_not_exists(#{name}, :{name})", {f"#{name}": name}, **{name: value})
    return update


def withdraw_call(sequence: int, token: str) -> UpdateExpression:
    """Take back the beginning of a call that was found to come too late, with what it registered."""
    update = UpdateExpression(condition="#token = :token", names={"#token": "token"}, values={":token": token})
    update.set("withdrawn = :sequence", sequence=sequence)
    if sequence == 1:
        update.names["#at"] = "at"
        update.removals += ["#at", "ledger"]
    return update


def register_compensation(index: int, expires: int) -> UpdateExpression:
    """Add a recorded compensation to the ledger entries of its step."""
    update = UpdateExpression(additions=["recorded :index"], values={":index": {index}})
    update.set("expires_at = if_not_exists(expires_at, :expires)", expires=expires)
    return update


def drop_compensation(index: int) -> UpdateExpression:
    """Take back the registration of a compensation that was found to come too late."""
    return UpdateExpression(additions=["dropped :index"], values={":index": {index}})


def hide(places: Iterable[str], expires: int) -> UpdateExpression:
    """Add the places of secrets among the values of a step."""
    update = UpdateExpression(additions=["places :places"], values={":places": set(map(written_place, places))})
    update.set("expires_at = if_not_exists(expires_at, :expires)", expires=expires)
    return update


def close(closing: Closing | None, assertions: Any) -> UpdateExpression:
    """Let nothing begin any more in a run that is not over. One that has a verdict refuses another, and its error.

    `assertions` is what its attribute holds of the final ones, None when there are none to keep.
    """
    update = UpdateExpression(condition=f"{EXISTS} AND #state <> :closed", values={":closed": str(RunState.CLOSED)})
    update.set("#state = :closing", {"#state": "state"}, closing=str(RunState.CLOSING))
    update.set("#lease = :lease", {"#lease": LEASE}, lease=DUE)
    if closing is not None and closing.verdict is not RunStatus.RUNNING:
        update.condition += " AND attribute_not_exists(verdict)"
        update.set("verdict = :verdict", verdict=str(closing.verdict))
        if closing.error:
            update.set("#error = :error", {"#error": "error"}, error=codec.text(closing.error))
    if assertions is not None:
        update.set("assertions = :assertions", assertions=assertions)
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


def drop_given() -> UpdateExpression:
    """Note in a run's item that its secret variables are gone; an earlier version kept them there."""
    return UpdateExpression(condition=EXISTS, names={"#given": "given"}, removals=["#given", HAS_GIVEN])


def hold(since: str, *, is_due: bool) -> UpdateExpression:
    """Let no sweep clean up a suite's setup for a day after `since` (ISO 8601).

    With `is_due` each sweep looks whether the suite is over: of one in the account that is known.
    """
    update = UpdateExpression(condition=EXISTS)
    lease = DUE if is_due else int(parse_iso(since).timestamp()) + HELD_SECONDS
    update.set("#lease = :lease", {"#lease": LEASE}, lease=lease)
    return update


def end(left: int, *, is_due: bool = False) -> UpdateExpression:
    """Mark a run as over, with how much it left behind; with `is_due`, as one that a sweep is to clean up.

    What was to be kept is never that: then the condition does not hold.
    """
    update = UpdateExpression(condition=EXISTS, names={"#lease": LEASE})
    if is_due:
        update.condition += " AND keep = :keep"
        update.values[":keep"] = False
    update.set("#state = :closed", {"#state": "state"}, closed=str(RunState.CLOSED))
    update.set("left_behind = :left", left=left)
    if left:
        update.set("#lease = :lease", lease=DUE if is_due else LEFT_SOMETHING)
    else:
        update.removals.append("#lease")
    return update


def newer_record(sequence: int) -> UpdateExpression:
    """The condition under which a step's record may be replaced by that of its call `sequence`."""
    newer = "attribute_not_exists(settled) AND (attribute_not_exists(#sequence) OR #sequence <= :sequence)"
    return UpdateExpression(newer, {"#sequence": "sequence"}, {":sequence": sequence})


def claim(owner: str, at: float, until: float) -> UpdateExpression:
    """Have one compute a result that is not cached, until a time by which that is done or its owner has died."""
    is_not_cached = "(attribute_not_exists(#until) OR #until <= :at)"
    is_free = "(attribute_not_exists(claimed_until) OR claimed_until <= :at OR claimed_by = :owner)"
    update = UpdateExpression(f"{is_not_cached} AND {is_free}", {"#until": "until"}, {":at": at, ":owner": owner})
    update.set("claimed_by = :owner")
    update.set("claimed_at = :at")
    update.set("claimed_until = :claimed", claimed=until)
    update.set("expires_at = :expires", expires=int(until) + 1)
    return update


def release_claim(owner: str) -> UpdateExpression:
    """Let another one compute the result."""
    update = UpdateExpression(condition="claimed_by = :owner", values={":owner": owner})
    update.removals.append("claimed_until")
    return update


def take_free_turn(apart: float, at: float) -> UpdateExpression:
    """Take the turn at this time, if none comes later; the next one is so many seconds apart."""
    update = UpdateExpression(condition="attribute_not_exists(next_at) OR next_at <= :at", values={":at": at})
    update.set("next_at = :next", next=at + apart)
    update.set("expires_at = :expires", expires=int(at) + _TURNS_KEPT_SECONDS)
    return update


def queue(apart: float, latest: float) -> UpdateExpression:
    """Take the turn that follows all that were taken, unless it comes later than `latest`."""
    update = UpdateExpression(condition="next_at <= :latest", values={":latest": latest})
    update.set("next_at = next_at + :apart", apart=apart)
    update.set("expires_at = :expires", expires=int(latest) + _TURNS_KEPT_SECONDS)
    return update
