"""What puts the items of a table back as they are before a write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from awsit.actions.aws_errors import calling
from awsit.actions.dynamodb.attribute_values import decode_exactly
from awsit.actions.dynamodb.params import DynamoDBParams
from awsit.actions.dynamodb.requests import batch_get_request, item_request
from awsit.errors import ActionError, ErrorKind
from awsit.expressions.assertions.comparison import sort_key
from awsit.model.action.call import ActionContext
from awsit.model.action.compensation import Compensation, thing
from awsit.model.json import Json

Key = dict[str, Any]


def compensations_of_write(params: DynamoDBParams, context_data: ActionContext) -> tuple[Compensation, ...]:
    """One write that restores each item that is there now and deletes each that is not.

    Raises ActionError of kind validation for an operation that only reads, and what reading raises.
    """
    if params.operation in {"update_item", "delete_item"}:
        return (_put_back(params, params.key or {}, context_data),)
    if params.operation == "put_item":
        names = _key_names(params, context_data)
        return (_put_back(params, _key_of(params.item or {}, names), context_data),)
    if params.operation == "batch_write":
        return (_put_all_back(params, context_data),)
    raise ActionError(
        f"{params.operation} on table {params.table} changes nothing that could be undone",
        kind=ErrorKind.VALIDATION,
        hint="leave out `auto_cleanup` and `restore`",
    )


def _put_back(params: DynamoDBParams, key: Key, context_data: ActionContext) -> Compensation:
    current = DynamoDBParams(operation="get_item", table=params.table, key=key)
    with calling(context_data.aws, f"look at what {params.operation} on table {params.table} replaces"):
        item = context_data.aws.client("dynamodb").get_item(**item_request(current)).get("Item")
    if item:
        return _compensation([key], puts_back=True, operation="put_item", table=params.table, item=decode_exactly(item))
    return _compensation([key], puts_back=False, operation="delete_item", table=params.table, key=key)


def _put_all_back(params: DynamoDBParams, context_data: ActionContext) -> Compensation:
    names = _key_names(params, context_data)
    keys = [_key_of(item, names) for item in params.items or ()] + list(params.keys or ())
    items = _read(params, keys, context_data)
    there = [_key_of(item, names) for item in items]
    gone = [key for key in keys if key not in there]
    parts = {name: values for name, values in (("items", items), ("keys", gone)) if values}
    return _compensation(keys, puts_back=bool(items), operation="batch_write", table=params.table, **parts)


def _read(params: DynamoDBParams, keys: Sequence[Key], context_data: ActionContext) -> list[Json]:
    current = DynamoDBParams(operation="batch_get", table=params.table, keys=list(keys), consistent_read=True)
    with calling(context_data.aws, f"look at what {params.operation} on table {params.table} replaces"):
        answer = context_data.aws.client("dynamodb").batch_get_item(**batch_get_request(current))
    if answer.get("UnprocessedKeys"):
        message = f"{params.operation} on table {params.table}: DynamoDB did not show all the items that it replaces"
        raise ActionError(message, kind=ErrorKind.THROTTLING, hint="give the action a `retry`")
    return [decode_exactly(item) for page in answer.get("Responses", {}).values() for item in page]


def _key_names(params: DynamoDBParams, context_data: ActionContext) -> list[str]:
    with calling(context_data.aws, f"find out the key of table {params.table}"):
        table = context_data.aws.client("dynamodb").describe_table(TableName=params.table)["Table"]
    return [str(part["AttributeName"]) for part in table["KeySchema"]]


def _key_of(item: Key, names: Sequence[str]) -> Key:
    """The item's key; a part that is missing is left for DynamoDB to complain about."""
    return {name: item[name] for name in names if name in item}


def _compensation(written: Sequence[Key], *, puts_back: bool, table: str, **params: Json) -> Compensation:
    """The write, with the items that it writes. A table is the same by name and by ARN, a number as `1` and `1.0`."""
    name = table.rpartition("/")[2]
    things = tuple(thing("dynamodb", name, *sort_key(key)) for key in written)
    return Compensation("dynamodb", {"table": table, **params}, things, puts_back)
