"""The items of a run in DynamoDB: none grows with the run, no race loses one, and those of older versions are read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.client import BaseClient
from tests.conformance.dynamodb_sizes import counted_writes
from tests.conformance.interpreter import BUCKET, TABLE

from awsit.aws.client.clients import AwsClients
from awsit.aws.runs import items, secret_variables
from awsit.aws.runs.dynamodb.table import ConditionFailed, Table
from awsit.aws.runs.dynamodb.update_expression import UpdateExpression
from awsit.aws.runs.store import DynamoRunStore
from awsit.aws.secrets import AwsSecrets
from awsit.engine.step.ledger import CompensationId
from awsit.engine.step.masker import masker
from awsit.engine.store.records import (
    Closing,
    Directive,
    Next,
    RecordedCompensation,
    Refusal,
    Refused,
    RunRecord,
    SecretInputs,
    Started,
    StepRecord,
)
from awsit.errors import ActionError, NotFoundError
from awsit.model.codec import encode
from awsit.model.json import Json, dumps
from awsit.model.plan import Branch, Phase, Plan, Segment, Step
from awsit.model.result import (
    AssertionResult,
    CleanupResult,
    CleanupVerdict,
    LeftBehind,
    RunResult,
    RunStatus,
    Status,
    StepResult,
)
from awsit.model.run import RunRequest
from awsit.records import replace

AT, NOW = "2030-03-17T17:46:40.000Z", 1_900_000_000.0
RUN = RunRecord("run-1", "orders", "stepfunctions", AT, NOW + 300)
STEPS = 26
"""Together their values and inverses are larger than an item may be."""


def plan_of(number: int) -> Plan:
    steps = tuple(Step(index, f"A{index}", "dynamodb", auto_cleanup=True) for index in range(number))
    return Plan("run-1", "orders", steps=steps, segments=(Segment((Branch(tuple(range(number))),)),))


@pytest.fixture
def store(runs: DynamoRunStore) -> DynamoRunStore:
    return runs


@pytest.fixture
def run(store: DynamoRunStore) -> DynamoRunStore:
    store.create(RUN, plan_of(STEPS))
    return store


def inverse(step: int, size: int = 10) -> RecordedCompensation:
    index = CompensationId(step, 0).index
    params = {"operation": "delete_item", "key": {"id": "k" * size}}
    return RecordedCompensation(Step(index, "A.auto_cleanup", "dynamodb", params=params, rendered=True), "hash")


def record(index: int) -> StepRecord:
    result = StepResult(index, "actions", f"A{index}", "dynamodb", Status.PASSED, started_at=AT)
    return StepRecord(Phase.ACTIONS, index, 1, Directive(Next.SUCCEEDED), result)


def entries(index: int) -> list[int]:
    return [CompensationId(index, 0).index]


def raw() -> list[dict[str, Any]]:
    return list(boto3.resource("dynamodb").Table(TABLE).scan()["Items"])


def test_a_step_costs_the_same_writes_however_many_came_before(
    run: DynamoRunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    costs = []
    for index in range(STEPS):
        with counted_writes(monkeypatch) as writes:
            assert isinstance(run.begin("run-1", index, 1, NOW + index, (index,)), RunRecord)
            assert run.register("run-1", inverse(index, 3000))
            run.finish("run-1", replace(record(index), hidden=("$['v']",)), {f"v{index}": "x" * 16_000}, None)
        costs.append(writes.units)

    ended = run.close("run-1")
    assert {tuple(units) for units in costs} == {(1, 4, 1, 1, 16, 1)}
    assert ended.ledger == tuple(entry for index in range(STEPS) for entry in (index, *entries(index)))
    assert "0" not in ended.recorded
    assert ended.recorded == {str(CompensationId(index, 0).index): inverse(index, 3000) for index in range(STEPS)}
    assert ended.context == {f"v{index}": "x" * 16_000 for index in range(STEPS)}


def test_secret_variables_and_assertions_of_any_size_are_kept(store: DynamoRunStore) -> None:
    given = SecretInputs({"password": "p" * 300_000}, {}, ("p" * 300_000,))
    check = AssertionResult(False, "equals", "$.a", expected="e" * 300_000, actual="a" * 300_000)
    store.create(replace(RUN, given=given), plan_of(1))
    store.close("run-1", None, (check,))

    assert store.run("run-1").given == given
    assert store.run("run-1").assertions == (check,)


GIVEN = SecretInputs({"password": "p" * 300_000}, {}, ("p" * 300_000,))


def with_secrets(store: DynamoRunStore) -> None:
    """A run that was given a secret, and captured one; both are too large for an item."""
    secret_variables.give(AwsClients(), TABLE, "run-1", SecretInputs({"password": "p"}, {}), NOW)
    store.create(replace(RUN, given=GIVEN), plan_of(1))
    store.compute("run-1", {"token": "t" * 20_000, "total": 1}, ("$['token']",))


def result_of(*left: LeftBehind) -> RunResult:
    cleanup = CleanupResult(CleanupVerdict.LEFT_BEHIND if left else CleanupVerdict.CLEAN, (), left)
    return RunResult("run-1", "orders", RunStatus.PASSED, "stepfunctions", AT, AT, 0.0, cleanup=cleanup)


def objects() -> list[str]:
    return [each["Key"] for each in boto3.client("s3").list_objects_v2(Bucket=BUCKET)["Contents"]]


def secrets_kept() -> list[str]:
    """Items and objects in which a secret lies."""
    found = [
        item["run_id"] for item in raw() if "has_given" in item or item["run_id"].startswith(("given#", "context#"))
    ]
    return found + [each for each in objects() if "given" in each or "/values/" in each]


def test_secret_variables_lie_in_the_partition_alone_that_the_cli_may_not_read(store: DynamoRunStore) -> None:
    given = SecretInputs({"password": "pass-7c1f"}, {"TOKEN": "token-7c1f"}, ("pass-7c1f", "token-7c1f"))

    store.create(replace(RUN, given=given), plan_of(1))

    assert {item["run_id"] for item in raw() if "7c1f" in str(item)} == {"given#run-1"}
    assert store.run("run-1").given == given
    assert store.run("run-1").given


def test_secret_variables_are_read_once_and_by_those_alone_who_look_at_them(
    store: DynamoRunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.create(replace(RUN, given=GIVEN), plan_of(1))
    reads: list[str] = []

    def get(table: Table, run_id: str, sk: str, whole: Callable[..., Any] = Table.get) -> Any:
        reads.append(run_id)
        return whole(table, run_id, sk)

    monkeypatch.setattr(Table, "get", get)
    run = store.run("run-1")
    assert reads == ["run-1"]

    assert (run.given.variables["password"], run.given.env, run.given.secrets) == ("p" * 300_000, {}, GIVEN.secrets)
    assert reads == ["run-1", "given#run-1"]


def test_secrets_go_with_a_run_that_left_nothing(store: DynamoRunStore) -> None:
    with_secrets(store)
    assert len(secrets_kept()) == 8

    store.end(result_of())

    assert secrets_kept() == []
    assert store.run("run-1").given == SecretInputs()
    store.end(result_of())  # the task may be repeated


def test_secrets_stay_while_something_is_to_be_undone(store: DynamoRunStore) -> None:
    with_secrets(store)

    store.end(result_of(LeftBehind("A0", "dynamodb", None, "It failed.", "awsit cleanup run-1")))

    assert store.run("run-1").given == GIVEN
    assert store.run("run-1").context["token"] == "t" * 20_000
    store.end(result_of())
    assert secrets_kept() == []


def test_a_removal_that_broke_off_is_finished_by_the_next(
    store: DynamoRunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_secrets(store)
    with monkeypatch.context() as patch:
        removed: list[str] = []

        def delete(table: Table, run_id: str, sk: str, whole: Callable[..., None] = Table.delete) -> None:
            if len(removed) == 2:
                raise ConnectionError
            removed.append(sk)
            whole(table, run_id, sk)

        patch.setattr(Table, "delete", delete)
        with pytest.raises(ConnectionError):
            store.end(result_of())
    assert secrets_kept() != []

    store.end(result_of())

    assert secrets_kept() == []


def secret_inverse(step: int, size: int) -> RecordedCompensation:
    params = {"operation": "put_item", "item": {"id": "7", "token": "token-7c1f" * size}}
    kept = Step(CompensationId(step, 0).index, "A.restore", "dynamodb", params=params, rendered=True)
    return RecordedCompensation(kept, "hash", (params["item"]["token"],))


def in_inverses(text: str) -> list[str]:
    """The items and objects of recorded compensations that hold a text."""
    s3 = boto3.client("s3")
    objects = [each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET)["Contents"] if "/inverses/" in each["Key"]]
    bodies = {key: s3.get_object(Bucket=BUCKET, Key=key)["Body"].read().decode() for key in objects}
    stored = {item["sk"]: str(item) for item in raw() if item["run_id"] == "inverses#run-1"}
    return [key for key, body in {**stored, **bodies}.items() if text in body]


@pytest.mark.parametrize("size", [1, 1000])
def test_the_secrets_of_inverses_go_with_a_run_that_left_nothing(run: DynamoRunStore, size: int) -> None:
    run.register("run-1", secret_inverse(0, size))
    run.register("run-1", inverse(1))
    ledger = run.run("run-1").ledger
    run.end(result_of(LeftBehind("A0", "dynamodb", None, "It failed.", "awsit cleanup run-1")))
    assert in_inverses("7c1f") != []

    run.end(result_of())
    run.end(result_of())

    assert in_inverses("7c1f") == []
    ended = run.run("run-1")
    assert ended.ledger == ledger
    assert (ended.recorded["100000"].step.name, ended.recorded["100000"].step.params) == ("A.restore", {})
    assert ended.recorded["200000"] == inverse(1)


@pytest.mark.parametrize("broken", ["put", "delete"])
def test_what_broke_off_while_inverses_were_emptied_is_finished_by_the_next(
    run: DynamoRunStore, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    run.register("run-1", secret_inverse(0, 1000))
    with monkeypatch.context() as patch:
        patch.setattr(Table, broken, refuse)
        with pytest.raises(ConnectionError):
            run.end(result_of())

    run.end(result_of())

    assert in_inverses("7c1f") == []
    assert run.run("run-1").recorded["100000"].step.name == "A.restore"


def refuse(*_: Any, **__: Any) -> None:
    raise ConnectionError


@pytest.mark.parametrize(("suite", "kept"), [("run-1", []), ("suite-1", [20_000])])
def test_what_a_run_alone_has_cached_goes_with_it(store: DynamoRunStore, suite: str, kept: list[int]) -> None:
    plan = plan_of(1)
    store.create(RUN, replace(plan, steps=(replace(plan.steps[0], cache_seconds=60.0),)))
    store.cache(suite, "login", "t" * 20_000, NOW + 60)

    store.end(result_of())

    found = store.cached(suite, "login", NOW)
    assert [len(str(found))] * (found is not None) == kept


def with_result(kept: Json, response: Json) -> StepRecord:
    """The record of a step whose raw result is kept, and which shows `response` in the report."""
    plain = record(0)
    return replace(plain, kept=kept, result=replace(plain.result, response=response))


def test_what_masks_other_texts_knows_a_captured_secret_or_says_that_it_is_gone(store: DynamoRunStore) -> None:
    store.create(RUN, Plan("run-1", "orders", steps=(Step(0, "A0", "http_call", captures={"ticket": "$.body"}),)))
    result = replace(record(0).result, captured={"ticket": "***"})
    store.finish("run-1", replace(record(0), result=result, hidden=("$['ticket']",)), {"ticket": "t-7c1f"}, None)
    request, secrets = RunRequest("run-1", "orders", {"name": "orders"}), AwsSecrets(AwsClients())
    assert masker(store, secrets, request)("got t-7c1f") == "got ***"

    store.end(result_of())

    with pytest.raises(ActionError, match="a secret that A0 captured went when the run was over"):
        masker(store, secrets, request)


@pytest.mark.parametrize("size", [10, 300_000])
def test_a_result_that_the_report_does_not_show_as_it_is_goes_with_a_run_that_left_nothing(
    store: DynamoRunStore, size: int
) -> None:
    store.create(RUN, Plan("run-1", "orders", steps=(Step(0, "A0", "http_call", keep_result=True),)))
    pin = {"pin": "7c1f" * (size // 4)}
    store.finish("run-1", with_result(pin, {"pin": "***"}), {}, None)
    assert store.record("run-1", Phase.ACTIONS, 0).kept == pin

    store.end(result_of(LeftBehind("A0", "dynamodb", None, "It failed.", "awsit cleanup run-1")))
    assert store.record("run-1", Phase.ACTIONS, 0).kept == pin

    for _ in range(2):  # the task may be repeated
        store.end(result_of())
        assert store.records("run-1") == (with_result(None, {"pin": "***"}),)
    assert not [item for item in raw() if "7c1f" in str(item)]
    assert not [each for each in objects() if "/records/" in each]


def test_a_result_that_the_report_shows_is_not_written_again(store: DynamoRunStore) -> None:
    store.create(RUN, Plan("run-1", "orders", steps=(Step(0, "A0", "http_call", keep_result=True),)))
    shown = with_result({"status": 200}, {"status": 200})
    store.finish("run-1", shown, {}, None)

    store.end(result_of())

    assert store.records("run-1") == (shown,)


def test_values_without_a_secret_stay_with_the_records(run: DynamoRunStore) -> None:
    run.compute("run-1", {"total": 1}, ())

    run.end(result_of())

    assert run.run("run-1").context == {"total": 1}


def test_every_item_expires_with_the_run_or_later(run: DynamoRunStore) -> None:
    run.begin("run-1", 0, 1, NOW, ())
    run.register("run-1", inverse(0))
    run.compute("run-1", {"a": 1}, ("$['a']",))
    run.finish("run-1", record(0), {}, None)

    found = raw()
    expires = next(item["expires_at"] for item in found if item["sk"] == items.RUN_KEY)
    assert len(found) == 6
    assert all(item["expires_at"] >= expires for item in found if not item["sk"].startswith("action#"))
    assert all("expires_at" in item for item in found)


def closing_after(monkeypatch: pytest.MonkeyPatch, run: DynamoRunStore, sort_key: str) -> None:
    """Have another writer close the run as soon as an item was written."""

    def wrapped(write: Callable[..., Any]) -> Callable[..., Any]:
        def writing(table: Table, *arguments: Any, **more: Any) -> Any:
            answer = write(table, *arguments, **more)
            key = arguments[0]["sk"] if isinstance(arguments[0], dict) else arguments[1]
            if key == sort_key:
                patch.undo()
                run.close("run-1")
            return answer

        return writing

    patch = pytest.MonkeyPatch()
    for name in ("put", "update"):
        patch.setattr(Table, name, wrapped(getattr(Table, name)))


def test_a_call_that_begins_while_the_run_is_closed_is_refused_and_leaves_nothing(
    run: DynamoRunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    closing_after(monkeypatch, run, "begun#00000")

    refused = run.begin("run-1", 0, 1, NOW, (7,))

    assert isinstance(refused, Refused)
    assert refused.reason is Refusal.CLOSED
    assert (refused.run.ledger, refused.run.started) == ((), {})
    again = run.begin("run-1", 0, 1, NOW, (7,))
    assert isinstance(again, Refused)
    assert again.reason is Refusal.CLOSED
    assert run.run("run-1").ledger == ()


def test_nothing_of_a_call_is_written_into_a_run_that_is_closed(run: DynamoRunStore) -> None:
    run.close("run-1")

    assert isinstance(run.begin("run-1", 0, 1, NOW, (7,)), Refused)
    assert not [item for item in run.items("run-1") if item["sk"].startswith("begun#")]


def test_a_compensation_that_is_registered_while_the_run_is_closed_is_refused(
    run: DynamoRunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    run.begin("run-1", 0, 1, NOW, (7,))
    closing_after(monkeypatch, run, "begun#00000")

    assert not run.register("run-1", inverse(0))
    assert run.run("run-1").ledger == (7,)
    assert run.run("run-1").recorded == {}


def test_a_call_whose_run_could_not_be_read_is_begun_again(
    run: DynamoRunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    get, reads = Table.get, iter(range(2))

    def failing_the_second_time(table: Table, *key: str) -> Any:
        if next(reads):
            raise ConnectionError
        return get(table, *key)

    with monkeypatch.context() as patch:
        patch.setattr(Table, "get", failing_the_second_time)
        with pytest.raises(ConnectionError):
            run.begin("run-1", 0, 1, NOW, (7,))
    assert run.run("run-1").started == {}

    assert isinstance(run.begin("run-1", 0, 1, NOW, (7,)), RunRecord)
    assert run.run("run-1").ledger == (7,)


def test_a_begin_that_the_sdk_repeated_is_no_duplicate(run: DynamoRunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    update = Table.update

    def lost(table: Table, key: str, sk: str, expression: UpdateExpression, **more: Any) -> Any:
        update(table, key, sk, expression, **more)
        return update(table, key, sk, expression, **more)

    with monkeypatch.context() as patch:
        patch.setattr(Table, "update", lost)
        begun = run.begin("run-1", 0, 1, NOW, (7,))

    assert isinstance(begun, RunRecord)
    assert begun.ledger == (7,)


def test_a_compensation_of_a_call_that_was_killed_before_it_was_in_the_ledger_is_replaced(
    run: DynamoRunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    run.begin("run-1", 0, 1, NOW, ())
    with monkeypatch.context() as patch:
        patch.setattr(Table, "update", lambda *_, **__: (_ for _ in ()).throw(ConditionFailed({})))
        with pytest.raises(ConditionFailed):
            run.register("run-1", inverse(0, 1))
    assert run.run("run-1").recorded == {}

    assert run.register("run-1", inverse(0, 2))
    assert run.run("run-1").recorded == {str(CompensationId(0, 0).index): inverse(0, 2)}


def older_item() -> dict[str, Any]:
    """The item of a run in flight, as the version before wrote it."""
    call = {"sequence": 1, "at": AT, "latest": AT, "token": "t"}
    return {
        **items.new_run(replace(RUN, ledger=(4,))),
        "given": dumps(encode(SecretInputs({"p": "secret"}))),
        "context": {"id": '"7"', "$http_call.0000000": "[1]"},
        "started": {"0": call, "1": call},
        "ledger": [4, 5, 100_000],
        "recorded": {"100000": dumps(encode(inverse(0)))},
        "secret_paths": {"$['id']"},
        "assertions": dumps([encode(AssertionResult(True, "equals", "$.a"))]),
    }


@pytest.fixture
def older(store: DynamoRunStore) -> DynamoRunStore:
    store.create(RUN, plan_of(STEPS))
    Table(AwsClients(), TABLE).put(older_item())
    return store


def test_a_run_of_an_earlier_version_is_read_whole(older: DynamoRunStore) -> None:
    found = older.run("run-1")

    assert found.context == {"id": "7", "$http_call.0000000": [1]}
    assert found.started == {"0": Started(1, AT, AT), "1": Started(1, AT, AT)}
    assert found.ledger == (4, 5, 100_000)
    assert found.recorded == {"100000": inverse(0)}
    assert found.hidden == ("$['id']",)
    assert found.given == SecretInputs({"p": "secret"})
    assert found.assertions == (AssertionResult(True, "equals", "$.a"),)


def test_a_run_of_an_earlier_version_goes_on(older: DynamoRunStore) -> None:
    repeated = older.begin("run-1", 1, 1, NOW, (6,))
    later = older.begin("run-1", 1, 2, NOW + 5, ())
    following = older.begin("run-1", 2, 1, NOW + 6, (7,))
    older.register("run-1", inverse(2))
    older.finish("run-1", replace(record(2), hidden=("$['token']",)), {"token": "t", "id": "8"}, None)

    assert isinstance(repeated, Refused)
    assert repeated.reason is Refusal.DUPLICATE
    assert isinstance(later, RunRecord)
    assert isinstance(following, RunRecord)
    found = older.run("run-1")
    assert found.started["1"] == Started(2, AT, "2030-03-17T17:46:45.000Z")
    assert found.ledger == (4, 5, 100_000, 7, *entries(2))
    assert set(found.recorded) == {"100000", *map(str, entries(2))}
    assert found.context == {"id": "8", "$http_call.0000000": [1], "token": "t"}
    assert found.hidden == ("$['id']", "$['token']")


def test_a_run_that_is_made_just_after_it_was_to_be_closed_is_not_taken_for_a_closed_one(
    store: DynamoRunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    update = Table.update

    def before_the_run_is_made(table: Table, *arguments: Any, **more: Any) -> Any:
        try:
            return update(table, *arguments, **more)
        except ConditionFailed:
            store.create(RUN, plan_of(1))
            raise

    monkeypatch.setattr(Table, "update", before_the_run_is_made)
    with pytest.raises(NotFoundError):
        store.close("run-1", Closing(RunStatus.CANCELLED))
    assert store.close("run-1", Closing(RunStatus.CANCELLED)).verdict is RunStatus.CANCELLED


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The operations that are called, one after the other."""
    operations, call = list[str](), BaseClient._make_api_call

    def noted(client: BaseClient, operation: str, arguments: dict[str, Any]) -> Any:
        operations.append(operation)
        return call(client, operation, arguments)

    monkeypatch.setattr(BaseClient, "_make_api_call", noted)
    return operations


