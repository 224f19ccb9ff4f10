"""Executions that are cut off from outside, on the sandbox: a rule of the stack finishes what their flow could not."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from tests.deployed import Deployed
from ulid import ULID

from awsit.aws.runs.store import DynamoRunStore
from awsit.aws.stepfunctions.past_runs import PastRuns
from awsit.errors import NotFoundError
from awsit.model.result import CleanupVerdict, RunResult, RunStatus, Status
from awsit.model.run import RunRequest
from awsit.system.clock import SystemClock
from awsit.system.randomness import SystemRandomness

TABLE = "{{ stack('orders').Table }}"


def scenario(*middle: dict[str, Any], **more: Any) -> dict[str, Any]:
    item = {"order_id": "{{ run.id }}", "kind": "declared"}
    put = {"operation": "put_item", "table": TABLE, "item": item}
    undo = {"operation": "delete_item", "table": TABLE, "key": {"order_id": "{{ run.id }}"}}
    other = {**put, "item": {"order_id": "{{ run.id }}-auto", "kind": "recorded"}}
    actions = [
        {"name": "Put", "type": "dynamodb", "params": put, "cleanup": [{"type": "dynamodb", "params": undo}]},
        {"name": "PutToo", "type": "dynamodb", "params": other, "auto_cleanup": True},
        *middle,
        {"name": "After", "type": "dynamodb", "params": {**put, "item": {"order_id": "{{ run.id }}-after"}}},
    ]
    return {"name": "cut_off", "actions": actions, **more}


PAUSE = {"name": "Pause", "type": "wait", "params": {"seconds": 30}}


class Cut:
    """One run on the sandbox, and what is known of it."""

    def __init__(self, made: Deployed, document: dict[str, Any], *, keep: bool = False) -> None:
        self.made = made
        self.store = DynamoRunStore(made.aws, made.installation.table, made.installation.bucket)
        request = RunRequest(f"run-{ULID()}", document["name"], document, keep=keep)
        self.run = made.remote().start(request)
        self.run_id, self.arn = self.run.run_id, self.run.execution_arn

    def items(self) -> list[str]:
        outputs = self.made.aws.client("cloudformation").describe_stacks(StackName="orders")["Stacks"][0]["Outputs"]
        table = next(each["OutputValue"] for each in outputs if each["OutputKey"] == "Table")
        found = self.made.aws.client("dynamodb").scan(TableName=table, ConsistentRead=True)["Items"]
        return sorted(each["order_id"]["S"] for each in found if each["order_id"]["S"].startswith(self.run_id))

    def report(self) -> RunResult:
        return until(self._report)

    def _report(self) -> RunResult | None:
        try:
            return self.store.report(self.run_id)
        except NotFoundError:
            return None

    def invoke(self, **event: Any) -> Any:
        answer = self.made.aws.client("lambda").invoke(
            FunctionName=self.made.installation.function_name, Payload=json.dumps(event)
        )
        assert "FunctionError" not in answer, answer["Payload"].read()
        return json.loads(answer["Payload"].read())

    def stop(self) -> None:
        self.made.aws.client("stepfunctions").stop_execution(executionArn=self.arn)

    def past(self) -> PastRuns:
        return PastRuns(self.made.aws, self.made.installation, SystemClock())


def until(look: Callable[[], Any], seconds: float = 60) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
    return found


def test_a_stopped_execution_is_cleaned_up_and_reported(deployed: Deployed) -> None:
    cut = Cut(deployed, scenario(PAUSE))
    until(lambda: len(cut.items()) == 2)

    cut.stop()
    report = cut.report()

    assert cut.items() == []
    assert (report.status, report.cleanup.verdict) == (RunStatus.CANCELLED, CleanupVerdict.CLEAN)
    assert [step.name for step in report.cleanup.steps] == ["PutToo.auto_cleanup", "Put.cleanup[0]"]
    assert report.steps[-1].status is Status.SKIPPED
    assert cut.store.left_behind(cut.run_id) == 0


def test_awsit_stop_abort_is_followed_to_the_report(deployed: Deployed) -> None:
    cut = Cut(deployed, scenario(PAUSE))
    until(lambda: len(cut.items()) == 2)

    deployed.remote().stop(cut.run_id, abort=True)
    events: list[Any] = []
    deployed.remote().follow(cut.run, events.append)
    last = events[-1]

    assert last.result.status is RunStatus.CANCELLED
    assert last.result == cut.report()
    assert cut.items() == []


def test_a_failed_test_is_left_as_it_was_reported(deployed: Deployed) -> None:
    failing = {"name": "Bad", "type": "dynamodb", "params": {"operation": "get_item", "table": TABLE}}
    failing["params"] |= {"key": {"order_id": "nobody"}}  # type: ignore[operator]
    cut = Cut(deployed, scenario({**failing, "assert": [{"path": "$.item", "exists": True, "not_equals": None}]}))
    first = cut.report()

    execution = {"id": cut.arn, "name": cut.run_id, "started_at": 1_893_456_000_000}
    until(lambda: cut.store.left_behind(cut.run_id) == 0)
    answer = cut.invoke(task="recover", execution=execution, status="FAILED")

    assert answer == {"run_id": cut.run_id, "recovered": False}
    assert first.status is RunStatus.FAILED
    assert cut.report() == first


def test_the_sweep_finishes_what_no_event_told_of_and_leaves_the_others(deployed: Deployed) -> None:
    going, lost = Cut(deployed, scenario(PAUSE)), Cut(deployed, scenario(PAUSE))
    for each in (going, lost):
        until(lambda each=each: len(each.items()) == 2)
        expire(each)
    rules = deployed.aws.client("events")
    (rule,) = [each["Name"] for each in rules.list_rules()["Rules"] if "RecoverRuns" in each["Name"]]
    rules.disable_rule(Name=rule)
    try:
        lost.stop()
        time.sleep(1.5)
        assert len(lost.items()) == 2
        answer = lost.invoke(task="sweep")
    finally:
        rules.enable_rule(Name=rule)

    assert answer == {"recovered": [lost.run_id], "cleaned": [], "failed": {}}
    assert lost.items() == []
    assert lost.report().status is RunStatus.CANCELLED
    assert len(going.items()) == 2
    assert lost.invoke(task="sweep") == {"recovered": [], "cleaned": [], "failed": {}}
    deployed.remote().stop(going.run_id)


def expire(cut: Cut) -> None:
    cut.made.aws.client("dynamodb").update_item(
        TableName=cut.made.installation.table,
        Key={"run_id": {"S": cut.run_id}, "sk": {"S": "run"}},
        UpdateExpression="SET lease_ends_at = :then",
        ExpressionAttributeValues={":then": {"N": "1"}},
    )


def test_what_was_kept_is_removed_by_an_execution_of_its_own(deployed: Deployed) -> None:
    cut = Cut(deployed, scenario(), keep=True)
    first = cut.report()
    assert (first.status, first.cleanup.verdict) == (RunStatus.PASSED, CleanupVerdict.LEFT_BEHIND)
    assert len(cut.items()) == 3
    until(lambda: cut.store.left_behind(cut.run_id) == 2)

    second = cut.past().clean_up(cut.run_id, SystemRandomness().token(8))

    assert (second.status, second.cleanup.verdict) == (RunStatus.PASSED, CleanupVerdict.CLEAN)
    assert second.finished_at == first.finished_at
    assert cut.items() == [f"{cut.run_id}-after"]


def test_a_run_that_goes_on_is_not_cleaned_up(deployed: Deployed) -> None:
    cut = Cut(deployed, scenario(PAUSE))
    until(lambda: len(cut.items()) == 2)

    with pytest.raises(Exception, match="is still going on"):
        cut.past().clean_up(cut.run_id, "x")

    assert len(cut.items()) == 2
    deployed.remote().stop(cut.run_id)
