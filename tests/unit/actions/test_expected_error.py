"""`expect_error`: a refusal that passes, and the success that does not."""

from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.loaders import create_loader
from botocore.model import ServiceModel
from botocore.parsers import create_parser

from awsit.errors import ErrorKind
from awsit.model.json import Json

PUT = {"operation": "put_item", "table": "t", "item": {"id": "a"}, "condition_expression": "attribute_not_exists(id)"}
LOCK: dict[str, Json] = {"service": "dynamodb", "operation": "transact_write_items", "params": {"TransactItems": []}}
REASONS = [{"Code": "ConditionalCheckFailed", "Item": {"id": {"S": "a"}}}, {"Code": "None"}]


def transact(expected: Json = None) -> Json:
    condition = {"ConditionCheck": {"TableName": "t", "Key": {"id": {"S": "a"}}, "ConditionExpression": "a"}}
    params = {**LOCK, "params": {"TransactItems": [condition]}}
    return params if expected is None else {**params, "expect_error": expected}


@pytest.mark.parametrize("expected", ["ConditionalCheckFailedException", ["X", "ConditionalCheckFailedException"], "*"])
def test_an_expected_refusal_passes_with_the_whole_error(bench: Any, errors: SimpleNamespace, expected: Json) -> None:
    bench.script(put_item=[errors.service("ConditionalCheckFailedException", "no", Item={"id": {"S": "a"}})])

    done = bench.run("dynamodb", {**PUT, "expect_error": expected})

    assert done.failure is None
    assert done.result == {
        "error": {"code": "ConditionalCheckFailedException", "message": "no"},
        "attributes": None,
        "item": {"id": "a"},
    }


@pytest.mark.parametrize("expected", ["QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", "*"])
def test_an_error_has_the_name_of_the_reference_too(bench: Any, expected: str) -> None:
    """As the wire has it: the shape's name in the body, and the code of the query protocol in a header."""
    body = b'{"__type": "com.amazonaws.sqs#QueueDoesNotExist", "message": "no such queue"}'
    headers = {"x-amzn-query-error": "AWS.SimpleQueueService.NonExistentQueue;Sender"}
    answer = {"status_code": 400, "headers": headers, "body": body}
    shape = ServiceModel(create_loader().load_service_model("sqs", "service-2")).operation_model("GetQueueUrl")
    parsed = create_parser("json").parse(answer, shape.output_shape)
    bench.script(get_queue_url=[ClientError(parsed, "GetQueueUrl")])

    done = bench.run("sqs", {"operation": "depth", "queue": "other", "expect_error": expected})

    assert done.failure is None
    assert done.result["error"]["code"] == "AWS.SimpleQueueService.NonExistentQueue"


def test_the_reasons_of_a_cancelled_transaction_are_in_the_result(bench: Any, errors: SimpleNamespace) -> None:
    bench.script(transact_write_items=[errors.service("TransactionCanceledException", CancellationReasons=REASONS)])

    done = bench.run("aws_api", transact("TransactionCanceledException"))

    assert done.result["error"]["code"] == "TransactionCanceledException"
    assert done.result["CancellationReasons"] == REASONS


def test_success_is_a_failed_check(bench: Any) -> None:
    bench.script(put_item=[{}])

    done = bench.run("dynamodb", {**PUT, "expect_error": ["TransactionConflictException", "*"]})

    assert done.failure_code == "not_refused"
    assert "put_item on table t was expected to be refused with TransactionConflictException or *" in done.failure


def test_another_error_is_what_it_is_without_it(bench: Any, errors: SimpleNamespace) -> None:
    bench.script(transact_write_items=[errors.service("TransactionCanceledException", CancellationReasons=REASONS)])

    error = bench.refused("aws_api", transact("ResourceNotFoundException"))

    assert error.service_code == "TransactionCanceledException"
    assert error.result["CancellationReasons"] == REASONS


def test_what_no_service_answered_is_no_refusal(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.script(put_item=[ConnectionError("down")])

    with pytest.raises(ConnectionError):
        bench.run("dynamodb", {**PUT, "expect_error": "*"})


@pytest.mark.parametrize(
    ("code", "meant"),
    [
        ("ConditionalCheckFailed", "ConditionalCheckFailedException"),
        ("ConditionalCheckFialedException", "ConditionalCheckFailedException"),
        ("resourceNotFoundException", "ResourceNotFoundException"),
    ],
)
def test_a_misspelt_code_is_told(bench: Any, code: str, meant: str) -> None:
    for action, params in (("dynamodb", {**PUT, "expect_error": [code]}), ("aws_api", transact(code))):
        error = bench.refused(action, params)

        assert error.kind is ErrorKind.VALIDATION
        assert f"dynamodb has no error `{code}`; did you mean `{meant}`?" in error.message


@pytest.mark.parametrize("code", ["ValidationException", "AccessDeniedException", "not_found", "{{ vars.code }}", "*"])
def test_codes_that_a_model_leaves_out_are_accepted(bench: Any, errors: SimpleNamespace, code: str) -> None:
    bench.script(put_item=[{}])

    assert bench.run("dynamodb", {**PUT, "expect_error": code}).failure_code == "not_refused"


@pytest.mark.parametrize("expected", [[], "", 7, [7]])
def test_what_is_no_code_is_refused(bench: Any, expected: Json) -> None:
    assert "must be the code of an error" in bench.refused("dynamodb", {**PUT, "expect_error": expected}).message
