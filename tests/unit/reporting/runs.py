"""Runs as they really end, on a time axis: every reporter is tried on all of them."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from awsit.model.result import (
    AssertionResult,
    Attempt,
    CleanupResult,
    CleanupVerdict,
    ErrorInfo,
    LeftBehind,
    Repetition,
    RunResult,
    RunStatus,
    Status,
    StepResult,
)
from awsit.records import replace
from awsit.system.clock import iso

BEGIN = datetime(2030, 1, 1, 9, 30, tzinfo=UTC)
EXECUTIONS = "arn:aws:states:eu-west-1:123456789012:execution:awsit"
API = "https://a1b2c3.execute-api.eu-west-1.amazonaws.com/prod"


def at(seconds: float) -> str:
    return iso(BEGIN + timedelta(seconds=seconds))


def step(name: str, kind: str, start: float, *attempts: Attempt, **more) -> StepResult:
    last = attempts[-1]
    end = (datetime.fromisoformat(last.started_at) - BEGIN).total_seconds() + last.duration_seconds
    fields = {"index": 0, "phase": "actions", "status": last.status, "attempts": attempts, **more}
    return StepResult(name=name, type=kind, started_at=at(start), duration_seconds=round(end - start, 3), **fields)


def once(start: float, seconds: float, status: Status = Status.PASSED, message: str = "") -> Attempt:
    return Attempt(1, at(start), seconds, status, message)


def polled(start: float, tries: int, delay: float, message: str, last: Status) -> tuple[Attempt, ...]:
    each = [
        Attempt(number, at(start + (number - 1) * (delay + 0.04)), 0.04, Status.FAILED, message, delay)
        for number in range(1, tries)
    ]
    said = "" if last is Status.PASSED else message
    return (*each, Attempt(tries, at(start + (tries - 1) * (delay + 0.04)), 0.04, last, said))


def numbered(*steps: StepResult) -> tuple[StepResult, ...]:
    return tuple(replace(each, index=index) for index, each in enumerate(steps))


def run(number: int, scenario: str, status: RunStatus, seconds: float, **more) -> RunResult:
    run_id = f"run-01J9ZK3M4N5P6Q7R8S9T{number:06d}"
    fields = {"engine": "stepfunctions", "execution_arn": f"{EXECUTIONS}:{run_id}", "tags": ("orders",), **more}
    return RunResult(
        run_id, scenario, status, started_at=at(0), finished_at=at(seconds), duration_seconds=seconds, **fields
    )


ORDER = {
    "order_id": "6f1c2a9e-58b1-4b3f-9f0e-0d2a7c1b5e44",
    "status": "created",
    "total": Decimal("24.90"),
    "lines": [{"product": "book", "quantity": 2, "price": Decimal("12.45")}],
}
CREATE = step(
    "CreateOrder",
    "http_call",
    0.35,
    once(0.35, 0.214),
    request={
        "method": "POST",
        "url": f"{API}/orders",
        "headers": {"Authorization": "***"},
        "body": {"product": "book", "quantity": 2},
    },
    response={"status": 201, "headers": {"Content-Type": "application/json"}, "body": ORDER, "elapsed_ms": 203},
    assertions=(
        AssertionResult(passed=True, operator="matches", path="$.body", expected={"status": "created"}, actual=ORDER),
    ),
    captured={"order_id": ORDER["order_id"]},
    source="actions[0]",
)
WAITING = '$.item.status equals: expected "processed", got "new"'
STORED = step(
    "OrderIsStored",
    "dynamodb",
    0.62,
    *polled(0.62, 4, 1.0, WAITING, Status.PASSED),
    request={"operation": "get_item", "table": "orders", "key": {"order_id": ORDER["order_id"]}},
    response={"item": {**ORDER, "status": "processed"}},
    assertions=(
        AssertionResult(passed=True, operator="equals", path="$.item.status", expected="processed", actual="processed"),
    ),
    source="actions[1]",
)
SEED = step("SeedPrices", "dynamodb", 0.05, once(0.05, 0.11), phase="setup", source="setup[0]")


def undone(start: float) -> StepResult:
    return step(
        "DeleteOrder",
        "dynamodb",
        start,
        once(start, 0.018),
        phase="cleanup",
        request={"operation": "delete_item", "table": "orders", "key": {"order_id": ORDER["order_id"]}},
        source="actions[0].cleanup[0]",
    )


STORED_SOON = AssertionResult(
    passed=True,
    operator="less_than",
    path="$.actions.OrderIsStored.attempts",
    name="stored soon",
    expected=30,
    actual=4,
)
PASSED = run(
    1,
    "order_is_stored",
    RunStatus.PASSED,
    4.31,
    description="An accepted order is in the table and can be read back",
    tags=("orders", "smoke"),
    metadata={"author": "orders team", "version": "1.0"},
    steps=numbered(SEED, CREATE, STORED),
    assertions=(STORED_SOON,),
    cleanup=CleanupResult(steps=(undone(4.1),)),
    context={"order_id": ORDER["order_id"]},
)
TOTAL_WRONG = AssertionResult(
    passed=False,
    operator="matches",
    path="$.item",
    name="the order has its total",
    expected={"status": "processed", "total": Decimal("29.90")},
    actual={**ORDER, "status": "processed"},
    message="total: expected 29.90, got 24.90",
    diff=' {\n   "status": "processed",\n-  "total": 29.90\n+  "total": 24.90\n }',
)
FAILED_STEP = replace(
    STORED,
    status=Status.FAILED,
    attempts=(once(0.62, 0.052, Status.FAILED),),
    duration_seconds=0.052,
    assertions=(*STORED.assertions, TOTAL_WRONG),
)
SKIPPED = StepResult(
    0,
    "actions",
    "ConfirmByMail",
    "http_call",
    Status.SKIPPED,
    error=ErrorInfo("skipped", "not reached"),
    source="actions[2]",
)
FAILED = run(
    2,
    "order_has_its_total",
    RunStatus.FAILED,
    1.12,
    description="Two books cost twice as much as one, postage included",
    steps=numbered(SEED, CREATE, FAILED_STEP, SKIPPED),
    cleanup=CleanupResult(steps=(undone(0.95),)),
    context={"order_id": ORDER["order_id"]},
)
REFUSED = "POST https://a1b2c3.execute-api.eu-west-1.amazonaws.com/prod/orders: connection refused"
ERROR = run(
    3,
    "invalid_order_is_refused",
    RunStatus.ERROR,
    7.45,
    tags=("orders", "api"),
    steps=numbered(
        step(
            "CreateInvalidOrder",
            "http_call",
            0.3,
            Attempt(1, at(0.3), 0.03, Status.ERROR, "connection refused", 2.0),
            Attempt(2, at(2.33), 0.03, Status.ERROR, "connection refused", 4.0),
            Attempt(3, at(6.36), 0.03, Status.ERROR, "connection refused"),
            request={
                "method": "POST",
                "url": f"{API}/orders",
                "headers": {"Content-Type": "application/json"},
                "body": {"product": "", "quantity": 0},
            },
            error=ErrorInfo("connection", REFUSED, "check that the service is up, and that its address is right"),
            source="actions[0]",
        )
    ),
    error=ErrorInfo("connection", f"CreateInvalidOrder: {REFUSED}"),
)
SOFT = run(
    4,
    "order_page_is_complete",
    RunStatus.FAILED,
    1.9,
    tags=("web",),
    engine="local",
    execution_arn="",
    steps=numbered(
        step(
            "TitleIsThere",
            "http_call",
            0.1,
            once(0.1, 0.3, Status.FAILED),
            assertions=(
                AssertionResult(
                    passed=False,
                    operator="contains",
                    path="$.body",
                    name="title",
                    expected="Orders",
                    actual="Bestellungen",
                    message='"Bestellungen" does not contain "Orders"',
                ),
            ),
        ),
        step("FooterIsThere", "http_call", 0.5, once(0.5, 0.2)),
        step(
            "ImprintIsThere",
            "http_call",
            0.8,
            once(0.8, 0.2, Status.FAILED, "expected status 200, got 404"),
            response={"status": 404, "body": "<html><h1>Not Found</h1></html>"},
            error=ErrorInfo("assertion", "expected status 200, got 404"),
        ),
    ),
    assertions=(
        AssertionResult(
            passed=False, operator="equals", path="$.context.language", expected="en", actual=None, actual_present=False
        ),
    ),
)
TIMED_OUT = run(
    5,
    "payment_is_booked",
    RunStatus.FAILED,
    31.6,
    tags=("payments", "slow"),
    steps=numbered(
        CREATE,
        step(
            "PaymentIsBooked",
            "dynamodb",
            0.7,
            *polled(0.7, 12, 2.5, '$.item.payment equals: expected "booked", got "pending"', Status.FAILED),
            request={"operation": "get_item", "table": "payments", "key": {"order_id": ORDER["order_id"]}},
            response={"item": {"order_id": ORDER["order_id"], "payment": "pending"}},
            assertions=(
                AssertionResult(
                    passed=False,
                    operator="equals",
                    path="$.item.payment",
                    expected="booked",
                    actual="pending",
                    message='expected "booked", got "pending"',
                ),
            ),
            error=ErrorInfo(
                "timeout",
                "not fulfilled within 30 s, after 12 attempts",
                "raise until.timeout_seconds, or look at the payments queue",
            ),
            source="actions[1]",
        ),
    ),
    cleanup=CleanupResult(steps=(undone(31.2),)),
)
NOT_ALLOWED = "dynamodb:DeleteItem on orders is not allowed"
LEFT = run(
    6,
    "order_is_shipped",
    RunStatus.PASSED,
    2.75,
    steps=numbered(CREATE),
    cleanup=CleanupResult(
        CleanupVerdict.LEFT_BEHIND,
        (
            replace(
                undone(1.4),
                status=Status.ERROR,
                attempts=(once(1.4, 0.2, Status.ERROR, NOT_ALLOWED),),
                error=ErrorInfo("access_denied", NOT_ALLOWED, "allow it in AllowedTables"),
            ),
        ),
        (LeftBehind("DeleteOrder", "dynamodb", undone(1.4).request, NOT_ALLOWED),),
    ),
)
CANCELLED = run(
    7,
    "stock_is_counted",
    RunStatus.CANCELLED,
    3.2,
    tags=("stock",),
    engine="local",
    execution_arn="",
    steps=numbered(CREATE, replace(SKIPPED, name="CountStock")),
    cleanup=CleanupResult(steps=(undone(3.0),)),
    error=ErrorInfo("interrupted", "Interrupted by Ctrl-C."),
)
NEVER_BEGAN = run(
    8,
    "",
    RunStatus.ERROR,
    0.0,
    tags=(),
    error=ErrorInfo("not_found", "There is no scenario `order_is_stord`.", "did you mean order_is_stored?"),
)
OVERDUE = run(
    9,
    "report_is_mailed",
    RunStatus.TIMED_OUT,
    300.0,
    tags=("slow",),
    steps=numbered(
        step(
            "MailIsSent",
            "lambda_invoke",
            0.4,
            once(0.4, 299.0, Status.ERROR, "out of time"),
            error=ErrorInfo("timeout", "the run's 300 s are over"),
        ),
        replace(SKIPPED, name="MailArrives"),
    ),
    error=ErrorInfo("timeout", "the run did not end within 300 s"),
)
HOSTILE_TEXT = (
    "</script><img src=x onerror=alert(1)> | `` ``` | @octocat #12 \x1b[31m\x00 {{ 7*7 }} "
    "<!-- ${x} & \ue000n1 \u2028 Ünï 🚚"
)
HOSTILE = run(
    10,
    HOSTILE_TEXT,
    RunStatus.FAILED,
    0.5,
    description=HOSTILE_TEXT,
    tags=(HOSTILE_TEXT,),
    steps=numbered(
        step(
            HOSTILE_TEXT,
            "http_call",
            0.1,
            once(0.1, 0.2, Status.FAILED, HOSTILE_TEXT),
            request={HOSTILE_TEXT: HOSTILE_TEXT},
            response={"body": HOSTILE_TEXT, "exact": Decimal("1.10"), "big": 2**70},
            assertions=(
                AssertionResult(
                    passed=False,
                    operator="equals",
                    path=HOSTILE_TEXT,
                    name=HOSTILE_TEXT,
                    expected=HOSTILE_TEXT,
                    actual=HOSTILE_TEXT + "!",
                    message=HOSTILE_TEXT,
                    diff=f"-{HOSTILE_TEXT}\n+{HOSTILE_TEXT}!",
                ),
            ),
        )
    ),
    context={"note": HOSTILE_TEXT},
)
EVERY = (PASSED, FAILED, ERROR, SOFT, TIMED_OUT, LEFT, CANCELLED, NEVER_BEGAN, OVERDUE, HOSTILE)


SUITE = (
    replace(PASSED, run_id=f"{PASSED.run_id[:-2]}S1", repetition=Repetition(1, 2)),
    replace(FAILED, run_id=f"{FAILED.run_id[:-2]}S2", repetition=Repetition(2, 2)),
    RunResult(
        f"{PASSED.run_id[:-2]}S3",
        "never_begun",
        RunStatus.SKIPPED,
        "local",
        started_at="",
        finished_at="",
        duration_seconds=0.0,
        error=ErrorInfo("not_run", "Not run: another one had not passed (--fail-fast)."),
    ),
)
"""Of one command: repetitions, and one that never began."""


def many(number: int) -> list[RunResult]:
    """Mostly passed ones, as in a working project."""
    return list(_many(number))


def _many(number: int) -> Iterable[RunResult]:
    unusual = {0: FAILED, 1: ERROR, 2: LEFT}
    for index in range(number):
        result = unusual.get(index % 40, PASSED)
        seconds = round(result.duration_seconds + (index * 37 % 50) / 10, 2)
        yield replace(
            result,
            run_id=f"run-01J9ZK3M4N5P6Q7R8S9V{index:06d}",
            scenario=f"scenario_{index:04d}",
            duration_seconds=seconds,
        )
