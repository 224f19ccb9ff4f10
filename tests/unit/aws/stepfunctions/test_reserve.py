"""When a run closes for want of events, and who goes on with its clean-up."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.unit.aws.fakes import FakeAws
from tests.unit.engine.world import World

from awsit.aws.runs.store import DynamoRunStore
from awsit.aws.stepfunctions import reserve
from awsit.aws.stepfunctions.execution import Execution
from awsit.aws.stepfunctions.follower import Follower, looks_of_all
from awsit.aws.stepfunctions.recovery import prepare_cleanup, recover_execution
from awsit.aws.stepfunctions.tracker import Tracker
from awsit.engine.services import Services
from awsit.engine.store.records import RunRecord, RunState
from awsit.model.plan import Branch, Plan, Segment, Step
from awsit.model.result import RunStatus
from awsit.model.run import RunRequest, StartedRun
from awsit.records import replace
from awsit.system.clock import FakeClock

RUN_ID = "run-01J00000000000000000000000"
PREFIX = "arn:aws:states:eu-west-1:123456789012:execution:awsit-test-flow"
EXECUTION = Execution(f"{PREFIX}:{RUN_ID}", RUN_ID)


class StepFunctions:
    """Executions by their ARN, RUNNING for so many looks, and a history of so many events."""

    def __init__(self, events: int = 0, **looks: int) -> None:
        self.events = events
        self.looks = looks
        self.histories = 0

    def get_execution_history(self, **arguments: Any) -> Any:
        self.histories += 1
        assert (arguments["reverseOrder"], arguments["maxResults"]) == (True, 1)
        return {"events": [{"id": self.events}]}

    def describe_execution(self, executionArn: str) -> Any:  # noqa: N803 - AWS names it
        name = executionArn.rpartition(":")[2]
        key = "cleaner" if name.startswith("cleanup-") else "run"
        self.looks[key] = self.looks.get(key, 0) - 1
        status = "RUNNING" if self.looks[key] >= 0 else "SUCCEEDED"
        return {"name": name, "startDate": datetime(2030, 3, 17, tzinfo=UTC), "status": status}


def services(client: StepFunctions, plan: Plan, cleaner: str = "") -> Services:
    world = World()
    run = RunRecord(RUN_ID, "it", "stepfunctions", "2030-03-17T17:46:40.000Z", 9e9, execution_arn=EXECUTION.arn)
    world.store.create(replace(run, cleaner=cleaner, state=RunState.CLOSING), plan)
    return replace(world.services, aws=FakeAws(stepfunctions=client))


def plan_of(branches: int = 1, steps: int = 100, segments: int = 1) -> Plan:
    numbers = iter(range(branches * steps * segments))
    made = tuple(
        Segment(tuple(Branch(tuple(next(numbers) for _ in range(steps))) for _ in range(branches)), branches)
        for _ in range(segments)
    )
    return Plan(
        RUN_ID, "it", steps=tuple(Step(n, f"A{n}", "wait") for n in range(branches * steps * segments)), segments=made
    )


@pytest.mark.parametrize(("events", "code"), [(22_976, None), (22_977, "quota_events")])
def test_a_run_closes_before_its_events_are_used_up(events: int, code: str | None) -> None:
    made = services(StepFunctions(events), plan_of())
    closing = reserve.closing(made.aws, EXECUTION, plan_of(), 39, 1)

    assert (closing and closing.error and closing.error.code) == code
    assert closing is None or closing.verdict is RunStatus.ERROR


def test_what_follows_must_be_closed_too() -> None:
    many = plan_of(branches=40, steps=1, segments=20)
    made = services(StepFunctions(9_000), many)

    assert reserve.closing(made.aws, EXECUTION, many, 39, 1) is not None
    assert reserve.closing(made.aws, EXECUTION, many, 799, 1) is None


@pytest.mark.parametrize(("branches", "looks"), [(1, 2), (40, 45)])
def test_history_is_read_now_and_then(branches: int, looks: int) -> None:
    client = StepFunctions(100)
    plan = plan_of(branches, 100 // branches)
    made = services(client, plan)
    for index in range(100):
        reserve.closing(made.aws, EXECUTION, plan, index, 1)
    assert client.histories <= looks


def test_a_history_that_cannot_be_read_closes_nothing() -> None:
    class Throttled(StepFunctions):
        def get_execution_history(self, **_: Any) -> Any:
            raise ConnectionError

    assert reserve.closing(services(Throttled(), plan_of()).aws, EXECUTION, plan_of(), 39, 1) is None


def test_the_next_execution_has_one_name_and_is_the_only_cleaner() -> None:
    made = services(StepFunctions(), plan_of())

    first, second = reserve.hand_over(made, EXECUTION), reserve.hand_over(made, EXECUTION)

    assert first == second
    assert first["input"] == {"cleanup": RUN_ID}
    assert len(first["name"]) <= 80
    following = Execution.of({"execution": {"id": f"{PREFIX}:{first['name']}", "name": first["name"]}})
    assert following.run_id == RUN_ID
    assert made.store.run(RUN_ID).cleaner == following.cleaner
    assert reserve.hand_over(made, following)["name"] != first["name"]
    prepare_cleanup(made, made.aws, replace(following, cleaner=made.store.run(RUN_ID).cleaner))


def test_the_rule_leaves_a_run_alone_whose_clean_up_goes_on_elsewhere() -> None:
    made = services(StepFunctions(cleaner=1), plan_of(), cleaner=f"{PREFIX}:cleanup-{RUN_ID}-abc")

    assert recover_execution(made, made.aws, EXECUTION, "FAILED", 1e9) is None
    assert made.store.run(RUN_ID).state is RunState.CLOSING


def test_a_follower_waits_for_the_execution_that_goes_on_with_the_clean_up() -> None:
    made = services(StepFunctions(), plan_of(), cleaner=f"{PREFIX}:cleanup-{RUN_ID}-abc")
    aws = FakeAws(stepfunctions=StepFunctions(run=0, cleaner=3))
    clock = FakeClock()
    store, looks = DynamoRunStore(aws, "table", "bucket"), looks_of_all("eu-west-1", clock)
    follower = Follower(aws, store, clock, StartedRun(RUN_ID, EXECUTION.arn, RunRequest(RUN_ID, "it", {})), looks)
    follower._tracker = Tracker(RUN_ID, plan_of(), str)
    follower._tracker.run = made.store.run(RUN_ID)

    ends = [follower._end(10, 60.0) for _ in range(5)]

    assert ends == ["", "", "", "SUCCEEDED", "SUCCEEDED"]
