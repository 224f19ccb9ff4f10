from decimal import Decimal
from typing import Any

import pytest

from awsit.aws.runs import begun
from awsit.engine.store.records import Started
from awsit.model.plan import Branch, Plan, Segment

TIMES = ("2030-01-01T00:00:00.000Z", "2030-01-01T00:00:01.000Z", "2030-01-01T00:00:02.000Z")


def item(index: int = 0, time: int = 0, **more: Any) -> dict[str, Any]:
    at = TIMES[time]
    call = {"sequence": Decimal(1), "at": at, "latest": at, "ledger": [Decimal(index)]}
    return {"run_id": "run-1", "sk": begun.key_of(index), **call, **more}


def test_what_was_recorded_comes_after_what_is_declared() -> None:
    read = begun.read(item(recorded={Decimal(100_001), Decimal(100_000)}))

    assert read == begun.Begun(0, Started(1, TIMES[0], TIMES[0]), (0, 100_000, 100_001))


@pytest.mark.parametrize("more", [{"withdrawn": Decimal(1)}, {"withdrawn": Decimal(1), "recorded": {Decimal(100_000)}}])
def test_a_first_call_that_came_too_late_began_nothing(more: dict[str, Any]) -> None:
    read = begun.read(item(dropped={Decimal(100_000)}, **more))

    assert (read.started, read.ledger) == (None, ())


def test_of_a_later_call_that_came_too_late_the_one_before_it_stays() -> None:
    read = begun.read(item(sequence=Decimal(3), withdrawn=Decimal(3)))

    assert read.started == Started(2, TIMES[0], TIMES[0])
    assert read.ledger == (0,)


def ledger(branches: list[tuple[int, ...]], *items: dict[str, Any]) -> list[int]:
    segments = (Segment(tuple(map(Branch, branches)), max_concurrency=2),)
    return begun.ledger(map(begun.read, items), Plan("run-1", "it", segments=segments))


def test_branches_register_as_their_steps_begin() -> None:
    assert ledger([(0, 1), (2,)], item(0, 0), item(1, 2), item(2, 1)) == [0, 2, 1]


def test_a_clock_that_is_behind_puts_no_step_before_one_that_it_follows() -> None:
    assert ledger([(0, 1), (2,)], item(0, 2), item(1, 0), item(2, 1)) == [2, 0, 1]


def test_of_an_older_item_the_time_of_the_first_call_is_kept() -> None:
    newer = [begun.read(item(sequence=Decimal(2), time=2))]

    assert begun.started(newer, {"0": Started(1, TIMES[0], TIMES[0])}) == {"0": Started(2, TIMES[0], TIMES[2])}
