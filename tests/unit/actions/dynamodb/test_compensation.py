"""What `auto_cleanup` and `restore` record of a write: found before it, and nothing is changed by looking."""

from decimal import Decimal
from typing import Any

import pytest
from tests.unit.actions.services import Clients, compensations

from awsit.actions.dynamodb.action import DynamoDBAction
from awsit.errors import ActionError, ErrorKind


def dynamodb(aws: Clients, **params: Any) -> Any:
    (compensation,) = compensations(DynamoDBAction(), aws, table="orders", **params)
    assert compensation.type == "dynamodb"
    DynamoDBAction.params_model.model_validate(compensation.params)
    return compensation.params


def keyed(**answers: Any) -> Clients:
    return Clients(describe_table={"Table": {"KeySchema": [{"AttributeName": "id"}]}}, **answers)


def test_a_new_item_is_deleted_by_the_key_of_its_table() -> None:
    params_back = dynamodb(keyed(get_item={}), operation="put_item", item={"id": "7", "total": 2})

    assert params_back == {"operation": "delete_item", "table": "orders", "key": {"id": "7"}}


def test_an_item_that_is_there_is_put_back_digit_for_digit() -> None:
    there = {"id": {"S": "7"}, "price": {"N": "1.50"}, "tags": {"SS": ["a", "b"]}, "text": {"S": "{{ not.ours }}"}}

    params_back = dynamodb(keyed(get_item={"Item": there}), operation="put_item", item={"id": "7"})

    assert params_back["operation"] == "put_item"
    assert params_back["item"]["price"] == Decimal("1.50")
    assert params_back["item"]["tags"] == {"$set": ["a", "b"]}
    assert params_back["item"]["text"] == "{{ not.ours }}"


@pytest.mark.parametrize("params", [{"operation": "update_item", "set": {"a": 1}}, {"operation": "delete_item"}])
def test_updates_and_deletes_need_no_look_at_the_table(params: dict[str, Any]) -> None:
    aws = Clients(get_item={"Item": {"id": {"S": "7"}, "a": {"N": "0"}}})

    params_back = dynamodb(aws, key={"id": "7"}, **params)

    assert (params_back["operation"], params_back["item"]) == ("put_item", {"id": "7", "a": 0})
    assert aws.calls[0][1]["ConsistentRead"] is True


def test_a_batch_is_one_batch_back() -> None:
    aws = keyed(batch_get_item={"Responses": {"orders": [{"id": {"S": "1"}, "old": {"BOOL": True}}]}})

    params_back = dynamodb(aws, operation="batch_write", items=[{"id": "1"}, {"id": "2"}], keys=[{"id": "3"}])

    assert params_back["items"] == [{"id": "1", "old": True}]
    assert params_back["keys"] == [{"id": "2"}, {"id": "3"}]


def test_what_was_not_shown_whole_is_throttling_and_nothing_is_done() -> None:
    aws = keyed(batch_get_item={"Responses": {}, "UnprocessedKeys": {"orders": {"Keys": [{}]}}})

    with pytest.raises(ActionError) as caught:
        dynamodb(aws, operation="batch_write", items=[{"id": "1"}])

    assert caught.value.kind is ErrorKind.THROTTLING


def test_a_read_has_no_inverse() -> None:
    with pytest.raises(ActionError, match="get_item on table orders changes nothing"):
        dynamodb(Clients(), operation="get_item", key={"id": "1"})


@pytest.mark.parametrize(
    ("table", "key", "is_same"),
    [
        ("orders", {"id": "7", "n": 1}, True),
        ("arn:aws:dynamodb:eu-west-1:123456789012:table/orders", {"n": Decimal("1.0"), "id": "7"}, True),
        ("orders", {"id": "8", "n": 1}, False),
        ("others", {"id": "7", "n": 1}, False),
    ],
)
def test_writes_of_the_same_item_are_known_as_such(table: str, key: dict[str, Any], is_same: bool) -> None:
    there = Clients(get_item={"Item": {"id": {"S": "7"}, "n": {"N": "1"}, "a": {"N": "0"}}})
    (put,) = compensations(DynamoDBAction(), there, operation="delete_item", table="orders", key={"id": "7", "n": 1})
    (deletion,) = compensations(DynamoDBAction(), Clients(get_item={}), operation="delete_item", table=table, key=key)

    assert (put.things == deletion.things, put.puts_back, deletion.puts_back) == (is_same, True, False)


def test_a_batch_names_each_of_its_items() -> None:
    aws = keyed(batch_get_item={"Responses": {"orders": [{"id": {"S": "1"}}]}})
    (batch,) = compensations(
        DynamoDBAction(), aws, operation="batch_write", table="orders", items=[{"id": "1"}], keys=[{"id": "2"}]
    )
    singly = [
        compensations(DynamoDBAction(), Clients(get_item={}), operation="delete_item", table="orders", key={"id": each})
        for each in "12"
    ]

    assert batch.puts_back
    assert batch.things == tuple(thing for (single,) in singly for thing in single.things)
