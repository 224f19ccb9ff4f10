from decimal import Decimal
from typing import Any

import pytest

from awsit.actions.registry import BY_TYPE
from awsit.errors import ErrorKind

ITEM = {"pk": {"S": "a"}, "n": {"N": "1.10"}}
PLAIN = {"pk": "a", "n": Decimal("1.10")}


def asked(bench: Any, operation: str, answer: Any, **params: Any) -> tuple[Any, dict[str, Any]]:
    """The result of one operation, and the one request that it made."""
    bench.script(
        **{{"batch_get": "batch_get_item", "batch_write": "batch_write_item"}.get(operation, operation): [answer]}
    )
    done = bench.run("dynamodb", {"operation": operation, "table": "orders", **params})
    [(_, request)] = bench.client.calls
    return done.result, request


def test_get_item_reads_consistently_and_gives_plain_json(bench: Any) -> None:
    result, request = asked(bench, "get_item", {"Item": ITEM}, key={"pk": "a"})
    assert str(result) == str({"item": PLAIN})
    assert request == {"TableName": "orders", "Key": {"pk": {"S": "a"}}, "ConsistentRead": True}


def test_an_item_that_is_not_there_is_null(bench: Any) -> None:
    assert asked(bench, "get_item", {}, key={"pk": "a"}, consistent_read=False)[0] == {"item": None}


def test_put_item_stores_numbers_exactly(bench: Any) -> None:
    result, request = asked(bench, "put_item", {}, item=PLAIN)
    assert result == {"attributes": None}
    assert request == {"TableName": "orders", "Item": ITEM}


def test_update_item_by_name(bench: Any) -> None:
    result, request = asked(
        bench,
        "update_item",
        {"Attributes": ITEM},
        key={"pk": "a"},
        set={"status": "done", "size": 2},
        remove=["old"],
        return_values="ALL_NEW",
    )
    assert result == {"attributes": PLAIN}
    assert request["UpdateExpression"] == "SET #awsit0 = :awsit0, #awsit1 = :awsit1 REMOVE #awsit2"
    assert request["ExpressionAttributeNames"] == {"#awsit0": "status", "#awsit1": "size", "#awsit2": "old"}
    assert request["ExpressionAttributeValues"] == {":awsit0": {"S": "done"}, ":awsit1": {"N": "2"}}
    assert request["ReturnValues"] == "ALL_NEW"


def test_update_item_by_expression(bench: Any) -> None:
    _, request = asked(
        bench,
        "update_item",
        {},
        key={"pk": "a"},
        update_expression="ADD #n :one",
        expression_attribute_names={"#n": "n"},
        expression_attribute_values={":one": 1},
    )
    assert request["UpdateExpression"] == "ADD #n :one"
    assert request["ExpressionAttributeNames"] == {"#n": "n"}
    assert request["ExpressionAttributeValues"] == {":one": {"N": "1"}}


def test_delete_item_may_bring_the_old_one_back(bench: Any) -> None:
    result, request = asked(bench, "delete_item", {"Attributes": ITEM}, key={"pk": "a"}, return_values="ALL_OLD")
    assert result == {"attributes": PLAIN}
    assert request == {"TableName": "orders", "Key": {"pk": {"S": "a"}}, "ReturnValues": "ALL_OLD"}


@pytest.mark.parametrize(
    ("wanted", "expression"),
    [
        ("x", "#awsit1 = :awsit1"),
        ({"equals": "x"}, "#awsit1 = :awsit1"),
        ({"begins_with": "x"}, "begins_with(#awsit1, :awsit1)"),
        ({"between": [1, 2]}, "#awsit1 BETWEEN :awsit1 AND :awsit2"),
        ({"less_than": 1}, "#awsit1 < :awsit1"),
        ({"less_or_equal": 1}, "#awsit1 <= :awsit1"),
        ({"greater_than": 1}, "#awsit1 > :awsit1"),
        ({"greater_or_equal": 1}, "#awsit1 >= :awsit1"),
        ({"$binary": "aGk="}, "#awsit1 = :awsit1"),
    ],
)
def test_query_by_key(bench: Any, wanted: Any, expression: str) -> None:
    _, request = asked(bench, "query", {"Items": []}, key_condition={"pk": "a", "sk": wanted}, scan_forward=False)
    assert request["KeyConditionExpression"] == f"#awsit0 = :awsit0 AND {expression}"
    assert request["ExpressionAttributeNames"] == {"#awsit0": "pk", "#awsit1": "sk"}
    assert request["ScanIndexForward"] is False


