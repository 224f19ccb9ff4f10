"""Runs side by side: how many at once, in which order, and what happens when one cannot go on."""

import io
import logging
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Barrier, Lock
from threading import Event as Signal

import pytest

from awsit.cli.logs.run_log import log, shipping
from awsit.cli.running.side_by_side.pool import PATIENCE_SECONDS, Pool
from awsit.cli.running.side_by_side.turns import Turns
from awsit.cli.selection.requested_run import RequestedRun, WaitingRun
from awsit.engine.log_entry import INFO, LogEntry
from awsit.errors import EnvironmentFailure
from awsit.model.events import Event, RunFinished, RunStarted
from awsit.model.result import RunResult, RunStatus
from awsit.model.run import RunRequest, StartedRun
from awsit.system.clock import FakeClock
from awsit.system.slots import Slots

AT = "2030-01-01T00:00:00.000Z"
SOON = 60.0


@dataclass
class FakeEngine:
    """An engine whose runs are what `events` says of each."""

    events: Callable[[RunRequest], Iterator[Event]]
    interruptible: bool = True
    released: list[str] = field(default_factory=list)
    name = "fake"
    outlives_process = False
    notice = ""

    def start(self, request: RunRequest) -> StartedRun:
        return StartedRun(request.run_id, "", request)

    def follow(self, run: StartedRun, emit: Callable[[Event], None]) -> None:
        for event in self.events(run.request):
            emit(event)

    def release(self, run_id: str) -> None:
        self.released.append(run_id)

    def clean_up(self, run_id: str) -> RunResult:
        return RunResult(run_id, run_id, RunStatus.PASSED, self.name, AT, AT, 0.0)

    def masker(self, request: RunRequest) -> Callable[[str], str]:
        return str

    def interrupt(self) -> bool:
        was, self.interruptible = self.interruptible, False
        return was


def make_pool(
    events: Callable[[RunRequest], Iterator[Event]],
    jobs: int = 1,
    begins: Callable[[WaitingRun], None] = lambda _: None,
) -> Pool:
    return Pool(FakeEngine(events), FakeClock(), Turns(Slots(Path("slots")), jobs), begins)


def requests(number: int) -> list[RequestedRun]:
    return [RequestedRun(RunRequest(f"run-{index}", f"scenario_{index}", {})) for index in range(number)]


def started(request: RunRequest) -> Event:
    return RunStarted(request.run_id, request.name, "fake", AT)


def finished(request: RunRequest) -> Event:
    return RunFinished(request.run_id, RunResult(request.run_id, request.name, RunStatus.PASSED, "fake", AT, AT, 0.0))


def walk(request: RunRequest) -> Iterator[Event]:
    yield started(request)
    yield finished(request)


def test_the_start_of_a_run_is_logged_before_its_steps_however_late_the_reader_comes() -> None:
    lines, has_begun = io.StringIO(), Signal()

    def events(request: RunRequest) -> Iterator[Event]:
        yield started(request)
        log(LogEntry(INFO, "step started", {}))
        has_begun.set()
        yield finished(request)

    def look(_: Collection[str]) -> None:
        has_begun.wait(SOON)

    pool = Pool(FakeEngine(events), FakeClock(), Turns(Slots(Path("slots"))), look=look)
    with shipping(logging.StreamHandler(lines)):
        assert len([*pool.run(requests(1))]) == 3
    assert [line[:12] for line in lines.getvalue().splitlines()] == ["run started ", "step started"]


def test_where_there_is_no_thread_the_run_ends_with_that_and_no_other_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("threading.Thread.start", refuse)
    [(run, news)] = make_pool(walk, jobs=4).run(requests(3))

    assert run.run_id == "run-0"
    assert isinstance(news, RuntimeError)


def test_a_run_is_held_until_its_result_has_been_handled() -> None:
    engine = FakeEngine(walk)
    pool = Pool(engine, FakeClock(), Turns(Slots(Path("slots"))))
    seen = [(event, tuple(engine.released)) for _, event in pool.run(requests(2))]
    assert [released for event, released in seen if isinstance(event, RunFinished)] == [(), ("run-0",)]
    assert engine.released == ["run-0", "run-1"]


@dataclass
class SlowEngine(FakeEngine):
    """An engine that takes long to start the second run, as one that starts a process does."""

    starting: Signal = field(default_factory=Signal)
    go_on: Signal = field(default_factory=Signal)
    known: set[str] = field(default_factory=set)
    interrupted: set[str] = field(default_factory=set)

    def start(self, request: RunRequest) -> StartedRun:
        if request.run_id == "run-1":
            self.starting.set()
            self.go_on.wait(SOON)
        self.known.add(request.run_id)
        return super().start(request)

    def interrupt(self) -> bool:
        new = self.known - self.interrupted
        self.interrupted |= new
        return bool(new)


