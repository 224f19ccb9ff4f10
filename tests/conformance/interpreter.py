"""moto's Step Functions interpreter, with the real handler behind its Lambda tasks, in this process.

A second, stricter reading of the state machine than the sandbox's: a Map stops at its first failing iteration, limits
of size and time hold, and the history is close to that of AWS.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import boto3
import pytest
from moto import mock_aws
from moto.awslambda_simple.models import LambdaSimpleBackend
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_sfn import (
    StateTaskServiceSfn,
)
from tests.truth.beside import as_localstack_reads

from awsit.aws.client.clients import AwsClients
from awsit.aws.installation import Installation
from awsit.aws.runs.store import DynamoRunStore
from awsit.model.json import dumps
from awsit.model.result import RunResult

DEFINITION = Path(__file__).parents[2] / "infra" / "test_flow.asl.json"
SUITES = DEFINITION.with_name("suite_flow.asl.json")
FUNCTION_ARN = "arn:aws:lambda:us-east-1:123456789012:function:AtomicLambdaInvoker"
ROLE_ARN = "arn:aws:iam::123456789012:role/machine"
TABLE, BUCKET = "runs", "scenarios"
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWSIT_TABLE": TABLE,
    "AWSIT_BUCKET": BUCKET,
    "AWSIT_ALLOWED_HOSTS": "127.0.0.0/8,::1",
    "AWSIT_ACTIONS_ROLE": "arn:aws:iam::123456789012:role/actions",
}


def enter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have clients of this process talk to moto, also where another test of the process talks to a sandbox."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


Handler = Callable[[Mapping[str, Any], object], Any]


@dataclass(frozen=True, slots=True)
class Interpreted:
    """An execution that ended: its status, the names of the states it entered, and the report that it left."""

    status: str
    entered: list[str]
    report: RunResult


class Interpreter:
    """The state machine, installed in moto's account, with table and bucket."""

    def __init__(self, handler: Handler) -> None:
        self.calls: list[Mapping[str, Any]] = []
        self._handler = handler
        self.table = make_table()
        boto3.client("s3").create_bucket(Bucket=BUCKET)
        definition = DEFINITION.read_text(encoding="utf-8")
        for name, value in {"FunctionArn": FUNCTION_ARN, "Partition": "aws"}.items():
            definition = definition.replace(f"${{{name}}}", value)
        machine = boto3.client("stepfunctions").create_state_machine(
            name="awsit", definition=definition, roleArn=ROLE_ARN
        )
        self._arn = machine["stateMachineArn"]

    def with_suites(self) -> Installation:
        """The stack, with the state machine of suites."""
        names = {"TestFlowArn": self._arn, "FunctionArn": FUNCTION_ARN, "Bucket": BUCKET, "Partition": "aws"}
        definition = SUITES.read_text(encoding="utf-8")
        for name, value in names.items():
            definition = definition.replace(f"${{{name}}}", value)
        client = boto3.client("stepfunctions")
        client.create_state_machine(name="suites", definition=as_localstack_reads(definition), roleArn=ROLE_ARN)
        names = {"suite_flow": "suites", "suite_setups": "true", "suite_loads": "true"}
        return Installation(self._arn, BUCKET, TABLE, "", "", "", **names)

    def invoke(self, event: Mapping[str, Any]) -> Any:
        """What the function is called with, and answers; a test may replace it to have the platform fail."""
        return self._handler(event, None)

    def start(self, document: Any, run_id: str, *, compact: bool = False, **variables: Any) -> None:
        """Start a run of a scenario."""
        boto3.client("s3").put_object(Bucket=BUCKET, Key="scenarios/it.json", Body=dumps(document).encode())
        given = json.dumps({"scenario": "it", "variables": variables, "env": {}, "compact": compact})
        boto3.client("stepfunctions").start_execution(stateMachineArn=self._arn, name=run_id, input=given)

    def ended(self, run_id: str, limit_seconds: float = 60) -> str:
        """The status of an execution, once it has ended."""
        client, arn = boto3.client("stepfunctions"), self.execution_arn(run_id)
        deadline = time.monotonic() + limit_seconds
        while (status := client.describe_execution(executionArn=arn)["status"]) == "RUNNING":
            assert time.monotonic() < deadline, "the execution did not end"
            time.sleep(0.02)
        return str(status)

    def execution_arn(self, run_id: str) -> str:
        """The ARN of a run's execution."""
        return f"{self._arn.replace(':stateMachine:', ':execution:')}:{run_id}"

    def run(self, document: Any, run_id: str, limit_seconds: float = 60, *, compact: bool = False) -> Interpreted:
        """Run a scenario to its end."""
        self.start(document, run_id, compact=compact)
        status = self.ended(run_id, limit_seconds)
        client, arn = boto3.client("stepfunctions"), self.execution_arn(run_id)
        events = client.get_execution_history(executionArn=arn, maxResults=1000)["events"]
        entered = [each["stateEnteredEventDetails"]["name"] for each in events if "stateEnteredEventDetails" in each]
        return Interpreted(status, entered, self.report(run_id))

    def report(self, run_id: str) -> RunResult:
        """The report of a run."""
        return DynamoRunStore(AwsClients(), TABLE, BUCKET).report(run_id)


