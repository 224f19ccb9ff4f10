"""`aws_api`: any operation of any AWS service."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from awsit.actions.aws_api.compensation.compensations import compensations_of_call, compensations_of_result
from awsit.actions.aws_api.compensation.planned import planned_compensation
from awsit.actions.aws_api.conversion import to_plain
from awsit.actions.aws_api.emptying import EMPTYING
from awsit.actions.aws_api.forecast import resumptions_of, summary_of
from awsit.actions.aws_api.params import AwsApiParams, WaitFor, input_of, operation_of
from awsit.actions.aws_api.permissions import required_permissions
from awsit.actions.aws_api.service_model import find_waiter, method_name
from awsit.actions.aws_errors import calling, is_timeout
from awsit.actions.expected_error import expecting
from awsit.errors import ActionError, AwsitError, ErrorKind
from awsit.model.action.abilities import Resumptions
from awsit.model.action.call import ActionContext, ActionResult
from awsit.model.action.compensation import Compensation, PlannedCompensation
from awsit.model.action.protocol import PlannedParams, Summary
from awsit.model.evidence import Traffic
from awsit.model.json import Json
from awsit.model.permissions import AwsLocation, RequiredPermissions
from awsit.model.text.counts import count

LAST_LOOK = 1.0
"""Seconds that a waiter keeps for its last look, when its time is over sooner than its looks."""

_READS = ("get_", "list_", "describe_", "head_", "query", "scan", "batch_get_")


class AwsApiAction:
    """Call one operation, or wait for a state with one of botocore's waiters."""

    type = "aws_api"
    params_model = AwsApiParams
    resource_kind = "aws_api"
    not_found_means_gone = True
    carries_trace = True

    def execute(self, params: AwsApiParams, context_data: ActionContext) -> ActionResult:
        """Call the operation once, or let the waiter look once.

        Result: the response, with `request_id` and, of pages, `truncated`. Of a waiter: the last response, when the
        state is reached; until then the engine is asked to call again later, so that nothing sleeps. Of a refusal that
        was expected: `{error: {code, message}}` and the rest of the error's response.
        Raises ActionError when the operation could not be carried out.
        """
        unshown = {"max_body_bytes", *(() if params.empty_first else ("empty_first",))}
        request = params.model_dump(exclude_none=True, exclude=unshown)
        if params.wait_for is not None:
            return _look(params, params.wait_for, context_data, request)
        operation = f"{params.service} {params.operation}"

        def call() -> ActionResult:
            with calling(context_data.aws, operation, lambda rest: to_plain(rest, params.max_body_bytes)):
                if params.empty_first:
                    EMPTYING[params.service, method_name(operation_of(params).name)](params.params, context_data)
                response = _all_pages(params, context_data) if params.paginate else _call(params, context_data)
                return ActionResult(_result(response, params), request=request)

        return expecting(operation, params.expect_error, request, call)

    def compensations(self, params: AwsApiParams, context_data: ActionContext) -> tuple[Compensation, ...]:
        """What takes the call back: of objects in S3, and of what is named when it is created."""
        return compensations_of_call(params, context_data)

    def compensations_of_result(self, params: AwsApiParams, done: ActionResult) -> tuple[Compensation, ...]:
        """What takes back a creation whose result names what it made."""
        return compensations_of_result(params, done)

    def planned_compensation(self, params: PlannedParams) -> PlannedCompensation:
        """The inverse of the operation, and the looks for what is there before."""
        return planned_compensation(params)

    def is_safe_to_repeat(self, params: AwsApiParams) -> bool:
        """Whether the operation's name says that it only reads."""
        return self.only_reads(params)

    def only_reads(self, params: AwsApiParams) -> bool:
        """The same: a waiter reads, too."""
        return params.wait_for is not None or method_name(params.operation or "").startswith(_READS)

    def uses_aws(self, _params: PlannedParams) -> bool:
        """Always."""
        return True

    def permissions(self, params: PlannedParams, location: AwsLocation) -> RequiredPermissions:
        """The permissions of the operation, or of the one that the waiter calls."""
        return required_permissions(params, location)

    def traffic(self, request: Mapping[str, Json]) -> Traffic:
        """The events that were put, or the queue that was received from."""
        params = request.get("params")
        match request.get("service"), str(request.get("operation", "")).replace("_", "").lower(), params:
            case "events", "putevents", {"Entries": list(entries)}:
                return Traffic(events=tuple(entries))
            case "sqs", "receivemessage", {"QueueUrl": str(url)}:
                return Traffic(queues=(url.rstrip("/").rsplit("/", 1)[-1],))
        return Traffic()

    def summary(self, params: PlannedParams) -> Summary:
        """The service and the operation, or the waiter."""
        return summary_of(params)

    def resumptions(self, params: PlannedParams) -> Resumptions | None:
        """The looks of a waiter after its first; an operation is called once."""
        return resumptions_of(params)


