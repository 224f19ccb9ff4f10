"""Runs side by side: how many at once, in which order, and what happens when one cannot go on."""

from collections.abc import Iterator
from threading import Barrier, Lock
from threading import Event as Signal

import pytest

from awsit.cli.running.pool import Pool
from awsit.errors import EnvironmentFailure
from awsit.model.events import Event, RunFinished, RunStarted
from awsit.model.result import RunResult, RunStatus
from awsit.model.run import RunRequest

AT = "2030-01-01T00:00:00.000Z"
SOON = 10.0


def requests(number: int) -> list[RunRequest]:
    return [RunRequest(f"run-{index}", f"scenario_{index}", {}) for index in range(number)]


def started(request: RunRequest) -> Event:
    return RunStarted(request.run_id, request.name, "fake", AT)


def finished(request: RunRequest) -> Event:
    return RunFinished(request.run_id, RunResult(request.run_id, request.name, RunStatus.PASSED, "fake", AT, AT, 0.0))


def walk(request: RunRequest) -> Iterator[Event]:
    yield started(request)
    yield finished(request)


def ended(pool: Pool, wanted: list[RunRequest]) -> list[str]:
    return [request.run_id for request, event in pool.run(wanted) if isinstance(event, RunFinished)]


def test_one_at_a_time_they_come_in_their_order_whole():
    events = [(request.run_id, type(event)) for request, event in Pool(walk, 1).run(requests(3))]
    assert events == [(f"run-{index}", kind) for index in range(3) for kind in (RunStarted, RunFinished)]


def test_as_many_as_wanted_go_on_at_once_and_no_more():
    together, lock, most, now = Barrier(3), Lock(), 0, 0

    def meet(request: RunRequest) -> Iterator[Event]:
        nonlocal most, now
        with lock:
            now += 1
            most = max(most, now)
        together.wait(SOON)  # breaks unless three are here at once
        with lock:
            now -= 1
        yield finished(request)

    assert len(ended(Pool(meet, 3), requests(9))) == 9
    assert most == 3


def test_they_begin_in_their_order():
    begun: list[str] = []
    ended(Pool(walk, 4, lambda request: begun.append(request.run_id)), requests(12))
    assert begun == [f"run-{index}" for index in range(12)]


def test_after_begin_no_more_the_others_end_and_none_begins():
    begun: list[str] = []
    together = Barrier(2)

    def meet(request: RunRequest) -> Iterator[Event]:
        yield started(request)
        together.wait(SOON)
        yield finished(request)

    pool = Pool(meet, 2, lambda request: begun.append(request.run_id))
    finished_runs = []
    for request, event in pool.run(requests(5)):
        pool.begin_no_more()
        if isinstance(event, RunFinished):
            finished_runs.append(request.run_id)
    assert begun == sorted(finished_runs) == ["run-0", "run-1"]


def test_an_error_is_told_when_it_comes_and_the_others_come_to_their_end():
    error_was_told = Signal()

    def fail_first(request: RunRequest) -> Iterator[Event]:
        if request.run_id == "run-0":
            raise EnvironmentFailure("no credentials")
        assert error_was_told.wait(SOON)
        yield finished(request)

    told = []
    for request, event in Pool(fail_first, 2).run(requests(3)):
        told.append((request.run_id, str(event) if isinstance(event, Exception) else type(event)))
        error_was_told.set()
    assert told == [("run-0", "no credentials"), ("run-1", RunFinished)]


def test_a_run_that_says_nothing_of_its_end_is_an_error():
    ((_, event),) = Pool(lambda _: iter(()), 1).run(requests(1))
    assert str(event) == "the run ended without a result"


def test_an_interruption_in_a_run_is_one_of_the_command():
    def interrupt(request: RunRequest) -> Iterator[Event]:
        yield started(request)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ended(Pool(interrupt, 1), requests(2))
