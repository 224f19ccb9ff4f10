"""What comes of a call with several entries, each of which the service takes or refuses by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from awsit.actions.aws_errors import incomplete
from awsit.errors import ErrorKind
from awsit.model.json import Json
from awsit.model.ports import ActionResult
from awsit.patterns import lazy_pattern
from awsit.records import dataclass

_THROTTLED = lazy_pattern(r"Throttl|^ProvisionedThroughputExceeded")
"""Codes of entries that came too fast (API References of Kinesis, "PutRecords", EventBridge, "PutEvents", and SQS)."""

_OF_THE_SERVICE = lazy_pattern(r"^Internal|^ServiceUnavailable")


@dataclass(frozen=True)
class RefusedEntry:
    """An entry that the service did not take: its index in the call, and the service's code and message."""

    index: int
    code: str
    message: str


def batch_result(
    operation: str, result: Mapping[str, Json], refused: Sequence[RefusedEntry], total: int, request: Json
) -> ActionResult:
    """As `with_refusals`. Raises botocore's ClientError, as if the call had been refused, when no entry was taken."""
    if refused and len(refused) == total:
        raise _client_error(operation, refused[0])
    return with_refusals(operation, result, refused, total, request)


def require_all(operation: str, answered: int, total: int) -> None:
    """Raise ActionError for an answer that does not tell of all entries."""
    if answered != total:
        raise incomplete(f"{operation}: the answer tells of {answered} of {total} entries")


def with_refusals(
    operation: str, result: Mapping[str, Json], refused: Sequence[RefusedEntry], total: int, request: Json
) -> ActionResult:
    """The result of the call, with `failed: [{index, code, message}]`; a failed check when entries were refused.

    It is of kind throttling when all of these came too fast, so that `retry` has the batch sent again.
    """
    failed = [{"index": each.index, "code": each.code, "message": each.message} for each in refused]
    whole = {**result, "failed": failed}
    if not refused:
        return ActionResult(whole, request=request)
    listed = "; ".join(f"[{each.index}] {each.code}: {each.message}" for each in refused)
    failure = f"{operation}: {len(refused)} of {total} entries were refused: {listed}"
    kind = ErrorKind.THROTTLING if all(_THROTTLED.search(each.code) for each in refused) else None
    return ActionResult(whole, request=request, failure=failure, failure_code=refused[0].code, failure_kind=kind)


def _client_error(operation: str, entry: RefusedEntry) -> Exception:
    from botocore.exceptions import ClientError

    is_own = _OF_THE_SERVICE.search(entry.code)
    status = HTTPStatus.INTERNAL_SERVER_ERROR if is_own else HTTPStatus.BAD_REQUEST
    error = {"Code": entry.code, "Message": entry.message}
    response: Json = {"Error": error, "ResponseMetadata": {"HTTPStatusCode": int(status)}}
    return ClientError(response, operation)
