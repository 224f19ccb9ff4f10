"""`dynamodb`: read and write items, as plain JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from awsit.actions.aws_errors import calling, is_timeout
from awsit.actions.dynamodb.attribute_values import decode_map
from awsit.actions.dynamodb.compensation import compensations_of_write
from awsit.actions.dynamodb.forecast import planned_compensation, required_permissions, summary_of
from awsit.actions.dynamodb.params import DEFAULT_LIMIT, DynamoDBParams
from awsit.actions.dynamodb.requests import batch_get_request, batch_write_request, item_request, page_request
from awsit.actions.expected_error import expecting
from awsit.errors import ActionError, ErrorKind
from awsit.model.action.call import ActionContext, ActionResult
from awsit.model.action.compensation import Compensation, PlannedCompensation
from awsit.model.action.protocol import PlannedParams, Summary
from awsit.model.json import Json
from awsit.model.permissions import AwsLocation, RequiredPermissions
from awsit.model.ports import Aws
from awsit.model.text.counts import count

_CONDITION_FAILED = "ConditionalCheckFailedException"
_READS = frozenset({"get_item", "query", "scan", "batch_get"})


class DynamoDBAction:
    """One operation on the items of one table."""

    type = "dynamodb"
    params_model = DynamoDBParams
    resource_kind = "table"
    not_found_means_gone = False
    """What DynamoDB does not find is the table; an item that is not there is no error."""
    nothing_when_null = ("item", "attributes")
    limit_kind = "dynamodb"

    def execute(self, params: DynamoDBParams, context_data: ActionContext) -> ActionResult:
        """Carry out the operation.

        Result: `{item}` of `get_item`, null when there is none; `{items, count, scanned_count, truncated}` of `query`
        and `scan`; `{items, count}` of `batch_get`; `{put_count, deleted_count}` of `batch_write`; `{attributes}` of
        the other writes, null unless `return_values` asks. A condition that does not hold is a failed check, unless
        it was expected, with `{error, attributes: null, item}` as its result: the item that stood in the way. Any
        other expected error is `{error: {code, message}}`.
        Raises ActionError; of kind throttling when a batch was carried out in part, so that `retry` can finish it.
        """
        request: Json = params.model_dump(exclude_none=True)
        operation = f"{params.operation} on table {params.table}"

        def call() -> ActionResult:
            with calling(context_data.aws, operation, partial(_error_details, params)):
                return ActionResult(_OPERATIONS[params.operation](params, context_data), request=request)

        try:
            return expecting(operation, params.expect_error, request, call)
        except ActionError as error:
            if error.service_code != _CONDITION_FAILED:
                raise
            return _condition_failed(params, error, request)

    def limited_names(self, params: PlannedParams) -> tuple[str, ...]:
        """The table, as it is named; of an ARN, its name too."""
        table = str(params.get("table", ""))
        return table, table.rpartition("/")[2]

    def get_ready(self, aws: Aws) -> None:
        """Make the client, which takes as long as some requests."""
        aws.client("dynamodb")

    def compensations(self, params: DynamoDBParams, context_data: ActionContext) -> tuple[Compensation, ...]:
        """What puts the items that the operation writes back as they are now."""
        return compensations_of_write(params, context_data)

    def compensations_of_result(self, _params: DynamoDBParams, _done: ActionResult) -> tuple[Compensation, ...]:
        """Nothing: all is known before."""
        return ()

    def planned_compensation(self, params: PlannedParams) -> PlannedCompensation:
        """The write that puts the items back, and the reads that find out what it must write."""
        return planned_compensation(params)

    def is_safe_to_repeat(self, params: DynamoDBParams) -> bool:
        """Whether a second call changes nothing and answers the same: not with a condition or old values."""
        if self.only_reads(params):
            return True
        differs = params.condition_expression or params.update_expression or params.return_values not in {None, "NONE"}
        return not differs

    def only_reads(self, params: DynamoDBParams) -> bool:
        """Whether the operation is one that reads."""
        return params.operation in _READS

    def uses_aws(self, _params: PlannedParams) -> bool:
        """Always."""
        return True

    def permissions(self, params: PlannedParams, location: AwsLocation) -> RequiredPermissions:
        """The permission for the operation, on the table or the index."""
        return required_permissions(params, location)

    def summary(self, params: PlannedParams) -> Summary:
        """The operation and its table."""
        return summary_of(params)


ACTION = DynamoDBAction()


def _get_item(params: DynamoDBParams, context_data: ActionContext) -> Json:
    item = context_data.aws.client("dynamodb").get_item(**item_request(params)).get("Item")
    return {"item": None if item is None else decode_map(item)}


def _write(params: DynamoDBParams, context_data: ActionContext) -> Json:
    response = getattr(context_data.aws.client("dynamodb"), params.operation)(**item_request(params))
    attributes = response.get("Attributes")
    return {"attributes": decode_map(attributes) if attributes else None}


def _read_pages(params: DynamoDBParams, context_data: ActionContext) -> Json:
    """Follow the pages until there is one item more than `limit`: only that shows that there are more."""
    limit = params.limit or DEFAULT_LIMIT
    fetch = getattr(context_data.aws.client("dynamodb"), params.operation)
    request, scanned = page_request(params), 0
    filtered = "FilterExpression" in request
    items: list[Any] = []
    deadline = context_data.clock.monotonic() + context_data.timeout_seconds
    while True:
        if not filtered:  # `Limit` counts what is read, before the filter
            request["Limit"] = limit + 1 - len(items)
        try:
            page = fetch(**request)
        except Exception as error:
            if scanned and is_timeout(context_data.aws, error):
                raise _too_slow(params, scanned) from error
            raise
        items += page.get("Items", [])
        scanned += page.get("ScannedCount", 0)
        if len(items) > limit or not page.get("LastEvaluatedKey"):
            break
        request["ExclusiveStartKey"] = page["LastEvaluatedKey"]
        if context_data.clock.monotonic() > deadline:
            raise _too_slow(params, scanned)
    if not filtered:
        scanned = min(scanned, limit)
    kept = [decode_map(item) for item in items[:limit]]
    return {"items": kept, "count": len(kept), "scanned_count": scanned, "truncated": len(items) > limit}


def _batch_get(params: DynamoDBParams, context_data: ActionContext) -> Json:
    response = context_data.aws.client("dynamodb").batch_get_item(**batch_get_request(params))
    left = response.get("UnprocessedKeys") or {}
    _require_all(params, sum(len(each["Keys"]) for each in left.values()), len(params.keys or ()))
    items = [decode_map(item) for page in response.get("Responses", {}).values() for item in page]
    return {"items": items, "count": len(items)}


def _batch_write(params: DynamoDBParams, context_data: ActionContext) -> Json:
    if not params.items and not params.keys:  # a query found nothing to delete; DynamoDB refuses an empty batch
        return {"put_count": 0, "deleted_count": 0}
    response = context_data.aws.client("dynamodb").batch_write_item(**batch_write_request(params))
    puts, deletes = len(params.items or ()), len(params.keys or ())
    left = response.get("UnprocessedItems") or {}
    _require_all(params, sum(map(len, left.values())), puts + deletes)
    return {"put_count": puts, "deleted_count": deletes}


_OPERATIONS: dict[str, Callable[[DynamoDBParams, ActionContext], Json]] = {
    "get_item": _get_item,
    "put_item": _write,
    "update_item": _write,
    "delete_item": _write,
    "query": _read_pages,
    "scan": _read_pages,
    "batch_get": _batch_get,
    "batch_write": _batch_write,
}


def _require_all(params: DynamoDBParams, left: int, total: int) -> None:
    if left:
        raise ActionError(
            f"{params.operation} on table {params.table}: DynamoDB left {left} of {total} unprocessed",
            kind=ErrorKind.THROTTLING,
            hint="give the action a `retry`; the table or the account may need more capacity",
        )


def _too_slow(params: DynamoDBParams, scanned: int) -> ActionError:
    read = count(scanned, "item was", "items were")
    return ActionError(
        f"{params.operation} on table {params.table}: not finished in time, after {read} read",
        kind=ErrorKind.TIMEOUT,
        hint="lower `limit`, query by key or an index instead of filtering, or raise the action's `timeout_seconds`",
    )


def _error_details(params: DynamoDBParams, response: Mapping[str, Any]) -> dict[str, Json]:
    """What an error says besides its code: of a write, the item that stood in the way of its condition."""
    if params.condition_expression is None:
        return {}
    item = response.get("Item")
    return {"attributes": None, "item": decode_map(item) if item else None}


def _condition_failed(params: DynamoDBParams, error: ActionError, request: Json) -> ActionResult:
    there = "; the item that is there is in the result" if error.result["item"] else ""
    return ActionResult(
        error.result,
        request=request,
        failure=f"{params.operation} on table {params.table}: the condition `{params.condition_expression}` "
        f"does not hold{there}",
        failure_code=_CONDITION_FAILED,
        effect=error.effect,
    )
