"""A clean-up in the account that waits for what had no answer says so to whoever asked for it."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from tests.conformance.interpreter import BUCKET, TABLE
from tests.unit.engine.run.test_effects import cleaned_up, killed, late
from tests.unit.engine.world import RUN_ID, World

from awsit.aws.client.clients import AwsClients
from awsit.aws.installation import Installation
from awsit.aws.runs.store import DynamoRunStore
from awsit.aws.stepfunctions.past_runs import PastRuns
from awsit.engine.run.report import report
from awsit.model.run import LastLook
from awsit.records import replace


class StateMachine(AwsClients):
    """An account whose execution waits for the last look of a run's clean-up, as its records say, and then ends."""

    exceptions = SimpleNamespace(ExecutionAlreadyExists=KeyError)

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world

    def client(self, service: str) -> Any:
        return self if service == "stepfunctions" else super().client(service)

    def start_execution(self, name: str, **_: Any) -> dict[str, str]:
        return {"executionArn": f"arn:aws:states:us-east-1:123456789012:execution:awsit-test-flow:{name}"}

    def describe_execution(self, **_: str) -> dict[str, Any]:
        is_over = self.world.clock.monotonic() > 15
        if is_over:
            report(self.world.services, RUN_ID)
        status = "SUCCEEDED" if is_over else "RUNNING"
        return {"name": f"{RUN_ID}-cleanup", "startDate": datetime(2030, 1, 1, tzinfo=UTC), "status": status}


def test_a_last_look_is_told_once_while_it_is_waited_for(runs: DynamoRunStore) -> None:
    world, service = late(99)
    world.services, world.store = replace(world.services, store=runs), runs
    killed(world, service)
    began, looks = world.clock.now().timestamp(), list[LastLook]()
    assert cleaned_up(world, patience=5) is None
    runs.take_over(RUN_ID, "")

    installation = Installation("machine", BUCKET, TABLE, "function", "log", "log")
    PastRuns(StateMachine(world), installation, world.clock).clean_up(RUN_ID, "token", looks.append)

    assert looks == [LastLook("Remove", ("Make",), began + 15)]
