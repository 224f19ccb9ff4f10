"""What an `aws_api` takes, checked against botocore's model."""

from __future__ import annotations

from typing import Any, Self

from pydantic import Field, model_validator

from awsit.actions.aws_api.conversion import to_input
from awsit.actions.aws_api.emptying import EMPTYING
from awsit.actions.aws_api.service_model import (
    TEMPLATE,
    age_hint,
    find_operation,
    find_waiter,
    method_name,
    operation_problem,
    params_problems,
    service_problem,
    waiter_problem,
)
from awsit.actions.documents import MAX_BODY_BYTES
from awsit.actions.expected_error import EXPECT_ERROR, ExpectedError, misspelt_codes
from awsit.actions.params import Number, Params
from awsit.validation.errors import Finding, findings


class Paginate(Params):
    """How far to follow the pages."""

    max_items: int = Field(default=1000, ge=1, description="Items to read at most, over all pages.")


class WaitFor(Params):
    """A state to wait for, by one of botocore's waiters."""

    waiter: str = Field(description="Name of the waiter, in snake_case.", examples=["table_exists"])
    delay_seconds: Number | None = Field(
        default=None, ge=0, le=3600, description="Seconds between two looks; default: the waiter's own."
    )
    max_attempts: int | None = Field(
        default=None, ge=1, le=1000, description="Looks until the action fails; default: the waiter's own."
    )


class AwsApiParams(Params):
    """Params of `aws_api`: an operation to call, or a state to wait for."""

    service: str = Field(description="Service, as the AWS SDK for Python names it.", examples=["sqs", "stepfunctions"])
    operation: str | None = Field(
        default=None, description="Operation, in snake_case or CamelCase.", examples=["list_queues"]
    )
    params: dict[str, Any] = Field(
        default_factory=dict,
        description='The operation\'s parameters, as the AWS API names them; binary data as text or {"$base64": ...}.',
        examples=[{"QueueNamePrefix": "orders-"}],
    )
    paginate: Paginate | None = Field(
        default=None, description="Follow the pages and merge them; the result has `truncated`."
    )
    wait_for: WaitFor | None = Field(
        default=None, description="Instead of `operation`: wait for a state; `params` say of which resource."
    )
    empty_first: bool = Field(
        default=False,
        description="Remove first what is in it: `events` `delete_rule` (targets), `s3` `delete_bucket` (objects).",
    )
    max_body_bytes: int = Field(
        default=MAX_BODY_BYTES,
        ge=1,
        le=64 * MAX_BODY_BYTES,
        description="A larger body, such as an object's, is an error.",
    )
    expect_error: ExpectedError | None = EXPECT_ERROR

    @model_validator(mode="after")
    def _is_in_the_model(self) -> Self:
        if (self.operation is None) == (self.wait_for is None):
            raise ValueError("exactly one of `operation` and `wait_for` must be given")
        if self.wait_for is not None and self.paginate is not None:
            raise ValueError("`paginate` goes with `operation`, not with `wait_for`")
        if self.wait_for is not None and self.expect_error is not None:
            raise ValueError("`expect_error` goes with `operation`, not with `wait_for`")
        if not any(TEMPLATE in name for name in (self.service, self.operation or "", _waiter(self))):
            _check(self)
        return self


def _waiter(params: AwsApiParams) -> str:
    return params.wait_for.waiter if params.wait_for else ""


def _check(params: AwsApiParams) -> None:
    if misspelt := _misspelt(params):
        raise findings([misspelt])
    operation = operation_of(params)
    if operation.has_event_stream_input or operation.has_event_stream_output:
        raise ValueError(f"{params.service} {operation.name} streams events, which an action cannot hold")
    if params.empty_first and (params.service, method_name(operation.name)) not in EMPTYING:
        known = ", ".join(" ".join(each) for each in EMPTYING)
        raise ValueError(f"`empty_first` goes with {known}, not with {params.service} {method_name(operation.name)}")
    problems = params_problems(operation.input_shape, params.params, input_of(params))
    if params.expect_error is not None:
        problems = [*problems, *misspelt_codes(params.service, params.expect_error)]
    if problems:
        raise findings(problems)


def _misspelt(params: AwsApiParams) -> Finding | None:
    """What is wrong with the name of the service, or else of its operation or waiter."""
    if problem := service_problem(params.service):
        return Finding(problem, ("service",), age_hint(problem))
    if params.wait_for is not None:
        problem = waiter_problem(params.service, params.wait_for.waiter)
        return Finding(problem, ("wait_for", "waiter"), age_hint(problem)) if problem else None
    problem = operation_problem(params.service, params.operation or "")
    return Finding(problem, ("operation",), age_hint(problem)) if problem else None


def operation_of(params: AwsApiParams) -> Any:
    """Botocore's OperationModel of what is called: the operation, or the one that the waiter asks."""
    if params.wait_for is not None:
        return find_operation(params.service, find_waiter(params.service, params.wait_for.waiter).operation)
    return find_operation(params.service, params.operation or "")


def input_of(params: AwsApiParams) -> Any:
    """The params as the client takes them. Raises ValueError for a blob that is not base64."""
    shape = operation_of(params).input_shape
    return params.params if shape is None else to_input(params.params, shape)
