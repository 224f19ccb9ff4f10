"""Eight systems that are broken on purpose, and an API that raises: each failure names the cause, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.deployed import Deployed, sandboxed
from ulid import ULID

from awsit.aws.evidence.source import StackEvidence
from awsit.engine.explained import ExplainedEngine
from awsit.model.events import Event, RunFinished
from awsit.model.result import RunResult, RunStatus, StepResult
from awsit.model.run import RunRequest
from awsit.reporting.terminal.transcript import explanation
from awsit.scenario.reading.load import load_file
from awsit.system.clock import SystemClock

SYSTEMS = Path(__file__).parent / "systems"
ENGINES = ("local", "remote")
AT_ONCE = 4
"""Runs; with more, functions start too late on two cores."""

CAUSES = {
    "handler_raises": "KeyError: 'price'\nindex.py line 4, in handler",
    "wrong_table": "could not store the order: botocore.errorfactory.ResourceNotFoundException: An error occurred "
    "(ResourceNotFoundException) when calling the PutItem operation",
    "no_consumer": "in it, and no event source mapping reads it",
    "denied": "is not authorized to perform: dynamodb:PutItem on resource",
    "failing_machine": "failed: OutOfStock: no copy of book-1 is left",
    "dead_letters": "in this dead-letter queue of queue dead-letters-Work-",
    "slow_function": "Task timed out after 1.00 seconds",
    "wrong_pattern": '{"source": ["shop.order"]} does not match the event of the scenario: source shop.orders',
    "api_raises": "ZeroDivisionError: division by zero\nindex.py line 2, in handler",
}
"""What the first cause says, by system."""

Results = dict[tuple[str, str], Future[RunResult]]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Results]:
    """The runs of every system on both engines, side by side."""
    with sandboxed(tmp_path_factory.mktemp("broken")) as made, ThreadPoolExecutor(AT_ONCE) as pool:
        for name in CAUSES:
            made.install(name.replace("_", "-"), SYSTEMS / name / "template.yaml")
        runs = {(name, engine): pool.submit(run, made, name, engine) for name in CAUSES for engine in ENGINES}
        for each in runs.values():
            each.exception()
        yield runs


def run(made: Deployed, name: str, engine_name: str) -> RunResult:
    engine = made.local() if engine_name == "local" else made.remote()
    explaining = ExplainedEngine(engine, lambda: StackEvidence(made.aws.quick(), SystemClock()), SystemClock())
    document = load_file(str(SYSTEMS / name / "scenario.yaml")).document
    env = {"AWS": made.sandbox.endpoint_url} if name == "api_raises" else {}
    events: list[Event] = []
    explaining.follow(explaining.start(RunRequest(f"run-{ULID()}", name, document, env=env)), events.append)
    last = events[-1]
    assert isinstance(last, RunFinished)
    return last.result


def failed_step(result: RunResult) -> StepResult:
    assert result.status in {RunStatus.FAILED, RunStatus.ERROR}, result
    return next(step for step in reversed(result.steps) if step.status in {"failed", "error"})


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", CAUSES)
def test_the_failure_names_its_cause_first(results: Results, name: str, engine: str) -> None:
    result = results[name, engine].result()

    first = failed_step(result).evidence[0]

    assert CAUSES[name] in first.text
    assert CAUSES[name].splitlines()[0] in " ".join(explanation(result).split())


@pytest.mark.parametrize("engine", ENGINES)
def test_only_the_function_behind_the_url_is_asked(results: Results, engine: str) -> None:
    steps = results["api_raises", engine].result().steps

    assert [step.name for step in steps if step.evidence] == ["RestPrice", "HttpPrice"]
    assert {each.resource for step in steps for each in step.evidence} <= {steps[0].evidence[0].resource}
    assert "-Prices-" in steps[0].evidence[0].resource