def make_table(name: str = TABLE) -> Any:
    """The runs table, as the template has it."""
    return boto3.resource("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "run_id", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": kind}
            for name, kind in {"run_id": "S", "sk": "S", "lease_ends_at": "N"}.items()
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "open-runs",
                "KeySchema": [
                    {"AttributeName": "run_id", "KeyType": "HASH"},
                    {"AttributeName": "lease_ends_at", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )


@contextmanager
def in_process_aws(handler: Handler) -> Iterator[Interpreter]:
    """moto's account, with the interpreter in it."""
    options: Any = {"stepfunctions": {"execute_state_machine": True}, "lambda": {"use_docker": False}}
    recursion_limit = sys.getrecursionlimit()  # which its interpreter of JSONata raises
    with mock_aws(config=options), ExitStack() as at_the_end:
        at_the_end.callback(sys.setrecursionlimit, recursion_limit)
        interpreter = Interpreter(handler)
        with (
            mock.patch.object(LambdaSimpleBackend, "invoke", _wired(interpreter)),
            mock.patch.object(StateTaskServiceSfn, "_normalise_parameters", _as_the_api_names_them),
            mock.patch.object(StateTaskServiceSfn, "_normalise_response", _as_aws_answers),
        ):
            yield interpreter


_normalise = StateTaskServiceSfn._normalise_parameters


def _as_the_api_names_them(task: StateTaskServiceSfn, parameters: dict[str, Any], *arguments: Any, **more: Any) -> None:
    """`StateMachineArn`, as a definition has it, becomes `stateMachineArn`: moto passes it on as it is."""
    _normalise(task, parameters, *arguments, **more)
    for name in list(parameters):
        parameters[name[0].lower() + name[1:]] = parameters.pop(name)


def _as_aws_answers(_task: object, response: Any, *_arguments: Any, **_more: Any) -> None:
    """`ExecutionArn`, as AWS has it: moto passes on what the API answers."""
    for name in list(response) if isinstance(response, dict) else []:
        response[name[0].upper() + name[1:]] = response.pop(name)


def _wired(interpreter: Interpreter) -> Callable[..., bytes]:
    def invoke(_self: object, _name: str, _qualifier: Any, body: Any, _headers: Any, answer: dict[str, str]) -> bytes:
        event = json.loads(body)
        interpreter.calls.append(event)
        try:
            return json.dumps(interpreter.invoke(event)).encode()
        except Exception as error:  # noqa: BLE001 - the shape in which Lambda reports any error of a function
            answer["x-amz-function-error"] = "Unhandled"
            return json.dumps({"errorMessage": str(error), "errorType": type(error).__name__}).encode()

    return invoke


@contextmanager
def empty_runs(monkeypatch: pytest.MonkeyPatch) -> Iterator[DynamoRunStore]:
    """The run store over an empty table and an empty bucket."""
    enter(monkeypatch)
    with mock_aws():
        make_table()
        boto3.client("s3").create_bucket(Bucket=BUCKET)
        yield DynamoRunStore(AwsClients(), TABLE, BUCKET)