def test_query_by_expressions_on_an_index(bench: Any) -> None:
    _, request = asked(
        bench,
        "query",
        {"Items": []},
        index="by_customer",
        key_condition_expression="customer = :c",
        filter_expression="total > :t",
        projection_expression="pk",
        expression_attribute_values={":c": "c-17", ":t": 5},
    )
    assert request == {
        "TableName": "orders",
        "IndexName": "by_customer",
        "KeyConditionExpression": "customer = :c",
        "FilterExpression": "total > :t",
        "ProjectionExpression": "pk",
        "ExpressionAttributeValues": {":c": {"S": "c-17"}, ":t": {"N": "5"}},
        "ScanIndexForward": True,
    }


def page(*names: str, last: str | None = None, scanned: int | None = None) -> dict[str, Any]:
    items = [{"pk": {"S": name}} for name in names]
    found: dict[str, Any] = {"Items": items, "ScannedCount": len(items) if scanned is None else scanned}
    return found | ({"LastEvaluatedKey": {"pk": {"S": last}}} if last else {})


def scan(bench: Any, pages: list[Any], **params: Any) -> Any:
    bench.script(scan=pages)
    return bench.run("dynamodb", {"operation": "scan", "table": "orders", **params}).result


def test_pages_are_followed_to_the_end(bench: Any) -> None:
    result = scan(bench, [page("a", "b", last="b"), page(last="x"), page("c")])
    assert [item["pk"] for item in result["items"]] == ["a", "b", "c"]
    assert (result["count"], result["scanned_count"], result["truncated"]) == (3, 3, False)
    assert bench.client.calls[1][1]["ExclusiveStartKey"] == {"pk": {"S": "b"}}
    assert bench.client.calls[2][1]["ExclusiveStartKey"] == {"pk": {"S": "x"}}


def test_a_limit_that_is_met_exactly_is_not_called_truncated(bench: Any) -> None:
    result = scan(bench, [page("a", "b", last="b"), page()], limit=2)
    assert (result["count"], result["truncated"]) == (2, False)
    assert [request["Limit"] for _, request in bench.client.calls] == [3, 1]


def test_more_than_the_limit_is_called_truncated(bench: Any) -> None:
    result = scan(bench, [page("a", "b", "c", last="c")], limit=2)
    assert (result["count"], result["scanned_count"], result["truncated"]) == (2, 2, True)


def test_a_filter_does_not_limit_what_is_read(bench: Any) -> None:
    pages = [page("a", last="a", scanned=50), page("b", scanned=20)]
    result = scan(bench, pages, limit=5, filter_expression="attribute_exists(x)")
    assert (result["count"], result["scanned_count"], result["truncated"]) == (2, 70, False)
    assert "Limit" not in bench.client.calls[0][1]


def test_reading_stops_when_the_time_is_over(bench: Any) -> None:
    class Slow:
        def pop(self, _: int) -> Any:
            bench.clock.sleep(4)
            return page("a", last="a")

    bench.script(scan=Slow())
    error = bench.refused("dynamodb", {"operation": "scan", "table": "orders"}, timeout_seconds=10)
    assert error.kind is ErrorKind.TIMEOUT
    assert "scan on table orders: not finished in time, after 3 items were read" in error.message


def test_batch_get(bench: Any) -> None:
    answer = {"Responses": {"orders": [ITEM]}, "UnprocessedKeys": {}}
    result, request = asked(bench, "batch_get", answer, keys=[{"pk": "a"}, {"pk": "b"}], consistent_read=True)
    assert result == {"items": [PLAIN], "count": 1}
    keys = {"Keys": [{"pk": {"S": "a"}}, {"pk": {"S": "b"}}], "ConsistentRead": True}
    assert request == {"RequestItems": {"orders": keys}}


def test_batch_write(bench: Any) -> None:
    result, request = asked(bench, "batch_write", {"UnprocessedItems": {}}, items=[PLAIN], keys=[{"pk": "b"}])
    assert result == {"put_count": 1, "deleted_count": 1}
    assert request["RequestItems"]["orders"] == [
        {"PutRequest": {"Item": ITEM}},
        {"DeleteRequest": {"Key": {"pk": {"S": "b"}}}},
    ]


