"""The setups of suites that wait for their clean-up: until when, and what a sweep and the function do with them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from tests.conformance.interpreter import BUCKET, TABLE, empty_runs
from tests.unit.aws.fakes import FakeAws
from tests.unit.engine.world import World, answer

from awsit.aws.installation import Installation
from awsit.aws.runs.items import HELD_SECONDS
from awsit.aws.runs.store import DynamoRunStore
from awsit.aws.stepfunctions.engine import StepFunctionsEngine
from awsit.aws.stepfunctions.recovery import LOOK_SECONDS, recover_setups, sweep_runs
from awsit.aws.stepfunctions.setups import Setups
from awsit.engine.run.prepare import prepare
from awsit.engine.run.report import report
from awsit.engine.run.verify import verify
from awsit.engine.step.call import call_step
from awsit.engine.store.records import RunRecord, RunState
from awsit.errors import AccessDeniedError, EnvironmentFailure
from awsit.lambdas import suites
from awsit.lambdas.host import Host
from awsit.model.json import Json
from awsit.model.result import RunStatus
from awsit.model.run import RunRequest
from awsit.scenario.reading.load import load_text

SUITE, SETUP, WITHIN = (
    "suite-01J9ZK3M4N5P6Q7R8S9T0V1W2X",
    "run-01J9ZK3M4N5P6Q7R8S9T0V1W20",
    "run-01J9ZK3M4N5P6Q7R8S9T0V1W21",
)
ARNS = "arn:aws:states:eu-west-1:123456789012:execution:awsit-test-flow:"
MAKES = """
name: it
actions:
  - name: Make
    type: http_call
    params: {url: "http://api.test/things/1", method: PUT}
    cleanup: [{name: Remove, type: http_call, params: {url: "http://api.test/things/1", method: DELETE}}]
"""


class StepFunctions:
    """All executions of runs are over; the suite's may go on."""

    suite = "RUNNING"
    cleanup = "SUCCEEDED"

    def describe_execution(self, *, executionArn: str) -> Json:  # noqa: N803 - boto3's name
        machine, name = executionArn.split(":")[-2:]
        status = self.suite if machine == "awsit-suite-flow" else "ABORTED"
        status = self.cleanup if name.startswith("cleanup-") else status
        return {"name": name, "startDate": datetime(2030, 3, 17, tzinfo=UTC), "status": status}


class Suite:
    """A suite with a setup that has passed, and a run within it that goes on."""

    def __init__(self, store: DynamoRunStore, *, suite: str = SUITE, keep: bool = False) -> None:
        self.world = World(answer(201), answer(204), answer(201), answer(204), store=store)
        self.store, self.machines = store, StepFunctions()
        self.aws: Any = FakeAws(stepfunctions=self.machines)
        self.setups = Setups(self.aws, store, self.world.clock)
        self._begin(
            RunRequest(SETUP, "suite:s", load_text(MAKES, "s.yaml").document, suite=suite, keep=keep, hold=True)
        )
        verify(self.world.services, SETUP)
        report(self.world.services, SETUP)
        self._begin(RunRequest(WITHIN, "it", load_text(MAKES, "s.yaml").document, suite=suite, suite_run=SETUP))

    def _begin(self, request: RunRequest) -> None:
        prepare(self.world.services, request, f"{ARNS}{request.run_id}")
        call_step(self.world.services, request.run_id, 0, 1)

    def end_run(self) -> None:
        self.store.end(self.store.report(SETUP).__class__(WITHIN, "it", *self._rest()))

    def _rest(self) -> tuple[Any, ...]:
        made = self.store.report(SETUP)
        return made.status, made.engine, made.started_at, made.finished_at, 1.0

    def sweep(self) -> list[str]:
        swept = sweep_runs(self.world.services, self.aws, self.store, math.inf, lambda _: None)
        assert swept.failures == {}
        return swept.recovered

    def look(self) -> dict[str, Json]:
        host = Host(self.world.services, self.aws, self.store, "bucket", "table")
        return suites.look_for_open_runs(host, {"suite": SUITE, "since": "2030-01-01T00:00:00Z"})


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[DynamoRunStore]:
    with empty_runs(monkeypatch) as store:
        yield store