def carry_out(store: DynamoRunStore, index: int, captured: dict[str, Json] | None = None, *hidden: str) -> list[str]:
    """Begin a step, look where secrets are, as each step does, and keep its record; returns where they are."""
    begun = store.begin("run-1", index, 1, NOW + index / 10, ())
    assert isinstance(begun, RunRecord)
    places = list(begun.hidden)
    store.finish("run-1", replace(record(index), hidden=hidden), captured or {}, None)
    return places


def test_in_a_round_nothing_is_read_again_that_is_known(run: DynamoRunStore, sent: list[str]) -> None:
    first = ["GetItem", "UpdateItem", "GetItem", "Query", "PutItem"]
    with run.one_round("run-1"):
        carry_out(run, 0)
        assert sent == first
        sent.clear()
        carry_out(run, 1)
        assert sent == ["UpdateItem", "GetItem", "PutItem"]
    sent.clear()
    carry_out(run, 2)
    assert sent == first


def test_in_a_round_a_run_is_read_once_a_second_for_calls_that_only_read(
    store: DynamoRunStore, sent: list[str]
) -> None:
    store.create(RUN, replace(plan_of(3), steps=tuple(waits(3))))
    with store.one_round("run-1"):
        carry_out(store, 0)
        sent.clear()
        for index in (1, 2):
            carry_out(store, index)
        assert sent == ["UpdateItem", "PutItem"] * 2
        sent.clear()
        assert isinstance(store.begin("run-1", 2, 2, NOW + 2, ()), RunRecord)
        assert sent == ["GetItem", "UpdateItem", "GetItem"]


