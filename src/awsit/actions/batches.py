"""What comes of a call with several entries, each of which the service takes or refuses by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from msgspec import Struct

from awsit.actions.aws_errors import incomplete
from awsit.errors import ErrorKind
from awsit.model.action.call import ActionResult
from awsit.model.json import Json
from awsit.model.text.counts import count
from awsit.patterns import lazy_pattern
from awsit.records import replace

_THROTTLED = lazy_pattern(r"Throttl|^ProvisionedThroughputExceeded")
"""Codes of entries that came too fast (API References of Kinesis, "PutRecords", EventBridge, "PutEvents", and SQS)."""

_OF_THE_SERVICE = lazy_pattern(r"^Internal|^ServiceUnavailable")


class RefusedEntry(Struct, frozen=True):
    """An entry that the service did not take: its index in the call, and the service's code and message."""

    index: int
    code: str
    message: str


class EntryBatch:
    """The entries of one operation. What an earlier attempt of the step brought through is not sent again.

    `own` is what the step has kept (`ActionContext.kept`), and `entries` are those of the scenario. `to_send` are the
    indexes of those that this attempt sends.
    """

    def __init__(self, operation: str, entries: Sequence[Any], own: Json) -> None:
        self._operation = operation
        self._total = len(entries)
        was_begun = bool(own) and own["total"] == self._total
        self._taken: dict[int, Json] = {int(index): answer for index, answer in own["taken"]} if was_begun else {}
        self._was_begun = was_begun
        self.to_send = tuple(index for index in range(self._total) if index not in self._taken)

    def in_order(self, answers: Sequence[Mapping[str, Any]]) -> tuple[dict[int, Mapping[str, Any]], list[RefusedEntry]]:
        """The answers of a service that gives them in the order of the entries: of those taken, and of those refused.

        Raises ActionError when there is not one for each.
        """
        require_all(self._operation, len(answers), len(self.to_send))
        by_index = dict(zip(self.to_send, answers, strict=True))
        taken = {index: each for index, each in by_index.items() if not each.get("ErrorCode")}
        refused = [
            RefusedEntry(index, each["ErrorCode"], each.get("ErrorMessage", ""))
            for index, each in by_index.items()
            if index not in taken
        ]
        return taken, refused

    def result(
        self,
        answers: Mapping[int, Json],
        refused: Sequence[RefusedEntry],
        shape: Callable[[Mapping[int, Json]], dict[str, Json]],
        request: Json,
    ) -> ActionResult:
        """As `with_refusals`, of all entries: `shape` makes a result of the answers to those that were taken.

        Raises ActionError when the service does not tell of each entry that was sent, and botocore's ClientError, as if
        the call had been refused, when no entry was taken.
        """
        require_all(self._operation, len(answers) + len(refused), len(self.to_send))
        taken = dict(sorted({**self._taken, **answers}.items()))
        if refused and not taken:
            raise _client_error(self._operation, refused[0])
        done = with_refusals(self._operation, shape(taken), refused, self._total, request)
        if refused:
            return replace(done, keeps={"total": self._total, "taken": [[*each] for each in taken.items()]})
        return replace(done, keeps={}) if self._was_begun else done


def require_all(operation: str, answered: int, total: int) -> None:
    """Raise ActionError for an answer that does not tell of all entries."""
    if answered != total:
        raise incomplete(f"{operation}: the answer tells of {answered} of {count(total, 'entry', 'entries')}")


def with_refusals(
    operation: str, result: Mapping[str, Json], refused: Sequence[RefusedEntry], total: int, request: Json
) -> ActionResult:
    """The result of the call, with `failed: [{index, code, message}]`; a failed check when entries were refused.

    It is of kind throttling when all of these came too fast, so that `retry` has them sent again.
    """
    failed = [{"index": each.index, "code": each.code, "message": each.message} for each in refused]
    whole = {**result, "failed": failed}
    if not refused:
        return ActionResult(whole, request=request)
    listed = "; ".join(f"[{each.index}] {each.code}: {each.message}" for each in refused)
    verb = "was" if len(refused) == 1 else "were"
    failure = f"{operation}: {len(refused)} of {count(total, 'entry', 'entries')} {verb} refused: {listed}"
    kind = ErrorKind.THROTTLING if all(_THROTTLED.search(each.code) for each in refused) else None
    return ActionResult(whole, request=request, failure=failure, failure_code=refused[0].code, failure_kind=kind)


def _client_error(operation: str, entry: RefusedEntry) -> Exception:
    from botocore.exceptions import ClientError

    is_own = _OF_THE_SERVICE.search(entry.code)
    status = HTTPStatus.INTERNAL_SERVER_ERROR if is_own else HTTPStatus.BAD_REQUEST
    error = {"Code": entry.code, "Message": entry.message}
    response: Json = {"Error": error, "ResponseMetadata": {"HTTPStatusCode": int(status)}}
    return ClientError(response, operation)