@pytest.mark.parametrize(
    ("operation", "answer"),
    [
        ("batch_get", {"Responses": {}, "UnprocessedKeys": {"orders": {"Keys": [{"pk": {"S": "a"}}]}}}),
        ("batch_write", {"UnprocessedItems": {"orders": [{"DeleteRequest": {"Key": {"pk": {"S": "a"}}}}]}}),
    ],
)
def test_a_batch_done_in_part_is_throttling_so_that_retry_finishes_it(bench: Any, operation: str, answer: Any) -> None:
    bench.script(**{f"{operation}_item": [answer]})
    error = bench.refused("dynamodb", {"operation": operation, "table": "orders", "keys": [{"pk": "a"}, {"pk": "b"}]})
    assert error.kind is ErrorKind.THROTTLING
    assert error.message == f"{operation} on table orders: DynamoDB left 1 of 2 unprocessed"
    assert "retry" in error.hint


def test_a_condition_that_does_not_hold_is_a_failed_check(bench: Any, errors: Any) -> None:
    bench.script(put_item=[errors.service("ConditionalCheckFailedException", Item=ITEM)])
    params = {"table": "orders", "item": PLAIN, "condition_expression": "attribute_not_exists(pk)"}
    done = bench.run("dynamodb", {"operation": "put_item", **params})
    assert done.failure_code == "ConditionalCheckFailedException"
    assert done.failure.startswith("put_item on table orders: the condition `attribute_not_exists(pk)` does not hold")
    error = {"code": "ConditionalCheckFailedException", "message": "the service said no"}
    assert done.result == {"attributes": None, "item": PLAIN, "error": error}


def test_an_error_of_the_service_names_operation_and_table(bench: Any, errors: Any) -> None:
    bench.script(get_item=[errors.service("ResourceNotFoundException", "no such table")])
    error = bench.refused("dynamodb", {"operation": "get_item", "table": "orders", "key": {"pk": "a"}})
    assert error.message == "get_item on table orders: no such table"
    assert (error.service_code, error.hint) == ("ResourceNotFoundException", "look there")


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({"operation": "get_itm"}, "`operation` must be `get_item`, `put_item`"),
        ({"operation": "get_item"}, "get_item needs `key`"),
        ({"operation": "get_item", "key": {"pk": 1}, "limit": 1}, "get_item does not take `limit`"),
        ({"operation": "update_item", "key": {"pk": 1}}, "either `set` and `remove`, or `update_expression`"),
        ({"operation": "query"}, "exactly one of `key_condition` and `key_condition_expression`"),
        ({"operation": "query", "key_condition": {"pk": {"begin_with": 1}}}, "did you mean `begins_with`?"),
        ({"operation": "query", "key_condition": {"pk": {"between": [1]}}}, "a list of two values"),
        ({"operation": "query", "key_condition": {"pk": {"equals": 1, "x": 2}}}, "one value or one operator"),
        ({"operation": "batch_write"}, "takes 1 to 25 `items` and `keys`"),
        ({"operation": "batch_get", "keys": [{"pk": 1}] * 101}, "takes 1 to 100 `keys`"),
        ({"operation": "put_item", "item": {"pk": 1}, "return_values": "ALL_NEW"}, "NONE and ALL_OLD only"),
        ({"operation": "put_item", "item": {"n": 10**40 + 1}}, "`item.n`: the number"),
    ],
)
def test_wrong_params_are_told_before_anything_is_asked(bench: Any, params: Any, told: str) -> None:
    assert told in bench.refused("dynamodb", {"table": "orders", **params}).message
    assert bench.client.calls == []


@pytest.mark.parametrize(
    ("params", "safe"),
    [
        ({"operation": "get_item", "key": {"pk": 1}}, True),
        ({"operation": "scan"}, True),
        ({"operation": "put_item", "item": {"pk": 1}}, True),
        ({"operation": "put_item", "item": {"pk": 1}, "condition_expression": "attribute_not_exists(pk)"}, False),
        ({"operation": "delete_item", "key": {"pk": 1}}, True),
        ({"operation": "delete_item", "key": {"pk": 1}, "return_values": "ALL_OLD"}, False),
        ({"operation": "update_item", "key": {"pk": 1}, "set": {"a": 1}}, True),
        (
            {"operation": "update_item", "key": {"pk": 1}, "update_expression": "ADD a :one", "values": {":one": 1}},
            False,
        ),
        ({"operation": "batch_write", "keys": [{"pk": 1}]}, True),
    ],
)
def test_what_may_be_repeated(params: Any, safe: bool) -> None:
    action = BY_TYPE["dynamodb"]
    assert action.is_safe_to_repeat(action.params_model.model_validate({"table": "orders", **params})) is safe
