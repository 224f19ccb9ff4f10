"""What is undone without being declared: recorded before the act, put back exactly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.unit.actions.services import Clients
from tests.unit.engine.table import TableAws, throttled
from tests.unit.engine.world import RUN_ID, World

from awsit.engine.run.prepare import prepare
from awsit.engine.step.call import call_step
from awsit.engine.step.ledger import CompensationId
from awsit.engine.store.records import Closing, RecordedCompensation
from awsit.model.json import dumps
from awsit.model.result import CleanupOutcome, CleanupVerdict, RunStatus, Status
from awsit.model.run import RunRequest

PUT = """
name: it
variables: {token: "{{ uuid() }}"}
actions:
  - name: Put
    type: dynamodb
    params: {operation: put_item, table: orders, item: {id: "7", text: "new"}}
    auto_cleanup: true
"""


def test_a_new_item_is_gone_afterwards_and_the_report_says_what_was_done() -> None:
    aws = TableAws()

    result = World(aws=aws).run(PUT)

    assert aws.calls == ["get_item", "put_item", "delete_item"]
    assert aws.plain == []
    (undone,) = result.cleanup.steps
    assert (undone.name, undone.status) == ("Put.auto_cleanup", Status.PASSED)
    assert undone.source == "actions[0].auto_cleanup"


def test_what_was_there_is_put_back_without_being_rendered() -> None:
    there = {"text": {"S": "{{ not.ours }}"}, "price": {"N": "1.50"}}
    aws = TableAws(**{"7": there})

    result = World(aws=aws).run(PUT)

    assert aws.items == {"7": {"id": {"S": "7"}, **there}}
    assert result.cleanup.verdict is CleanupVerdict.CLEAN


def test_the_inverse_is_in_the_ledger_before_the_act() -> None:
    world = World(aws=TableAws())
    seen: list[Any] = []
    world.services.aws.before = lambda name: seen.append((name, world.store.run(RUN_ID).ledger))  # type: ignore[attr-defined]

    world.run(PUT)

    assert seen == [("get_item", ()), ("put_item", (100_000,)), ("delete_item", (100_000,))]


def test_an_act_that_failed_is_undone_all_the_same_and_a_retry_records_nothing_more() -> None:
    aws = TableAws()
    failing = iter([True, True, False])

    def before(name: str) -> None:
        if name == "put_item" and next(failing):
            raise throttled()

    aws.before = before

    result = World(aws=aws).run(PUT + "    retry: {max_attempts: 3}\n")

    assert result.status is RunStatus.PASSED
    assert aws.calls == ["get_item", "put_item", "put_item", "put_item", "delete_item"]


def test_each_attempt_with_other_params_is_undone_newest_first() -> None:
    aws = TableAws()
    aws.before = lambda name: fail_after(aws) if name == "put_item" and aws.calls.count(name) == 1 else None
    text = PUT.replace('text: "new"', 'text: "{{ uuid() }}"') + "    retry: {max_attempts: 2}\n"

    result = World(aws=aws).run(text)

    assert [step.name for step in result.cleanup.steps] == ["Put.auto_cleanup[1]", "Put.auto_cleanup"]
    assert aws.plain == []


def refused(aws: TableAws) -> ClientError:
    """Somebody else writes the item after the look, so that the condition of the write does not hold."""
    aws.items["7"] = {"id": {"S": "7"}, "text": {"S": "theirs"}}
    error = {"Code": "ConditionalCheckFailedException", "Message": "it is there"}
    return ClientError({"Error": error, "ResponseMetadata": {"HTTPStatusCode": 400}}, "PutItem")  # type: ignore[typeddict-item]


@pytest.mark.parametrize("key", ["auto_cleanup", "restore"])
def test_what_somebody_else_made_since_the_look_stays_when_the_act_is_refused(key: str) -> None:
    aws = TableAws()

    def before(name: str) -> None:
        if name == "put_item":
            raise refused(aws)

    aws.before = before

    text = PUT.replace("item: {", "condition_expression: attribute_not_exists(id), item: {")
    result = World(aws=aws).run(text.replace("auto_cleanup", key))

    assert aws.calls == ["get_item", "put_item"]
    assert aws.plain == [{"id": "7", "text": "theirs"}]
    (untouched,) = result.cleanup.steps
    assert (untouched.status, untouched.outcome) == (Status.SKIPPED, CleanupOutcome.NOTHING_TO_UNDO)
    assert untouched.error is not None
    assert untouched.error.message == "Nothing to undo: Put made nothing: it was refused, or never sent."


def fail_after(aws: TableAws) -> None:
    """The write is done, and its answer lost."""
    aws.items["7"] = {"id": {"S": "7"}}
    raise throttled()


def test_nothing_is_done_when_its_inverse_cannot_be_known() -> None:
    aws = TableAws()

    def refuse(_: str) -> None:
        raise throttled("GetItem")

    aws.before = refuse

    result = World(aws=aws).run(PUT)

    assert result.status is RunStatus.ERROR
    assert "look at what put_item on table orders replaces" in result.steps[0].attempts[0].message
    assert aws.calls == ["get_item"]


def test_a_ledger_that_cannot_be_reached_for_a_moment_is_a_reason_to_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    world, errors = World(aws=TableAws()), [throttled("UpdateItem")]
    register = world.store.register

    def flaky(run_id: str, recorded: RecordedCompensation) -> bool:
        if errors:
            raise errors.pop()
        return register(run_id, recorded)

    monkeypatch.setattr(world.store, "register", flaky)

    result = world.run(PUT + "    retry: {max_attempts: 2}\n")

    assert (result.status, result.cleanup.verdict) == (RunStatus.PASSED, CleanupVerdict.CLEAN)
    assert len(result.steps[0].attempts) == 2


def test_nothing_is_done_in_a_run_that_was_stopped_meanwhile() -> None:
    world = World(aws=TableAws())
    action = {"name": "Put", "type": "dynamodb", "auto_cleanup": True}
    action["params"] = {"operation": "put_item", "table": "orders", "item": {"id": "7"}}
    prepare(world.services, RunRequest(RUN_ID, "it", {"name": "it", "actions": [action]}))
    aws: Any = world.services.aws
    aws.before = lambda _: world.store.close(RUN_ID, Closing(RunStatus.CANCELLED))

    call_step(world.services, RUN_ID, 0, 1)

    assert aws.calls == ["get_item"]
    assert world.store.run(RUN_ID).ledger == ()


def test_what_is_left_names_the_command_and_hides_secrets() -> None:
    aws = TableAws()

    def refuse(name: str) -> None:
        if name == "delete_item":
            raise throttled("DeleteItem")

    aws.before = refuse
    text = PUT.replace('id: "7"', "id: \"{{ secret('id') }}\"")

    result = World(aws=aws, secrets={"id": "top-secret-id"}).run(text)

    (left,) = result.cleanup.left_behind
    assert left.command == f"awsit cleanup {RUN_ID}"
    assert left.params["key"] == {"id": "***"}
    assert "top-secret-id" not in repr(result)
    assert aws.calls.count("delete_item") == 3


@pytest.mark.parametrize("key", ["auto_cleanup", "restore"])
def test_a_type_without_an_inverse_is_refused_before_the_run(key: str) -> None:
    text = f"name: it\nactions:\n  - {{name: A, type: http_call, params: {{url: 'http://a.test'}}, {key}: true}}\n"

    result = World().run(text)

    assert result.error is not None
    assert f"actions[0].{key}: `http_call` has no inverse that awsit knows" in result.error.message


@pytest.mark.parametrize(
    ("index", "step", "number"), [(100_000, 0, 0), (100_001, 0, 1), (200_000, 1, 0), (1_200_003, 11, 3)]
)
def test_a_ledger_entry_names_the_step_and_the_number_of_a_recorded_compensation(
    index: int, step: int, number: int
) -> None:
    assert CompensationId.of(index) == CompensationId(step, number)
    assert CompensationId(step, number).index == index


def test_a_ledger_entry_of_the_plan_is_no_recorded_compensation() -> None:
    assert CompensationId.of(99_999) is None


class Mappings(Clients):
    """Lambda with event source mappings whose IDs it chooses; `before` is called before each creation."""

    def __init__(self) -> None:
        super().__init__()
        self.there: list[str] = []
        self.after: Callable[[], None] = lambda: None

    def create_event_source_mapping(self, **_: Any) -> Any:
        self.there.append(f"00000000-0000-0000-0000-{len(self.there):012}")
        self.after()
        return {"UUID": self.there[-1], "State": "Creating"}

    def delete_event_source_mapping(self, *, UUID: str) -> Any:  # noqa: N803 - botocore's name
        self.there.remove(UUID)
        return {"UUID": UUID}


MAPPING = {
    "name": "Map",
    "type": "aws_api",
    "auto_cleanup": True,
    "params": {
        "service": "lambda",
        "operation": "create_event_source_mapping",
        "params": {"FunctionName": "f", "EventSourceArn": "arn:aws:sqs:eu-west-1:123456789012:q"},
    },
}


def test_what_only_the_answer_names_is_recorded_after_the_act() -> None:
    aws = Mappings()

    result = World(aws=aws).run(dumps({"name": "it", "actions": [MAPPING, {**MAPPING, "name": "Again"}]}))

    assert (result.status, result.cleanup.verdict) == (RunStatus.PASSED, CleanupVerdict.CLEAN)
    assert [step.name for step in result.cleanup.steps] == ["Again.auto_cleanup", "Map.auto_cleanup"]
    assert aws.there == []


def test_what_is_created_while_the_run_is_stopped_is_taken_back_at_once() -> None:
    aws = Mappings()
    world = World(aws=aws)
    prepare(world.services, RunRequest(RUN_ID, "it", {"name": "it", "actions": [MAPPING]}))
    aws.after = lambda: world.store.close(RUN_ID, Closing(RunStatus.CANCELLED))

    call_step(world.services, RUN_ID, 0, 1)

    assert aws.there == []
    assert world.store.run(RUN_ID).ledger == ()


@pytest.mark.parametrize(
    ("action", "problem"),
    [
        (
            {"type": "aws_api", "params": {"service": "sqs", "operation": "purge_queue", "params": {"QueueUrl": "q"}}},
            "awsit knows no inverse of sqs purge_queue",
        ),
        (
            {
                "type": "aws_api",
                "params": {"service": "s3", "wait_for": {"waiter": "bucket_exists"}, "params": {"Bucket": "b"}},
            },
            "a waiter changes nothing",
        ),
        (
            {"type": "dynamodb", "params": {"operation": "get_item", "table": "t", "key": {"id": "a"}}},
            "get_item changes nothing",
        ),
    ],
)
@pytest.mark.parametrize("key", ["auto_cleanup", "restore"])
def test_what_nothing_takes_back_is_refused_before_the_run(key: str, action: Any, problem: str) -> None:
    result = World().run(dumps({"name": "it", "actions": [{**action, "name": "A", key: True}]}))

    assert result.error is not None
    assert f"actions[0].{key}: `{key}`: {problem}" in result.error.message


def test_what_cannot_be_recorded_is_taken_back_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    aws = Mappings()
    world = World(aws=aws)

    def broken(*_: Any) -> bool:
        raise throttled("UpdateItem")

    monkeypatch.setattr(world.store, "register", broken)

    result = world.run(dumps({"name": "it", "actions": [MAPPING]}))

    assert (result.status, result.cleanup.verdict) == (RunStatus.ERROR, CleanupVerdict.CLEAN)
    assert aws.there == []
