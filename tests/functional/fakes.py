"""What stands behind the command line in these tests: no AWS, no network, no emulator, a clock that stands still."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from awsit.aws.actions_role import ActionsRole
from awsit.aws.client import errors
from awsit.aws.deployment.model import Deployed, DeployOptions, Destroyed, Packaged, ResourceProgress
from awsit.aws.logs.insights import Row
from awsit.aws.logs.line import LogLine
from awsit.aws.logs.shipped_log import ShippedLog
from awsit.aws.scenarios import ScenarioStore
from awsit.cli.wiring.wiring import Wiring
from awsit.config import Settings
from awsit.errors import EnvironmentFailure, SandboxError
from awsit.http.fake import FakeTransport
from awsit.model import json
from awsit.model.events import Event, RunFinished, RunStarted, StepFinished, StepStarted
from awsit.model.http import HttpResponse, Repeat, Sending
from awsit.model.permissions import AwsLocation
from awsit.model.result import (
    Attempt,
    CleanupResult,
    CleanupVerdict,
    LeftBehind,
    RunResult,
    RunStatus,
    Status,
    StepResult,
)
from awsit.model.run import RunRequest, RunSnapshot, StartedRun
from awsit.records import replace
from awsit.sandbox.info import SandboxInfo
from awsit.system.clock import FakeClock
from awsit.system.randomness import SeededRandomness

AT = "2030-01-01T00:00:00.000Z"
ACCOUNT = "arn:aws:states:eu-west-1:123456789012"
MACHINE = f"{ACCOUNT}:stateMachine:awsit-test-flow"
RUN_ID = "run-01J9ZK3M4N5P6Q7R8S9T0V1W2X"
EXECUTION = f"{ACCOUNT}:execution:awsit-test-flow:{RUN_ID}"

PASSING = """
name: order_is_stored
description: An accepted order can be read back
metadata: {tags: [orders, smoke]}
variables: {quantity: 2}
actions:
  - name: CreateOrder
    type: http_call
    params:
      url: "http://orders.test/orders"
      method: POST
      body: {quantity: "{{ vars.quantity }}"}
      expected_status: 201
    pass_to_context: {order_id: $.body.order_id}
    cleanup:
      - name: DeleteOrder
        type: http_call
        params: {url: "http://orders.test/orders/{{ context.order_id }}", method: DELETE, expected_status: 2xx}
  - name: ReadOrder
    type: http_call
    params: {url: "http://orders.test/orders/{{ context.order_id }}"}
    assert:
      - {path: $.body.status, equals: created}
"""
FAILING = PASSING.replace("order_is_stored", "order_is_shipped").replace("equals: created", "equals: shipped")
CREATED = HttpResponse(201, {"Content-Type": "application/json"}, b'{"order_id": "o-1", "status": "created"}', "")


def client_error(code: str, message: str, operation: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}, "ResponseMetadata": {}}, operation)


class FailingClient:
    """A client of which every call, page and read raises the same error."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.exceptions = type("Exceptions", (), {"ClientError": ClientError})

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            raise self.error

        return call


class FakeAws:
    """An account that answers every call with one error."""

    region = "eu-west-1"
    account = "123456789012"

    def __init__(self, error: Exception) -> None:
        self.error = error

    def client(self, service: str) -> FailingClient:
        return FailingClient(self.error)

    def check_credentials(self) -> None:
        """There is a region, and there are credentials."""

    def patient(self) -> "FakeAws":
        return self

    def within(self, seconds: float) -> AbstractContextManager[None]:
        return nullcontext()

    def traced(self, header: str) -> AbstractContextManager[None]:
        return nullcontext()

    def sent_once(self, note: Callable[[Repeat], None]) -> AbstractContextManager[Sending]:
        return nullcontext(Sending(note))

    def translate(self, error: Exception) -> Exception:
        return errors.translate(error)