def test_a_run_that_is_just_being_started_is_interrupted_too() -> None:
    engine = SlowEngine(walk)
    pool = Pool(engine, FakeClock(), Turns(Slots(Path("slots")), 2))
    for request, event in pool.run(requests(2)):
        if isinstance(event, StartedRun) and request.run_id == "run-0":
            assert engine.starting.wait(SOON)
            assert pool.interrupt()
            engine.go_on.set()
    assert engine.interrupted == {"run-0", "run-1"}


def ended(pool: Pool, wanted: list[RequestedRun]) -> list[str]:
    return [request.run_id for request, event in pool.run(wanted) if isinstance(event, RunFinished)]


def test_one_at_a_time_they_come_in_their_order_whole():
    events = [(request.run_id, type(event)) for request, event in make_pool(walk, 1).run(requests(3))]
    assert events == [(f"run-{index}", kind) for index in range(3) for kind in (StartedRun, RunStarted, RunFinished)]


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

    assert len(ended(make_pool(meet, 3), requests(9))) == 9
    assert most == 3


def test_they_begin_in_their_order():
    begun: list[str] = []
    ended(make_pool(walk, 4, lambda request: begun.append(request.run_id)), requests(12))
    assert begun == [f"run-{index}" for index in range(12)]


def test_after_begin_no_more_the_others_end_and_none_begins():
    begun: list[str] = []
    together = Barrier(2)

    def meet(request: RunRequest) -> Iterator[Event]:
        yield started(request)
        together.wait(SOON)
        yield finished(request)

    pool = make_pool(meet, 2, lambda request: begun.append(request.run_id))
    finished_runs = []
    for request, event in pool.run(requests(5)):
        pool.begin_no_more()
        if isinstance(event, RunFinished):
            finished_runs.append(request.run_id)
    assert begun == sorted(finished_runs) == ["run-0", "run-1"]


def test_an_error_comes_when_it_happens_and_the_other_runs_come_to_their_end():
    has_failed = Signal()

    def fail_first(request: RunRequest) -> Iterator[Event]:
        if request.run_id == "run-0":
            raise EnvironmentFailure("no credentials")
        assert has_failed.wait(SOON)
        yield finished(request)

    news = []
    for request, event in make_pool(fail_first, 2).run(requests(3)):
        if isinstance(event, Exception):
            has_failed.set()
            news.append((request.run_id, str(event)))
        elif isinstance(event, RunFinished):
            news.append((request.run_id, "finished"))
    assert news == [("run-0", "no credentials"), ("run-1", "finished")]


def test_a_run_that_ends_without_a_result_is_an_error():
    _, (_, error) = make_pool(lambda _: iter(()), 1).run(requests(1))
    assert str(error) == "the run ended without a result"


def test_runs_that_are_interrupted_come_to_their_end_and_none_begins():
    was_interrupted = Signal()

    def wait(request: RunRequest) -> Iterator[Event]:
        yield started(request)
        assert was_interrupted.wait(SOON)
        yield finished(request)

    pool, finished_runs = make_pool(wait), []
    for request, event in pool.run(requests(2)):
        if isinstance(event, RunStarted):
            assert pool.interrupt()
            assert not pool.interrupt()
            was_interrupted.set()
        if isinstance(event, RunFinished):
            finished_runs.append(request.run_id)
    assert finished_runs == ["run-0"]


@pytest.mark.parametrize("outlives", [False, True])
def test_between_two_runs_an_interruption_has_none_begin_and_another_one_leaves_at_once(outlives: bool) -> None:
    engine = FakeEngine(walk, interruptible=False)
    engine.outlives_process = outlives
    pool = Pool(engine, FakeClock(), Turns(Slots(Path("slots"))))
    answers, finished_runs = [], []
    for request, event in pool.run(requests(3)):
        if isinstance(event, RunFinished):
            finished_runs.append(request.run_id)
            answers += [pool.interrupt(), pool.interrupt()]
    assert finished_runs == ["run-0"]
    assert answers == [not outlives, False]


def test_the_patience_with_runs_that_are_interrupted_has_an_end(monkeypatch):
    monkeypatch.setattr("awsit.cli.running.side_by_side.pool.LOOK_SECONDS", 0.01)
    never, clock = Signal(), FakeClock()

    def hang(request: RunRequest) -> Iterator[Event]:
        yield started(request)
        never.wait(SOON)

    pool = Pool(FakeEngine(hang), clock, Turns(Slots(Path("slots"))))
    events = pool.run(requests(1))
    assert [type(event) for _, event in (next(events), next(events))] == [StartedRun, RunStarted]
    assert pool.interrupt()
    clock.sleep(PATIENCE_SECONDS + 1)
    with pytest.raises(KeyboardInterrupt):
        next(events)
    never.set()


def test_an_interruption_in_a_run_is_one_of_the_command():
    def interrupt(request: RunRequest) -> Iterator[Event]:
        yield started(request)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ended(make_pool(interrupt, 1), requests(2))
