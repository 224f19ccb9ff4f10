"""A result that is used again."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event, Semaphore

import pytest
from tests.unit.engine.world import World, answer, events_of

from awsit.model.events import RunFinished
from awsit.model.http import HttpRequest, HttpResponse
from awsit.model.result import RunResult, RunStatus
from awsit.model.run import RunRequest
from awsit.scenario.reading.load import load_text
from awsit.system.clock import SystemClock

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


@pytest.mark.parametrize(("first_status", "passed"), [(200, 8), (500, 7)])
def test_of_runs_side_by_side_one_logs_in_and_the_others_wait_for_it(first_status: int, passed: int) -> None:
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
            if self.logins > 1:
                return answer(200, {"token": "t1"})
            assert all(waiting.acquire(timeout=10) for _ in range(7))
            return answer(first_status, {"token": "t1"})

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
    assert (slow.logins == 1) is (passed == 8)  # what failed is not kept