class FakeRemote:
    """Runs in an account: each one ends with `status`, those named in `fails` with a failure.

    `interrupted` stands for Ctrl-C after the start, `unreachable` for a network that is lost then; a scenario
    named in `refuses` cannot be started.
    """

    name = "stepfunctions"
    outlives_process = True
    notice = ""

    def __init__(self) -> None:
        self.requests: list[RunRequest] = []
        self.stopped: list[str] = []
        self.interrupted = False
        self.interrupts: set[str] = set()
        self.unreachable = False
        self.left: tuple[LeftBehind, ...] = ()
        self.status = RunStatus.PASSED
        self.fails: set[str] = set()
        self.refuses: set[str] = set()
        self.step_status = Status.PASSED
        self.cleaned: list[str] = []

    def start(self, request: RunRequest) -> StartedRun:
        if request.name in self.refuses:
            raise EnvironmentFailure("the account says no")
        self.requests.append(request)
        return StartedRun(request.run_id, f"{ACCOUNT}:execution:awsit-test-flow:{request.run_id}", request)

    def release(self, run_id: str) -> None:
        """Hold nothing."""

    def clean_up(self, run_id: str) -> RunResult:
        self.cleaned.append(run_id)
        return RunResult(run_id, "suite", RunStatus.PASSED, self.name, AT, AT, 0.5)

    def masker(self, request: RunRequest) -> Callable[[str], str]:
        return str

    def interrupt(self) -> bool:
        return False

    def follow(self, run: StartedRun, emit: Callable[[Event], None]) -> None:
        run_id, execution_arn, name = run.run_id, run.execution_arn, run.request.name
        step = StepResult(
            0,
            "actions",
            "CreateOrder",
            "http_call",
            self.step_status,
            AT,
            0.2,
            (Attempt(1, AT, 0.2, self.step_status),),
        )
        emit(RunStarted(run_id, name, self.name, AT, 1, execution_arn))
        emit(StepStarted(run_id, 0, "actions", "CreateOrder", "http_call", AT))
        if self.interrupted or name in self.interrupts:
            raise KeyboardInterrupt
        if self.unreachable:
            raise EnvironmentFailure("could not follow the run", code="connection", hint="check the network")
        emit(StepFinished(run_id, step))
        status = RunStatus.FAILED if name in self.fails else self.status
        result = RunResult(
            run_id,
            name,
            status,
            self.name,
            AT,
            AT,
            0.5,
            execution_arn=execution_arn,
            steps=(step,),
            repetition=run.request.repetition,
            cleanup=CleanupResult(CleanupVerdict.LEFT_BEHIND if self.left else CleanupVerdict.CLEAN, (), self.left),
        )
        emit(RunFinished(run_id, result))

    def snapshot(self, reference: str) -> RunSnapshot:
        step = StepResult(0, "actions", "CreateOrder", "http_call", Status.PASSED, AT, 0.2)
        waiting = replace(step, index=1, name="OrderIsStored", type="dynamodb", status=Status.RUNNING)
        return RunSnapshot(RUN_ID, "order_is_stored", RunStatus.RUNNING, EXECUTION, AT, "", 3, (step, waiting))

    def stop(self, reference: str, *, abort: bool = False) -> str:
        self.stopped.append(reference)
        return RUN_ID


