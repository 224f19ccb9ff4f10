"""Requests of the low-level DynamoDB client, made from params."""

from __future__ import annotations

from typing import Any

from awsit.actions.dynamodb.attribute_values import encode_map
from awsit.actions.dynamodb.expressions import Placeholders, key_condition, scenario_placeholders, update_expression
from awsit.actions.dynamodb.params import DynamoDBParams

Request = dict[str, Any]


def item_request(params: DynamoDBParams) -> Request:
    """For `get_item`, `put_item`, `update_item` and `delete_item`. Raises ActionError of kind validation."""
    placeholders = scenario_placeholders(params.all_names, params.all_values)
    request: Request = {"TableName": params.table}
    if params.key is not None:
        request["Key"] = encode_map(params.key, "key")
    if params.item is not None:
        request["Item"] = encode_map(params.item, "item")
    if params.operation == "get_item":
        request["ConsistentRead"] = params.consistent_read is not False
    if params.operation == "update_item":
        request["UpdateExpression"] = params.update_expression or update_expression(
            params.set or {}, params.remove or [], placeholders
        )
    if params.condition_expression is not None:
        request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    return request | _shared(params, placeholders)


def page_request(params: DynamoDBParams) -> Request:
    """For `query` and `scan`, without `Limit`. Raises ActionError of kind validation."""
    placeholders = scenario_placeholders(params.all_names, params.all_values)
    request: Request = {"TableName": params.table}
    if params.operation == "query":
        condition = params.key_condition_expression or params.key_condition
        request["KeyConditionExpression"] = (
            condition if isinstance(condition, str) else key_condition(condition or {}, placeholders)
        )
        request["ScanIndexForward"] = params.scan_forward is not False
    if params.index is not None:
        request["IndexName"] = params.index
    if params.consistent_read is not None:
        request["ConsistentRead"] = params.consistent_read
    return request | _shared(params, placeholders)


def batch_get_request(params: DynamoDBParams) -> Request:
    """For `batch_get_item` of one table."""
    keys: Request = {"Keys": [encode_map(key, f"keys[{index}]") for index, key in enumerate(params.keys or [])]}
    if params.consistent_read is not None:
        keys["ConsistentRead"] = params.consistent_read
    keys |= _shared(params, scenario_placeholders(params.all_names, {}))
    return {"RequestItems": {params.table: keys}}


def batch_write_request(params: DynamoDBParams) -> Request:
    """For `batch_write_item` of one table."""
    puts = [
        {"PutRequest": {"Item": encode_map(item, f"items[{index}]")}} for index, item in enumerate(params.items or [])
    ]
    deletes = [
        {"DeleteRequest": {"Key": encode_map(key, f"keys[{index}]")}} for index, key in enumerate(params.keys or [])
    ]
    return {"RequestItems": {params.table: [*puts, *deletes]}}


def _shared(params: DynamoDBParams, placeholders: Placeholders) -> Request:
    named = {
        "ConditionExpression": params.condition_expression,
        "FilterExpression": params.filter or params.filter_expression,
        "ProjectionExpression": params.projection_expression,
        "ReturnValues": params.return_values,
    }
    return {name: value for name, value in named.items() if value is not None} | placeholders.as_request()
