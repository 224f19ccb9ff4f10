"""What a `state_machine` action takes."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from awsit.actions.expected_error import EXPECT_ERROR, ExpectedError, misspelt_codes
from awsit.actions.operations import Takes, check_operation
from awsit.actions.params import DAY_SECONDS, Number, Params, Pattern
from awsit.patterns import lazy_pattern
from awsit.validation.errors import findings

DEFAULT_INTERVAL, DEFAULT_WAIT = 2.0, 300.0
_MACHINE = lazy_pattern(r"arn:[\w-]+:states:[\w-]+:\d{12}:stateMachine:.+")
_EXECUTION = lazy_pattern(r"arn:[\w-]+:states:[\w-]+:\d{12}:execution:[^:]+:.+")

Status = Literal["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "RETRIABLE", "CAUGHT_ERROR"]
_OF_STATES = frozenset({"SUCCEEDED", "FAILED", "RETRIABLE", "CAUGHT_ERROR"})
_OF_EXECUTIONS = frozenset({"SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"})

_WAITS = frozenset({"interval_seconds", "wait_seconds", "expected_status"})
_TAKES = {
    "start": Takes(frozenset({"state_machine"}), _WAITS | {"input", "name"}),
    "start_express": Takes(frozenset({"state_machine"}), frozenset({"input", "name", "expected_status"})),
    "wait": Takes(frozenset({"execution"}), _WAITS),
    "find": Takes(frozenset({"state_machine"}), _WAITS | {"match", "name_prefix"}),
    "stop": Takes(frozenset({"execution"})),
    "test_state": Takes(
        frozenset({"state_machine", "state"}), frozenset({"input", "mock", "retries", "expected_status"})
    ),
}


def _machine(value: str) -> str:
    if not _MACHINE.fullmatch(value):
        raise ValueError("must be the state machine's ARN, such as arn:aws:states:REGION:ACCOUNT:stateMachine:NAME")
    return value


def _execution(value: str) -> str:
    if not _EXECUTION.fullmatch(value):
        raise ValueError("must be the execution's ARN, such as arn:aws:states:REGION:ACCOUNT:execution:NAME:ID")
    return value


class StateMock(Params):
    """What a state is answered with, in place of its service."""

    result: Any = Field(default=None, description="The result of the task, map or parallel state: any JSON value.")
    error: str | None = Field(
        default=None, min_length=1, description="Name of the error in its place.", examples=["States.Timeout"]
    )
    cause: str = Field(default="", description="Cause of the error.")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if ("result" in self.model_fields_set) is (self.error is not None):
            raise ValueError("exactly one of `result` and `error` must be given")
        return self


class StateMachineParams(Params):
    """Params of `state_machine`."""

    operation: Literal["start", "start_express", "wait", "find", "stop", "test_state"] = Field(
        default="start",
        description="`start` an execution and wait for its end; `start_express` one of an Express workflow, which "
        "answers with its end; `wait` for the end of one that something else started, `find` it by its input or name "
        "and wait for its end, or `stop` it, if it still runs; `test_state` tries one state with a mocked answer.",
    )
    state_machine: Annotated[str, AfterValidator(_machine)] | None = Field(
        default=None,
        description="All but `wait` and `stop`: ARN of the state machine, of a version or an alias.",
    )
    input: Any = Field(default_factory=dict, description="`start`, `start_express`, `test_state`: any JSON value.")
    name: str | None = Field(
        default=None,
        pattern=r"^[\w.-]{1,80}$",
        description="`start`, `start_express`: name of the execution; default: made from the run's ID and the input.",
    )
    execution: Annotated[str, AfterValidator(_execution)] | None = Field(
        default=None, description="`wait`, `stop`: ARN of the execution.", examples=["{{ context.execution_arn }}"]
    )
    match: Pattern | None = Field(
        default=None,
        description="`find`: a partial document, with markers as in `matches`, that the input must fit.",
        examples=[{"detail": {"object": {"key": "inbox/{{ run.id }}.json"}}}],
    )
    name_prefix: str | None = Field(
        default=None, min_length=1, max_length=80, description="`find`: what the name of the execution begins with."
    )
    state: str | None = Field(default=None, min_length=1, description="`test_state`: name of the state.")
    mock: StateMock | None = Field(
        default=None, description="`test_state`: what a `Task`, `Map` or `Parallel` state is answered with."
    )
    retries: int = Field(
        default=0,
        ge=0,
        le=99,
        description="`test_state`: how often its `Retry` has repeated it for this error already.",
    )
    interval_seconds: Number = Field(
        default=DEFAULT_INTERVAL, ge=0.1, le=3600, description="Seconds between two looks at the execution."
    )
    wait_seconds: Number = Field(
        default=DEFAULT_WAIT,
        gt=0,
        le=DAY_SECONDS,
        description="Seconds until the execution must have ended, those until it is found included.",
    )
    expected_status: Status = Field(
        default="SUCCEEDED", description="How the execution, or the state that is tried, must end."
    )
    expect_error: ExpectedError | None = EXPECT_ERROR

    @model_validator(mode="after")
    def _fits_operation(self) -> Self:
        given = check_operation(self, self.operation, _TAKES, "operation")
        statuses = _OF_STATES if self.operation == "test_state" else _OF_EXECUTIONS
        if self.expected_status not in statuses:
            raise ValueError(f"{self.operation} never ends as {self.expected_status}")
        if self.operation == "find" and given.isdisjoint({"match", "name_prefix"}):
            raise ValueError("find needs `match`, `name_prefix` or both")
        if self.expect_error and (misspelt := list(misspelt_codes("stepfunctions", self.expect_error))):
            raise findings(misspelt)
        return self