ACTION = AwsApiAction()


def _call(params: AwsApiParams, context_data: ActionContext) -> Any:
    method: Callable[..., Any] = getattr(
        context_data.aws.client(params.service), method_name(operation_of(params).name)
    )
    return method(**input_of(params))


def _all_pages(params: AwsApiParams, context_data: ActionContext) -> Any:
    from botocore.paginate import PageIterator

    assert params.paginate is not None
    client = context_data.aws.client(params.service)
    name = method_name(operation_of(params).name)
    if not client.can_paginate(name):
        raise ActionError(
            f"{params.service} {name} has no pages",
            kind=ErrorKind.VALIDATION,
            hint="leave `paginate` out",
        )
    pages = client.get_paginator(name).paginate(
        **input_of(params), PaginationConfig={"MaxItems": params.paginate.max_items}
    )
    response = PageIterator.build_full_result(_PagesInTime(pages, params, context_data))  # type: ignore[arg-type] # it only iterates and reads attributes
    truncated = response.pop("NextToken", None) is not None
    return {**response, "truncated": truncated}


class _PagesInTime:
    """botocore's page iterator, which raises ActionError of kind timeout when the attempt's time is over."""

    def __init__(self, pages: Any, params: AwsApiParams, context_data: ActionContext) -> None:
        self._pages = pages
        self._params = params
        self._aws = context_data.aws
        self._read = 0
        self._clock = context_data.clock
        self._deadline = context_data.clock.monotonic() + context_data.timeout_seconds

    def __iter__(self) -> Iterator[Any]:
        pages = iter(self._pages)
        while (page := self._next(pages)) is not None:
            yield page
            if self._clock.monotonic() > self._deadline:
                raise self._too_slow()

    def _next(self, pages: Iterator[Any]) -> Any:
        try:
            page = next(pages, None)
        except Exception as error:
            if self._read and is_timeout(self._aws, error):
                raise self._too_slow() from error
            raise
        self._read += 1
        return page

    def _too_slow(self) -> ActionError:
        return ActionError(
            f"{self._params.service} {self._params.operation}: not all pages were read in time",
            kind=ErrorKind.TIMEOUT,
            hint="lower `paginate.max_items`, narrow `params`, or raise the action's `timeout_seconds`",
        )

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pages, name)


def _look(params: AwsApiParams, wait_for: WaitFor, context_data: ActionContext, request: Json) -> ActionResult:
    waiter = find_waiter(params.service, wait_for.waiter)
    operation = f"{params.service} {wait_for.waiter}"
    try:
        with calling(context_data.aws, operation):
            state, response = _state(params, waiter, context_data)
            result = _result(response, params)
    except AwsitError as error:  # a call, or what comes before it: a worker that has just begun has no credentials yet
        was_last = context_data.attempt > 1 and context_data.patience_seconds <= context_data.timeout_seconds + 0.01
        if error.code != ErrorKind.TIMEOUT or not was_last:
            raise
        return _not_reached(operation, f"in time ({count(context_data.attempt, 'attempt')})", None, request)
    if state == "success":
        return ActionResult(result, request=request)
    if state == "failure":
        failure = f"{operation}: the resource is in a state that cannot become the one waited for"
        return ActionResult(result, request=request, failure=failure, failure_code="WaiterFailure")
    delay = waiter.delay if wait_for.delay_seconds is None else wait_for.delay_seconds
    left = context_data.patience_seconds - min(delay, LAST_LOOK)
    if left <= 0:
        return _not_reached(operation, f"in time ({count(context_data.attempt, 'attempt')})", result, request)
    if context_data.attempt >= (wait_for.max_attempts or waiter.max_attempts):
        return _not_reached(operation, f"after {count(context_data.attempt, 'look')}", result, request)
    return ActionResult(result, request=request, resume_after_seconds=float(min(delay, left)))


def _not_reached(operation: str, ended: str, result: Json, request: Json) -> ActionResult:
    failure = f"{operation}: the state was not reached {ended}"
    return ActionResult(result, request=request, failure=failure, failure_code="WaiterTimeout")


def _state(params: AwsApiParams, waiter: Any, context_data: ActionContext) -> tuple[str | None, Any]:
    """The state that the waiter sees in the service's answer, and the answer; raises an error that it does not know."""
    try:
        response, service_error = _call(params, context_data), None
    except Exception as error:  # an error of the service may be the very state: a waiter for what is gone
        response, service_error = getattr(error, "response", None), error
        if not isinstance(response, dict):
            raise
    state = next((each.state for each in waiter.acceptors if each.matcher_func(response)), None)
    if state is None and service_error is not None:
        raise service_error
    return (None if state == "retry" else state), response


def _result(response: Any, params: AwsApiParams) -> Json:
    plain = dict(response or {})
    request_id = plain.pop("ResponseMetadata", {}).get("RequestId")
    return {**to_plain(plain, params.max_body_bytes), "request_id": request_id}
