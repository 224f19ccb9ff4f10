"""What the runs table is asked to write, attribute value by attribute value: stacks of other versions read it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.unit.aws.fakes import FakeAws

from awsit.aws.runs import updates
from awsit.aws.runs.dynamodb.table import Table
from awsit.aws.runs.items import new_record, new_run, read_run
from awsit.engine.store.records import Closing, Directive, Next, RunRecord, StepRecord
from awsit.model.plan import Phase
from awsit.model.result import ErrorInfo, RunStatus, Status, StepResult

AT = "2030-03-17T17:46:40.000Z"
RUN = RunRecord("run-1", "orders", "stepfunctions", AT, 1_900_000_300.25, ledger=(4, 100_000), keep=True)


class Dynamodb:
    """A client that keeps the arguments of its last call."""

    def __init__(self, answer: dict[str, Any] | None = None) -> None:
        self.answer = answer or {}
        self.arguments: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(**arguments: Any) -> Any:
            self.arguments = arguments
            return self.answer

        return call


def table(client: Dynamodb) -> Table:
    return Table(FakeAws(dynamodb=client), "runs")


def test_the_item_of_a_run_has_the_types_that_it_always_had():
    client = Dynamodb()
    table(client).put(new_run(RUN))
    assert client.arguments["Item"] == {
        "run_id": {"S": "run-1"},
        "sk": {"S": "run"},
        "scenario": {"S": "orders"},
        "engine": {"S": "stepfunctions"},
        "started_at": {"S": AT},
        "deadline_at": {"N": "1900000300.25"},
        "execution_arn": {"S": ""},
        "suite": {"S": ""},
        "state": {"S": "open"},
        "total_steps": {"N": "0"},
        "context": {"M": {}},
        "started": {"M": {}},
        "ledger": {"L": [{"N": "4"}, {"N": "100000"}]},
        "recorded": {"M": {}},
        "keep": {"BOOL": True},
        "expires_at": {"N": "1902592300"},
        "lease_ends_at": {"N": "1900000360"},
    }


def test_a_run_is_read_as_it_was_written():
    client = Dynamodb()
    table(client).put(new_run(RUN))
    client.answer = {"Item": client.arguments["Item"]}
    item = table(client).get("run-1", "run")
    assert item is not None
    assert read_run(item, str) == RUN


def test_a_record_that_is_settled_says_so():
    result = StepResult(3, "cleanup", "Undo", "wait", Status.PASSED, started_at=AT)
    record = StepRecord(Phase.CLEANUP, 3, 2, Directive(Next.SUCCEEDED), result)
    client = Dynamodb()
    table(client).put(new_record("run-1", record, {"s3": "runs/large.json"}))
    assert client.arguments["Item"] == {
        "run_id": {"S": "run-1"},
        "sk": {"S": "cleanup#00003"},
        "sequence": {"N": "2"},
        "body": {"M": {"s3": {"S": "runs/large.json"}}},
        "expires_at": {"N": "1902592000"},
        "settled": {"BOOL": True},
    }


def test_a_first_call_begins_under_its_condition():
    client = Dynamodb()
    table(client).update("run-1", "begun#00000", updates.begin_call(1, 1_900_000_000.5, "t", (7,), 1_902_592_000))
    assert client.arguments == {
        "TableName": "runs",
        "Key": {"run_id": {"S": "run-1"}, "sk": {"S": "begun#00000"}},
        "UpdateExpression": (
            "SET #sequence = :sequence, #latest = :latest, #token = :token, #at = if_not_exists(#at, :at), "
            "#ledger = if_not_exists(#ledger, :ledger), #expires_at = if_not_exists(#expires_at, :expires_at) "
            "REMOVE withdrawn"
        ),
        "ConditionExpression": "attribute_not_exists(#sequence) OR #sequence < :sequence OR withdrawn = :sequence",
        "ExpressionAttributeNames": {
            f"#{name}": name for name in ("sequence", "latest", "token", "at", "ledger", "expires_at")
        },
        "ExpressionAttributeValues": {
            ":sequence": {"N": "1"},
            ":latest": {"S": "2030-03-17T17:46:40.500Z"},
            ":token": {"S": "t"},
            ":at": {"S": "2030-03-17T17:46:40.500Z"},
            ":ledger": {"L": [{"N": "7"}]},
            ":expires_at": {"N": "1902592000"},
        },
        "ReturnValues": "NONE",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }


def test_the_places_of_secrets_are_added_to_those_that_are_there():
    client = Dynamodb()
    table(client).update("context#run-1", "$hidden#id", updates.hide(["$['id']"], 1_902_592_000))
    assert client.arguments["UpdateExpression"] == (
        "SET expires_at = if_not_exists(expires_at, :expires) ADD places :places"
    )
    assert client.arguments["ExpressionAttributeValues"] == {
        ":places": {"SS": ["$['id']"]},
        ":expires": {"N": "1902592000"},
    }
    assert "ConditionExpression" not in client.arguments


def test_closing_is_refused_where_there_is_a_verdict():
    client = Dynamodb()
    closing = Closing(RunStatus.CANCELLED, ErrorInfo("stopped", "Stopped."))
    table(client).update("run-1", "run", updates.close(closing, None))
    assert client.arguments["UpdateExpression"] == (
        "SET #state = :closing, #lease = :lease, verdict = :verdict, #error = :error"
    )
    assert client.arguments["ConditionExpression"].endswith("AND attribute_not_exists(verdict)")


def test_a_run_that_left_nothing_leaves_the_index_of_open_runs():
    client = Dynamodb()
    table(client).update("run-1", "run", updates.end(0))
    assert client.arguments["UpdateExpression"].endswith(" REMOVE #lease")
    table(client).update("run-1", "run", updates.end(2))
    assert client.arguments["ExpressionAttributeValues"][":lease"] == {"N": "1000000000000000"}


def test_numbers_come_out_exact():
    item = table(Dynamodb({"Item": {"n": {"N": "0.1000000000000000000000000001"}}})).get("a", "b")
    assert item == {"n": Decimal("0.1000000000000000000000000001")}


class Busy:
    """A client that takes 25 items with one call, and has no capacity for the last of them now."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.items: list[int] = []

    def batch_write_item(self, *, RequestItems: Any) -> Any:  # noqa: N803 - botocore's names
        ((name, requests),) = RequestItems.items()
        self.sizes.append(len(requests))
        self.items += [int(each["PutRequest"]["Item"]["at"]["N"]) for each in requests[:-1]]
        return {"UnprocessedItems": {name: requests[-1:]}}

    def put_item(self, *, TableName: str, Item: Any) -> None:  # noqa: N803 - botocore's names
        assert TableName == "runs"
        self.items.append(int(Item["at"]["N"]))


def test_many_items_are_all_written_with_few_calls():
    client = Busy()
    Table(FakeAws(dynamodb=client), "runs").put_all([{"run_id": "run-1", "sk": f"{n}", "at": n} for n in range(60)])
    assert sorted(client.items) == list(range(60))
    assert client.sizes == [25, 25, 10]
