"""Results, their events, and consoles that keep what is written."""

import io
from collections.abc import Iterable

from awsit.model.events import (
    CleanupFinished,
    CleanupStarted,
    Event,
    RunFinished,
    RunStarted,
    StepFinished,
    StepStarted,
)
from awsit.model.result import (
    AssertionResult,
    Attempt,
    CleanupResult,
    CleanupVerdict,
    ErrorInfo,
    LeftBehind,
    RunResult,
    RunStatus,
    Status,
    StepResult,
)
from awsit.records import replace
from awsit.reporting.terminal.terminal import Console

AT = "2030-01-01T00:00:00.000Z"
ARN = "arn:aws:states:eu-west-1:123456789012:execution:awsit:run-01J9ZK3M4N5P6Q7R8S9T0V1W2X"
RUN_ID = "run-01J9ZK3M4N5P6Q7R8S9T0V1W2X"


def attempt(number: int, status: Status, seconds: float, message: str = "", delay: float | None = None) -> Attempt:
    return Attempt(number, AT, seconds, status, message, delay)


CREATED = StepResult(
    index=0,
    phase="actions",
    name="CreateOrder",
    type="http_call",
    status=Status.PASSED,
    started_at=AT,
    duration_seconds=0.214,
    attempts=(attempt(1, Status.PASSED, 0.214),),
    request={"method": "POST", "url": "https://a1b2c3.execute-api.eu-west-1.amazonaws.com/prod/orders"},
    response={"status": 201, "body": {"order_id": "o-1", "status": "created"}},
    captured={"order_id": "o-1"},
    source="actions[0]",
)
STORED = StepResult(
    index=1,
    phase="actions",
    name="OrderIsStored",
    type="dynamodb",
    status=Status.PASSED,
    started_at=AT,
    duration_seconds=3.04,
    attempts=(
        attempt(1, Status.FAILED, 0.02, '$.item.status equals: expected "processed", got "new"', 1.0),
        attempt(2, Status.FAILED, 0.02, '$.item.status equals: expected "processed", got "new"', 2.0),
        attempt(3, Status.PASSED, 0.02),
    ),
    source="actions[1]",
)
DELETED = StepResult(
    index=0,
    phase="cleanup",
    name="DeleteOrder",
    type="dynamodb",
    status=Status.PASSED,
    started_at=AT,
    duration_seconds=0.011,
    attempts=(attempt(1, Status.PASSED, 0.011),),
    source="actions[0].cleanup[0]",
)
PASSED = RunResult(
    run_id=RUN_ID,
    scenario="order_is_stored",
    status=RunStatus.PASSED,
    engine="stepfunctions",
    started_at=AT,
    finished_at=AT,
    duration_seconds=4.31,
    execution_arn=ARN,
    steps=(CREATED, STORED),
    assertions=(
        AssertionResult(passed=True, operator="less_than", path="$.actions.OrderIsStored.attempts", name="stored soon"),
    ),
    cleanup=CleanupResult(steps=(DELETED,)),
    context={"order_id": "o-1"},
)
CHECK_FAILED = replace(
    STORED,
    status=Status.FAILED,
    duration_seconds=0.052,
    attempts=(attempt(1, Status.FAILED, 0.052),),
    request={"operation": "get_item", "table": "orders", "key": {"order_id": "o-1"}},
    response={"item": {"order_id": "o-1", "status": "new", "total": 12, "lines": [{"product": "book", "quantity": 2}]}},
    assertions=(
        AssertionResult(passed=True, operator="exists", path="$.item", expected=True),
        AssertionResult(
            passed=False,
            operator="matches",
            path="$.item",
            name="the order is processed",
            expected={"status": "processed", "total": 24},
            actual={"order_id": "o-1", "status": "new", "total": 12},
            message='status: expected "processed", got "new"; total: expected 24, got 12',
            diff='-  "status": "processed"\n-  "total": 24\n+  "status": "new"\n+  "total": 12',
        ),
        AssertionResult(
            passed=False, operator="equals", path="$.item.paid", expected=True, actual_present=False, actual=None
        ),
    ),
)
FAILED = replace(
    PASSED,
    status=RunStatus.FAILED,
    steps=(CREATED, CHECK_FAILED, replace(STORED, index=2, name="Confirm", status=Status.SKIPPED, attempts=())),
    assertions=(),
)
REFUSED = replace(
    CREATED,
    status=Status.ERROR,
    attempts=(
        attempt(1, Status.ERROR, 0.03, "connection refused", 1.0),
        attempt(2, Status.ERROR, 0.03, "connection refused", 2.0),
        attempt(3, Status.ERROR, 0.03, "connection refused"),
    ),
    request=CREATED.request | {"headers": {}, "body": None},
    response=None,
    captured={},
    error=ErrorInfo(
        "connection",
        "POST https://a1b2c3.execute-api.eu-west-1.amazonaws.com/prod/orders: connection refused",
        "check that the service is up, and that its address is right",
    ),
)
ERROR = replace(PASSED, status=RunStatus.ERROR, steps=(REFUSED,), assertions=(), context={}, cleanup=CleanupResult())
LEFT = replace(
    PASSED,
    cleanup=CleanupResult(
        verdict=CleanupVerdict.LEFT_BEHIND,
        steps=(
            replace(
                DELETED,
                status=Status.ERROR,
                error=ErrorInfo(
                    "access_denied", "dynamodb:DeleteItem on orders is not allowed", "allow it in the role"
                ),
            ),
        ),
        left_behind=(
            LeftBehind(
                "DeleteOrder",
                "dynamodb",
                {"operation": "delete_item", "table": "orders", "key": {"order_id": "o-1"}},
                "dynamodb:DeleteItem on orders is not allowed",
            ),
        ),
    ),
)


def events_of(result: RunResult) -> Iterable[Event]:
    """What an engine says of a run that ends like this."""
    yield RunStarted(result.run_id, result.scenario, result.engine, AT, len(result.steps), result.execution_arn)
    yield from _steps(result.steps)
    yield CleanupStarted(result.run_id, len(result.cleanup.steps))
    yield from _steps(result.cleanup.steps)
    yield CleanupFinished(result.run_id, result.cleanup.verdict)
    yield RunFinished(result.run_id, result)


def _steps(steps: Iterable[StepResult]) -> Iterable[Event]:
    for step in steps:
        if step.status is not Status.SKIPPED:
            yield StepStarted(RUN_ID, step.index, step.phase, step.name, step.type, AT)
        yield StepFinished(RUN_ID, step)


def plain_console(width: int = 80, encoding: str = "utf-8") -> Console:
    return Console({"COLUMNS": str(width)}, file=io.TextIOWrapper(io.BytesIO(), encoding=encoding))


def text_of(console: Console) -> str:
    stream = console.file
    stream.flush()
    stream.seek(0)
    return stream.read()