def test_the_clean_up_of_a_setup_waits_for_the_runs_within_it(store: DynamoRunStore) -> None:
    suite = Suite(store)
    assert suite.setups.open_within(SETUP) == [WITHIN]
    assert (suite.look()["next"], suite.look()["setups"]) == ("wait", [])

    suite.end_run()

    assert suite.setups.open_within(SETUP) == []
    assert suite.look() == {"next": "clean_up", "setups": [{"run_id": SETUP, "name": f"cleanup-{SETUP}-suite"}]}


def test_no_sweep_takes_a_setup_while_its_suite_or_a_run_within_it_goes_on(store: DynamoRunStore) -> None:
    suite = Suite(store)
    assert suite.sweep() == []
    suite.machines.suite = "ABORTED"
    assert suite.sweep() == []
    suite.end_run()
    suite.machines.suite = "RUNNING"
    assert suite.sweep() == []
    suite.machines.suite = "ABORTED"
    assert suite.sweep() == [SETUP]
    assert store.run(SETUP).state is RunState.CLOSED
    assert suite.world.urls[-1] == "DELETE http://api.test/things/1"


def test_a_setup_that_is_to_be_kept_ends_without_a_clean_up(store: DynamoRunStore) -> None:
    suite = Suite(store, keep=True)
    suite.end_run()

    assert suite.look()["setups"] == []
    assert store.run(SETUP).state is RunState.CLOSED
    assert store.left_behind(SETUP) == 1
    assert not any("DELETE" in url for url in suite.world.urls)


def test_the_setup_of_a_command_waits_for_a_day(store: DynamoRunStore) -> None:
    suite = Suite(store, suite="of-a-command", keep=True)
    suite.end_run()
    assert suite.setups.is_waiting(SETUP)
    suite.world.clock.sleep(HELD_SECONDS + 1)
    assert not suite.setups.is_waiting(SETUP)
    suite.sweep()
    assert store.left_behind(SETUP) == 1  # with --keep it is only reported


def test_after_a_suite_that_was_cut_off_the_setups_follow_the_runs_within_them(store: DynamoRunStore) -> None:
    suite = Suite(store)
    suite.machines.suite = "ABORTED"
    looks: list[float] = []
    wait = suite.world.clock.sleep

    def sleep(seconds: float) -> None:
        looks.append(seconds)
        wait(seconds)
        suite.end_run()

    suite.world.clock.sleep = sleep  # type: ignore[method-assign]
    ends = recover_setups(suite.world.services, suite.aws, store, SUITE, math.inf)

    assert [each.run_id for each in ends] == [SETUP]
    assert looks[0] == LOOK_SECONDS
    assert suite.setups.held(SUITE) == []


def engine_of(suite: Suite) -> StepFunctionsEngine:
    machine = ARNS.replace(":execution:", ":stateMachine:").rstrip(":")
    installation = Installation(machine, BUCKET, TABLE, "function", "", "")
    aws: Any = FakeAws(stepfunctions=suite.machines, dynamodb=boto3.client("dynamodb"), s3=boto3.client("s3"))
    return StepFunctionsEngine(aws, installation, suite.world.clock)


def test_a_setup_that_is_held_goes_on_until_its_clean_up_is_done(store: DynamoRunStore) -> None:
    suite = Suite(store)
    engine = engine_of(suite)
    held = engine.snapshot(SETUP)
    assert (held.status, held.is_held, held.error, held.finished_at) == (RunStatus.RUNNING, True, None, "")
    with pytest.raises(EnvironmentFailure, match="is the setup of a suite, and not over"):
        engine.result(SETUP)

    store.take_over(SETUP, f"{ARNS}cleanup-{SETUP}-suite")
    suite.machines.cleanup = "RUNNING"
    cleaned = engine.snapshot(SETUP)
    assert (cleaned.status, cleaned.is_held, cleaned.error) == (RunStatus.RUNNING, False, None)
    with pytest.raises(EnvironmentFailure, match="not over"):
        engine.result(SETUP)

    report(suite.world.services, SETUP, cleaner=f"{ARNS}cleanup-{SETUP}-suite")
    assert engine.snapshot(SETUP).status is RunStatus.PASSED
    assert engine.result(SETUP).status is RunStatus.PASSED


def test_who_may_not_read_records_is_shown_the_report_as_it_is(
    store: DynamoRunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = engine_of(Suite(store))

    def denied(_store: DynamoRunStore, run_id: str) -> RunRecord:
        raise AccessDeniedError(f"could not read {run_id}")

    monkeypatch.setattr(DynamoRunStore, "run", denied)
    assert engine.result(SETUP).cleanup.left_behind != ()
