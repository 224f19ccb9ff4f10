"""What `plan` says of a `dynamodb` action: the operation and its table, and the IAM permission for it."""

from __future__ import annotations

from collections.abc import Mapping

from awsit.actions.arns import arn_pattern
from awsit.expressions.values import as_text
from awsit.model.action.compensation import Compensation, PlannedCompensation
from awsit.model.action.protocol import PlannedParams, Summary
from awsit.model.json import Json
from awsit.model.permissions import ANY, AwsLocation, Permission, RequiredPermissions

IAM_ACTIONS: Mapping[str, str] = {
    "get_item": "dynamodb:GetItem",
    "put_item": "dynamodb:PutItem",
    "update_item": "dynamodb:UpdateItem",
    "delete_item": "dynamodb:DeleteItem",
    "query": "dynamodb:Query",
    "scan": "dynamodb:Scan",
    "batch_get": "dynamodb:BatchGetItem",
    "batch_write": "dynamodb:BatchWriteItem",
}
"""The IAM action of each operation (Service Authorization Reference, list_amazondynamodb.html)."""


def required_permissions(params: PlannedParams, location: AwsLocation) -> RequiredPermissions:
    """The permission for the operation, on the table or on the index that it reads."""
    action = IAM_ACTIONS.get(str(params.get("operation")))
    if action is None:
        return RequiredPermissions(unknown="the `operation` of a `dynamodb` action is a template")
    table = _table_arn(str(params.get("table", ANY)), location)
    index = params.get("index")
    return RequiredPermissions((Permission(action, f"{table}/index/{arn_pattern(str(index))}" if index else table),))


def summary_of(params: PlannedParams) -> Summary:
    """The operation, its table and the index that it reads; the resource is the table."""
    table = as_text(params.get("table"))
    index = f", index {as_text(params['index'])}" if params.get("index") else ""
    return Summary(f"{as_text(params.get('operation'))} on {table}{index}", table)


_LOOKS: Mapping[str, tuple[str, ...]] = {
    "put_item": ("describe_table", "get_item"),
    "update_item": ("get_item",),
    "delete_item": ("get_item",),
    "batch_write": ("describe_table", "batch_get"),
}
_INVERSES: Mapping[str, tuple[str, ...]] = {
    "put_item": ("delete_item", "put_item"),
    "update_item": ("put_item", "delete_item"),
    "delete_item": ("put_item", "delete_item"),
    "batch_write": ("batch_write",),
}


def planned_compensation(params: PlannedParams) -> PlannedCompensation:
    """The write that puts the items back, and the reads that find out what it must write; none for a read."""
    operation, table = str(params.get("operation")), params.get("table")
    if operation in IAM_ACTIONS and operation not in _LOOKS:
        return PlannedCompensation(problem=f"{operation} changes nothing", hint="leave it out")
    return PlannedCompensation(
        tuple(_planned(each, table) for each in _LOOKS.get(operation, ())),
        tuple(_planned(each, table) for each in _INVERSES.get(operation, ())),
    )


def _planned(operation: str, table: Json) -> Compensation:
    if operation == "describe_table":
        call = {"service": "dynamodb", "operation": operation, "params": {"TableName": table}}
        return Compensation("aws_api", call)
    return Compensation("dynamodb", {"operation": operation, "table": table})


def _table_arn(name: str, location: AwsLocation) -> str:
    """The ARN of a table that is named by its name or its ARN."""
    known = arn_pattern(name)
    return known if known.startswith("arn:") else location.arn("dynamodb", f"table/{known}")
