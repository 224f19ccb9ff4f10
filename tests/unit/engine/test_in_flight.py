"""One computes, others wait."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Semaphore

import pytest

from awsit.engine.in_flight import InFlight


class Queue:
    """Three who want what another one computes."""

    def __init__(self, *, is_kept: bool) -> None:
        self.in_flight, self.waiting, self.entered, self.leave = InFlight(), Semaphore(0), Semaphore(0), Semaphore(0)
        self.is_kept = is_kept

    def later(self) -> None:
        def wait(over: Event) -> None:
            self.waiting.release()
            assert over.wait(10)

        with self.in_flight.one_at_first("key", wait, lambda: self.is_kept):
            self.entered.release()
            assert self.leave.acquire(timeout=10)

    def many(self, semaphore: Semaphore, number: int) -> bool:
        """Whether so many come to it."""
        return all(semaphore.acquire(timeout=10) for _ in range(number))

    @contextmanager
    def first(self) -> Iterator[None]:
        """The first one's block, in which the others wait; at its end, all have left theirs."""
        with ThreadPoolExecutor() as pool:
            with self.in_flight.one_at_first("key", never, lambda: False):
                others = [pool.submit(self.later) for _ in range(3)]
                assert self.many(self.waiting, 3)
                assert not self.entered.acquire(blocking=False)
            yield
            self.leave.release(3)
            for other in others:
                other.result(10)


def test_others_enter_all_together_when_the_first_has_kept_something() -> None:
    queue = Queue(is_kept=True)
    with queue.first():
        assert queue.many(queue.entered, 3)


def test_the_next_one_enters_when_the_first_has_come_to_nothing_and_all_others_after_that() -> None:
    queue = Queue(is_kept=False)
    with queue.first():
        assert queue.many(queue.entered, 1)
        assert queue.many(queue.waiting, 2)
        assert not queue.entered.acquire(blocking=False)
        queue.leave.release()
        assert queue.many(queue.entered, 2)


def test_who_waits_no_longer_enters_at_once() -> None:
    in_flight, waited_for = InFlight(), list[Event]()
    with (
        in_flight.one_at_first("key", never, lambda: False),
        in_flight.one_at_first("key", waited_for.append, lambda: False),
    ):
        (first,) = waited_for
        assert not first.is_set()

    assert first.is_set()


def never(_: Event) -> None:
    raise AssertionError("nobody else computes it")


def test_other_keys_and_later_callers_wait_for_nobody_also_after_an_error() -> None:
    in_flight = InFlight()
    with in_flight.one_at_first("key", never, lambda: False), in_flight.one_at_first("other", never, lambda: False):
        pass
    with pytest.raises(ValueError, match="failed"), in_flight.one_at_first("key", never, lambda: False):
        raise ValueError("failed")
    with in_flight.one_at_first("key", never, lambda: False):
        pass
