"""A local run that is interrupted: what has begun ends, nothing more begins, and it cleans up."""

from __future__ import annotations

from tests.unit.engine.world import RUN_ID, World, answer

from awsit.engine.local import LocalEngine
from awsit.model.events import Event, RunFinished, StepStarted
from awsit.model.result import CleanupVerdict, RunResult, RunStatus, Status
from awsit.model.run import RunRequest
from awsit.scenario.reading.load import load_text

SCENARIO = """
name: interrupted
actions:
  - name: First
    type: http_call
    params: {url: "http://api.test/first"}
    cleanup: [{name: Undo, type: http_call, params: {url: "http://api.test/undo"}}]
  - {name: Second, type: http_call, params: {url: "http://api.test/second"}}
"""
REQUEST = RunRequest(RUN_ID, "interrupted", load_text(SCENARIO, "scenario.yaml").document)


def result_of(events: list[Event]) -> RunResult:
    assert isinstance(events[-1], RunFinished)
    return events[-1].result


def test_an_interruption_while_a_step_goes_on_cleans_up_after_it() -> None:
    world = World(answer(200, {}))
    engine, events = LocalEngine(world.services), list[Event]()

    def emit(event: Event) -> None:
        events.append(event)
        if isinstance(event, StepStarted) and event.name == "First":
            assert engine.interrupt()
            assert not engine.interrupt()

    engine.follow(engine.start(REQUEST), emit)

    result = result_of(events)
    assert (result.status, result.cleanup.verdict) == (RunStatus.CANCELLED, CleanupVerdict.CLEAN)
    assert "http://api.test/second" not in " ".join(world.urls)


def test_an_interruption_before_anything_began_is_an_empty_run() -> None:
    world = World(answer(200, {}))
    engine, events = LocalEngine(world.services), list[Event]()

    run = engine.start(REQUEST)
    assert engine.interrupt()
    engine.follow(run, events.append)

    result = result_of(events)
    assert result.status is RunStatus.CANCELLED
    assert [step.status for step in result.steps] == [Status.SKIPPED, Status.SKIPPED]
    assert world.urls == []


def test_there_is_nothing_to_interrupt_when_no_run_goes_on() -> None:
    world = World(answer(200, {}))
    engine = LocalEngine(world.services)
    engine.follow(engine.start(REQUEST), lambda _: None)
    assert not engine.interrupt()
