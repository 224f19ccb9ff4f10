"""A result that is used again."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Semaphore
from typing import Any

import pytest
from tests.unit.engine.world import NoAws, World, answer, events_of

from awsit.engine.in_flight import InFlight
from awsit.engine.local import LocalEngine
from awsit.engine.run.prepare import prepare
from awsit.engine.step.call import call_step
from awsit.engine.store.memory import MemoryRunStore
from awsit.engine.store.records import Next
from awsit.model.events import Event as RunEvent
from awsit.model.events import RunFinished
from awsit.model.http import HttpRequest, HttpResponse
from awsit.model.plan import Phase
from awsit.model.result import RunResult, RunStatus
from awsit.model.run import RunRequest
from awsit.records import replace
from awsit.scenario.reading.load import load_text
from awsit.system.clock import FakeClock, SystemClock

LOGIN = """
name: cached
variables: {user: ada}
actions:
  - name: Login
    type: http_call
    params: {url: "http://api.test/login", method: POST, body: {user: "{{ vars.user }}"}}
    cache_seconds: 60
    assert: [{path: $.body.token, equals: t1}]
    pass_to_context: {who: $.body.token}
  - {name: Use, type: http_call, params: {url: "http://api.test/use?{{ context.who }}"}}
"""


def run(world: World, number: int, suite: str = "s", **variables: str) -> RunResult:
    request = RunRequest(f"run-{number}", "cached", load_text(LOGIN, "x.yaml").document, variables, suite=suite)
    last = events_of(request, world.services)[-1]
    assert isinstance(last, RunFinished)
    return last.result


def logins(world: World) -> int:
    return sum("login" in url for url in world.urls)


def test_runs_of_a_suite_log_in_once() -> None:
    world = World(answer(200, {"token": "t1"}))

    results = [run(world, number) for number in range(3)]

    assert [result.status for result in results] == [RunStatus.PASSED] * 3
    assert [result.context for result in results] == [{"who": "t1"}] * 3
    assert logins(world) == 1


def test_other_params_another_suite_and_a_later_time_log_in_again() -> None:
    world = World(answer(200, {"token": "t1"}))

    run(world, 1)
    run(world, 2, user="grace")
    run(world, 3, suite="other")
    world.clock.sleep(61)
    run(world, 4)

    assert logins(world) == 4


def test_a_failure_is_not_kept() -> None:
    world = World(answer(500, {}), answer(200, {"token": "t1"}))

    assert run(world, 1).status is RunStatus.FAILED
    assert run(world, 2).status is RunStatus.PASSED


@pytest.mark.parametrize(("failures", "passed"), [(0, 8), (1, 7)])
def test_of_runs_side_by_side_one_logs_in_and_the_others_wait_for_it(failures: int, passed: int) -> None:
    """When it fails, the next one does, and the others wait for that."""
    waiting = Semaphore(0)

    class Counting(SystemClock):
        def wait(self, seconds: float, stop: Event) -> None:
            waiting.release()
            super().wait(seconds, stop)

    class Slow:
        def __init__(self) -> None:
            self.logins = 0

        def send(self, request: HttpRequest) -> HttpResponse:
            if "login" not in request.url:
                return answer()
            self.logins += 1
            assert self.logins > 1 or all(waiting.acquire(timeout=10) for _ in range(7))
            return answer(500 if self.logins <= failures else 200, {"token": "t1"})

    world, slow = World(), Slow()
    services = replace(world.services, http=slow, clock=Counting())
    source = load_text(LOGIN, "x.yaml").document

    def run_it(number: int) -> RunStatus:
        last = events_of(RunRequest(f"run-{number}", "cached", source, {}, suite="s"), services)[-1]
        assert isinstance(last, RunFinished)
        return last.result.status

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(run_it, range(8)))

    assert statuses.count(RunStatus.PASSED) == passed
    assert slow.logins == 1 + failures  # what failed is not kept


class Held(InFlight):
    """Results that another run has begun to compute before."""

    @contextmanager
    def one_at_first(self, key: str, wait: Callable[[Event], None], is_kept: Callable[[], bool]) -> Iterator[None]:
        wait(Event())
        yield


class LateClock(FakeClock):
    """A clock with which what is waited for comes after 100 s."""

    def wait(self, seconds: float, stop: Event) -> None:
        super().wait(seconds, stop)
        if self.monotonic() >= 100:
            stop.set()


class HeldTwice(InFlight):
    """Results that another run has begun to compute before, and a further one when that came to nothing."""

    @contextmanager
    def one_at_first(self, key: str, wait: Callable[[Event], None], is_kept: Callable[[], bool]) -> Iterator[None]:
        wait(Event())
        wait(Event())
        yield


@pytest.mark.parametrize("held", [Held(), HeldTwice()])
@pytest.mark.parametrize(("run_seconds", "seconds"), [(300, 7), (105.5, 5)])
def test_the_time_of_an_attempt_begins_after_its_waits_for_other_runs(
    held: InFlight, run_seconds: float, seconds: float
) -> None:
    world = World(answer(200, {"token": "t1"}))
    services = replace(world.services, in_flight=held, clock=LateClock())
    text = LOGIN.replace("cache_seconds: 60", "cache_seconds: 60\n    timeout_seconds: 7")
    source = load_text(f"timeout_seconds: {run_seconds}\n{text.lstrip()}", "x.yaml").document

    last = events_of(RunRequest("run-1", "cached", source, {}, suite="s"), services)[-1]

    assert isinstance(last, RunFinished)
    assert last.result.status is RunStatus.PASSED
    assert world.http.requests[0].timeout_seconds == pytest.approx(seconds, abs=0.5)
    assert world.http.requests[0].allowed_seconds == pytest.approx(seconds, abs=0.5)


def test_a_run_that_is_interrupted_waits_no_longer_for_another_one(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(answer(200, {"token": "t1"}))
    engine = LocalEngine(replace(world.services, in_flight=Held(), clock=(clock := FakeClock())))
    started = engine.start(RunRequest("run-1", "cached", load_text(LOGIN, "x.yaml").document, {}, suite="s"))
    sleep = clock.sleep

    def stopped_after_two_seconds(seconds: float) -> None:
        sleep(seconds)
        if clock.monotonic() == 2:
            engine.stop("run-1")

    monkeypatch.setattr(clock, "sleep", stopped_after_two_seconds)
    events: list[RunEvent] = []
    engine.follow(started, events.append)

    last = events[-1]
    assert isinstance(last, RunFinished)
    assert last.result.status is RunStatus.CANCELLED
    assert clock.monotonic() == 2
    assert world.urls == []


LIMITED = """
name: limited
limits: {http: {api.test: 6/min}}
actions:
  - {name: Login, type: http_call, params: {url: "http://api.test/login"}, cache_seconds: 60}
  - {name: Use, type: http_call, params: {url: "http://api.test/use"}}
