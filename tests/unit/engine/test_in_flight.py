"""One computes, others wait."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from awsit.engine.in_flight import InFlight


def test_others_enter_when_the_first_block_is_over_and_all_together() -> None:
    in_flight, waiting, entered = InFlight(), [Event() for _ in range(3)], list[int]()

    def later(number: int) -> None:
        def wait(over: Event) -> None:
            waiting[number].set()
            assert over.wait(10)

        with in_flight.one_at_first("key", wait):
            entered.append(number)

    with ThreadPoolExecutor() as pool:
        with in_flight.one_at_first("key", never):
            others = [pool.submit(later, number) for number in range(3)]
            assert all(event.wait(10) for event in waiting)
            assert entered == []
        for other in others:
            other.result(10)
    assert sorted(entered) == [0, 1, 2]


def never(_: Event) -> None:
    raise AssertionError("nobody else computes it")


def test_other_keys_and_later_callers_wait_for_nobody_also_after_an_error() -> None:
    in_flight = InFlight()
    with in_flight.one_at_first("key", never), in_flight.one_at_first("other", never):
        pass
    with pytest.raises(ValueError, match="failed"), in_flight.one_at_first("key", never):
        raise ValueError("failed")
    with in_flight.one_at_first("key", never):
        pass