class MemoryBucket:
    """An S3 client that keeps objects in memory."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def put_object(self, *, Key: str, Body: Any, **_: Any) -> None:  # noqa: N803 - botocore's names
        self.objects[Key] = Body if isinstance(Body, bytes) else Body.read()

    def get_object(self, *, Key: str, **_: Any) -> Any:  # noqa: N803 - botocore's names
        if Key not in self.objects:
            raise client_error("NoSuchKey", "The specified key does not exist.", "GetObject")
        return {"Body": BytesIO(self.objects[Key])}

    def get_paginator(self, _: str) -> Any:
        keys = [{"Key": key} for key in sorted(self.objects)]
        return type("Pages", (), {"paginate": lambda *_, **__: [{"Contents": keys}]})()


class FakeSandbox:
    """A sandbox that starts at once."""

    def __init__(self, folder: Path) -> None:
        self.info = SandboxInfo("http://127.0.0.1:4566", 4566, 4242, folder, "us-east-1", AT, "token")
        self.running = False
        self.died = False
        self.usual_port: int | None = None

    def start(self, port: int | None = None) -> SandboxInfo:
        if port == 80:
            hint = "Name another with --port, or none to have a free one chosen."
            raise SandboxError(
                "the sandbox cannot use port 80: Permission denied", code="sandbox_port_taken", hint=hint
            )
        self.running = True
        return self.info

    def status(self) -> SandboxInfo | None:
        return self.info if self.running else None

    def check_alive(self) -> SandboxInfo:
        if self.died:
            raise SandboxError("the sandbox has died", hint="Start it again: awsit sandbox start")
        if not self.running:
            raise SandboxError("no sandbox is running", code="sandbox_not_running", hint="Run: awsit sandbox start")
        return self.info

    check_answers = reset = check_alive

    def stop(self) -> bool:
        running, self.running = self.running, False
        return running


class FakeWiring(Wiring):
    """Everything that commands work with, in memory. `aws_error` is what every AWS call raises, when it is set."""

    def __init__(self, folder: Path) -> None:
        self.http_fake = FakeTransport(CREATED)
        self.remote = FakeRemote()
        self.bucket = MemoryBucket()
        self.sandbox_fake = FakeSandbox(folder)
        self.aws_error: Exception | None = None
        self.deployed: list[DeployOptions] = []
        self.log_lines: list[LogLine] = []
        self.queries: list[tuple[str, timedelta]] = []
        self.rows: list[Row] = []
        self.shipped: ShippedLog | None = None
        self.step_lines: dict[tuple[str, int], tuple[str, ...]] = {}
        self.role = ActionsRole(AwsLocation.of("us-east-1", "000000000000"), [], {})
        self.runs = 0

    def clock(self) -> FakeClock:
        return FakeClock()

    def run_clock(self) -> FakeClock:
        return self.clock()

    def randomness(self) -> SeededRandomness:
        return SeededRandomness(1)

    def run_id(self) -> str:
        self.runs += 1
        return f"run-{self.runs:026d}"

    def http(self, aws_endpoint: str = "", allowed_hosts: str = "") -> FakeTransport:
        return self.http_fake

    def aws(self, settings: Settings, region: str = "") -> Any:
        if settings.sandbox:
            self.sandbox_fake.check_alive()
        return FakeAws(self.aws_error or RuntimeError("no AWS in this test"))

    def remote_engine(self, settings: Settings, reference: str = "") -> Any:
        return super().remote_engine(settings, reference) if self.aws_error else self.remote

    def installation(self, aws: Any, settings: Settings, state_machine_arn: str = "") -> Any:
        return super().installation(aws, settings, state_machine_arn) if self.aws_error else None

    def actions_role(self, settings: Settings) -> ActionsRole:
        return super().actions_role(settings) if self.aws_error else self.role

    def scenario_store(self, settings: Settings) -> ScenarioStore:
        if self.aws_error:
            return super().scenario_store(settings)
        account = type("Account", (), {"client": lambda *_: self.bucket})()
        return ScenarioStore(account, "awsit-bucket")

    def logs(self, settings: Settings, reference: str, *, follow: bool) -> Iterator[LogLine]:
        return super().logs(settings, reference, follow=follow) if self.aws_error else iter(self.log_lines)

    def query(self, settings: Settings, text: str, last: timedelta, reference: str = "") -> list[Row]:
        self.queries.append((text, last))
        return super().query(settings, text, last, reference) if self.aws_error else self.rows

    def shipped_log(self, settings: Settings) -> ShippedLog:
        return self.shipped or super().shipped_log(settings)

    def step_log(self, settings: Settings, result: RunResult) -> dict[tuple[str, int], tuple[str, ...]]:
        return super().step_log(settings, result) if self.aws_error else self.step_lines

    def sandbox(self, settings: Settings) -> Any:
        return self.sandbox_fake

    def deploy(self, settings: Settings, options: DeployOptions) -> Iterator[Any]:
        if self.aws_error:
            yield from super().deploy(settings, options)
        self.deployed.append(options)
        yield Packaged("AtomicLambdaInvoker", "function.zip", 200_000, uploaded=True)
        yield ResourceProgress(AT, "RunsTable", "AWS::DynamoDB::Table", "CREATE_IN_PROGRESS")
        yield ResourceProgress(AT, "RunsTable", "AWS::DynamoDB::Table", "CREATE_COMPLETE")
        yield Deployed(options.stack_name, {"StateMachineArn": MACHINE}, changed=True)

    def destroy(self, settings: Settings) -> Iterator[Any]:
        yield ResourceProgress(AT, "RunsTable", "AWS::DynamoDB::Table", "DELETE_COMPLETE")
        yield Destroyed(settings.stack_name, existed=True)


def report_of(result: Any) -> Any:
    """What `--json` wrote to standard output."""
    return json.loads(result.stdout)