def waits(number: int) -> list[Step]:
    return [Step(index, f"A{index}", "wait", params={"seconds": 0}) for index in range(number)]


def test_in_a_round_a_call_that_only_reads_is_known_to_who_closes_the_run(store: DynamoRunStore) -> None:
    """It may begin for a second after that, and another call is refused."""
    _, act = plan_of(2).steps
    store.create(RUN, replace(plan_of(3), steps=(*waits(2), replace(act, index=2))))
    other = DynamoRunStore(AwsClients(), TABLE, BUCKET)
    with store.one_round("run-1"):
        carry_out(store, 0)
        other.close("run-1", Closing(RunStatus.CANCELLED))
        carry_out(store, 1)
        refused = store.begin("run-1", 2, 1, NOW + 0.2, (7,))
    assert isinstance(refused, Refused)
    assert refused.reason is Refusal.CLOSED
    assert set(other.run("run-1").started) == {"0", "1"}
    assert other.run("run-1").ledger == ()


def test_in_a_round_secrets_and_kept_values_are_known_to_the_next_step(run: DynamoRunStore) -> None:
    with run.one_round("run-1"):
        carry_out(run, 0)
        carry_out(run, 1, {"token": "s3cret"}, "$['token']")
        assert carry_out(run, 2) == ["$['token']"]
        carry_out(run, 3, {"$kept.http": "cookie"})
        begun = run.begin("run-1", 4, 1, NOW + 0.4, ())
    assert isinstance(begun, RunRecord)
    assert begun.context["$kept.http"] == "cookie"


def test_beside_another_branch_a_round_reads_what_that_one_has_written(store: DynamoRunStore) -> None:
    plan = replace(plan_of(3), segments=(Segment((Branch((0, 1)), Branch((2,)))),))
    store.create(RUN, plan)
    other = DynamoRunStore(AwsClients(), TABLE, BUCKET)
    with store.one_round("run-1"):
        carry_out(store, 0)
        carry_out(other, 2, {"token": "s3cret"}, "$['token']")
        assert carry_out(store, 1) == ["$['token']"]


def test_a_run_that_is_closed_while_a_round_goes_on_lets_nothing_begin(run: DynamoRunStore) -> None:
    other = DynamoRunStore(AwsClients(), TABLE, BUCKET)
    with run.one_round("run-1"):
        carry_out(run, 0)
        other.close("run-1", Closing(RunStatus.CANCELLED))
        refused = run.begin("run-1", 1, 1, NOW + 0.1, (7,))
    assert isinstance(refused, Refused)
    assert refused.reason is Refusal.CLOSED
    assert set(other.run("run-1").started) == {"0"}
    assert other.run("run-1").ledger == ()
