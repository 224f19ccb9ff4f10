"""Whose turn it is among runs that share a key."""

from __future__ import annotations

from collections import deque
from pathlib import Path

import pytest

from awsit.cli.running.side_by_side.turns import TurnRefused, Turns
from awsit.cli.selection.requested_run import RequestedRun, WaitingRun
from awsit.model.run import ConcurrencyLimit, RunRequest
from awsit.system.slots import Slots


def request(name: str, key: str = "", limit: int = 1) -> WaitingRun:
    limited = ConcurrencyLimit(key, limit) if key else None
    return RequestedRun(RunRequest(f"run-{name}", name, {}, concurrency=limited))


def names(turns: Turns, waiting: deque[WaitingRun]) -> str:
    """The names of all that may begin now, in their order."""
    return "".join(begun.name for begun in iter(lambda: turns.next(waiting), None))


@pytest.fixture
def slots() -> Slots:
    return Slots(Path("slots"))


def test_runs_without_a_key_do_not_wait_for_those_with_one(slots: Slots) -> None:
    turns, waiting = Turns(slots), deque([request("a", "q"), request("b", "q"), request("c"), request("d", "t")])
    assert names(turns, waiting) == "acd"
    turns.is_over(request("a", "q"))
    assert names(turns, waiting) == "b"


def test_runs_of_one_key_begin_in_their_order(slots: Slots) -> None:
    turns = Turns(slots)
    waiting = deque([request("a", "q", 2), request("b", "q", 1), request("c", "q", 2), request("d", "q", 2)])
    assert names(turns, waiting) == "a"  # c could, but b would never get its turn
    turns.is_over(request("a", "q", 2))
    assert names(turns, waiting) == "b"
    turns.is_over(request("b", "q", 1))
    assert names(turns, waiting) == "cd"


def test_who_waits_is_told_once_with_who_holds_the_key(slots: Slots) -> None:
    said: list[str] = []
    turns, waiting = Turns(slots, say=said.append), deque([request("a", "q"), request("b", "q"), request("c", "q")])
    for _ in range(3):
        names(turns, waiting)
    assert said == ["b waits for `q`, held by a (run-a)"]
    turns.is_over(request("a", "q"))
    names(turns, waiting)
    assert said[1:] == ["c waits for `q`, held by b (run-b)"]


def test_of_many_holders_some_are_named(slots: Slots) -> None:
    said: list[str] = []
    turns = Turns(slots, say=said.append)
    assert names(turns, deque(request(name, "q", 5) for name in "abcdef")) == "abcde"
    (sentence,) = said
    assert sentence.startswith("f waits for `q`, held by ")
    assert sentence.endswith(" and 2 more")
    assert sentence.count("run-") == 3


def test_locks_that_cannot_be_made_refuse_the_run(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    waiting = deque([request("a"), request("b", "q"), request("c")])
    turns = Turns(Slots(tmp_path / "file"))
    assert turns.next(waiting) == request("a")
    with pytest.raises(TurnRefused) as raised:
        turns.next(waiting)
    assert raised.value.run.name == "b"
    assert list(waiting) == [request("c")]