"""


class ClaimedElsewhere(MemoryRunStore):
    """A run of another process computes what is to be cached: it has begun so many seconds ago, and ends without it."""

    def __init__(self, *seconds: float) -> None:
        super().__init__()
        self._seconds = list(seconds)

    def claim(self, *_: object) -> float:
        return self._seconds.pop(0) if self._seconds else 0.0


def test_a_run_that_has_waited_for_another_one_and_logs_in_itself_takes_its_turn_of_a_limit() -> None:
    world = World(answer(), store=ClaimedElsewhere(2, 4))

    source = load_text(LIMITED, "x.yaml").document

    events_of(RunRequest("run-1", "limited", source, suite="s"), world.services)

    assert world.clock.slept == [2, 4, 10]


def status_of(world: World, number: int, step: str) -> RunStatus:
    """How the run of one action ends that calls the API, with these keys, beside others of the same suite."""
    text = f"""
name: cached
actions:
  - {{name: Read, type: http_call, params: {{url: "http://api.test/state"}}, cache_seconds: 60, {step}}}
"""
    request = RunRequest(f"run-{number}", "cached", load_text(text, "x.yaml").document, suite="s")
    last = events_of(request, world.services)[-1]
    assert isinstance(last, RunFinished)
    return last.result.status


IS_3 = "{path: $.body.n, equals: 3}"


@pytest.mark.parametrize(
    "step",
    [
        f"until: {{assert: [{IS_3}], interval_seconds: 1}}",
        f"retry: {{max_attempts: 3, retry_on: [assertion]}}, assert: [{IS_3}]",
    ],
    ids=["until", "retry"],
)
def test_only_a_result_that_passes_is_used_again(step: str) -> None:
    world = World(*(answer(200, {"n": number}) for number in range(1, 5)))

    assert status_of(world, 1, step) is RunStatus.PASSED
    assert len(world.urls) == 3
    assert status_of(world, 2, step) is RunStatus.PASSED
    assert len(world.urls) == 3


def test_a_result_that_does_not_pass_elsewhere_is_replaced_by_an_attempt_of_its_own() -> None:
    world = World(answer(200, {"n": 1}), answer(200, {"n": 3}), answer(200, {"n": 4}))

    assert status_of(world, 1, "assert: []") is RunStatus.PASSED
    assert status_of(world, 2, f"until: {{assert: [{IS_3}]}}") is RunStatus.PASSED
    assert status_of(world, 3, f"assert: [{IS_3}]") is RunStatus.PASSED
    assert len(world.urls) == 2


def test_each_look_at_what_must_hold_the_whole_time_is_made() -> None:
    world = World(answer(200, {"n": 3}), answer(200, {"n": 3}), answer(200, {"n": 4}))

    assert status_of(world, 1, f"during: {{seconds: 5, assert: [{IS_3}]}}") is RunStatus.FAILED
    assert len(world.urls) == 3


class Claims(MemoryRunStore):
    """What runs of several processes claim: each key's owner."""

    def __init__(self) -> None:
        super().__init__()
        self.owners: dict[str, str] = {}

    def claim(self, suite: str, key: str, owner: str, at: float, until: float) -> float:
        return 0.0 if self.owners.setdefault(key, owner) == owner else until - at

    def release_claim(self, suite: str, key: str, owner: str) -> None:
        if self.owners.get(key) == owner:
            del self.owners[key]


