"""An iteration of a load begins its first action at its moment, and not at all when that is long over."""

from __future__ import annotations

import pytest
from tests.unit.engine.world import World, answer

from awsit.engine.run.prepare import prepare
from awsit.engine.run.report import report
from awsit.engine.run.start import LONGEST_SECONDS, await_start
from awsit.engine.run.verify import verify
from awsit.model.plan import Plan
from awsit.model.run import TOO_LATE, RunRequest
from awsit.scenario.reading.load import load_text

SCENARIO = 'name: it\nactions: [{name: Call, type: http_call, params: {url: "http://a.test"}}]\n'


def now(world: World) -> float:
    return world.services.clock.now().timestamp()


@pytest.mark.parametrize(
    ("early", "slept"), [(0.25, [0.25]), (1.75, [1.75]), (600, [LONGEST_SECONDS]), (0, []), (-5, [])]
)
def test_the_function_waits_for_the_moment(early: float, slept: list[float]) -> None:
    world = World()
    await_start(world.services, Plan("run-1", "it", start_at=now(world) + early if early else 0.0))
    assert world.clock.slept == pytest.approx(slept)


@pytest.mark.parametrize(("late", "is_dropped"), [(-2, False), (0.9, False), (1.1, True), (60, True)])
def test_an_iteration_that_would_begin_too_late_is_dropped(late: float, is_dropped: bool) -> None:
    world = World(answer())
    document = load_text(SCENARIO).document
    request = RunRequest("run-1", "it", document, suite="suite-1", start_at=now(world) - late)
    prepared = prepare(world.services, request)

    assert (prepared.plan.segments == ()) is is_dropped
    assert (prepared.run.suite, prepared.plan.start_at) == ("suite-1", request.start_at)
    if is_dropped:
        verify(world.services, "run-1")
        ended = report(world.services, "run-1")
        assert (ended.status, ended.error and ended.error.code, ended.steps) == ("error", TOO_LATE, ())
        assert world.http.requests == []
    else:
        assert prepared.run.deadline_at == max(now(world), request.start_at) + 300