class Killed(BaseException):
    """The end of a process in the middle of a call."""


class Deadly(NoAws):
    """A service, of any kind, at the call of which the process ends."""

    def client(self, service: str) -> Any:
        raise Killed

    def send(self, *_: object, **__: object) -> HttpResponse:
        raise Killed


ONE_MORE = 'key: {id: 1}, update_expression: "ADD n :one", values: {":one": 1}'
"""An update that does more when it is repeated."""


@pytest.mark.parametrize(
    "action",
    [
        'type: http_call, params: {url: "http://api.test/", method: POST, body: "{{ context.own }}"}, let: {own: 7}',
        f"type: dynamodb, at: {{region: eu-west-3}}, params: {{operation: update_item, table: t, {ONE_MORE}}}",
    ],
    ids=["here", "elsewhere"],
)
def test_a_call_that_never_came_back_and_may_not_be_repeated_lets_another_run_compute(action: str) -> None:
    claims, deadly = Claims(), Deadly()
    world = World(store=claims)
    text = f"name: cached\nactions:\n  - {{name: Login, {action}, cache_seconds: 60}}\n"
    prepare(world.services, RunRequest("run-1", "cached", load_text(text, "x.yaml").document, suite="s"))
    with pytest.raises(Killed):
        call_step(replace(world.services, http=deadly, aws_at=lambda _: deadly), "run-1", 0, 1)
    assert list(claims.owners.values()) == ["run-1#0"]

    assert call_step(world.services, "run-1", 0, 1).next is Next.FAILED

    record = claims.record("run-1", Phase.ACTIONS, 0)
    assert record is not None
    assert record.result.error is not None
    assert record.result.error.code == "outcome_unknown"
    assert claims.owners == {}
