"""The number of state transitions of one action.

    .venv/bin/python benchmarks/transitions.py [actions]

Runs the real state machine and the real handler in moto's interpreter, in this process: an execution with one action
and one with 20, which all do nothing. The states entered in both execution histories are counted, and their difference
is divided by the difference of the actions, in runs action by action and in compact ones. AWS charges for each
transition; the goals are 3 at most, and 0.3.
"""

import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import boto3
from moto import mock_aws
from moto.awslambda_simple.models import LambdaSimpleBackend
from ulid import ULID

from awsit.model.json import Json, dumps, loads

ROOT = Path(__file__).parents[1]
FUNCTION_ARN = "arn:aws:lambda:us-east-1:123456789012:function:AtomicLambdaInvoker"
ROLE_ARN = "arn:aws:iam::123456789012:role/machine"
TABLE, BUCKET, REGION = "runs", "scenarios", "us-east-1"
SECONDS_TO_END = 60
STEPS = {"ExecuteAtomicAction", "HandleActionResult", "WaitBeforeNextAttempt", "ActionSucceeded", "ActionFailed"}


def main(actions: int) -> None:
    os.environ.update(
        AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", AWS_REGION=REGION, AWS_DEFAULT_REGION=REGION
    )
    os.environ.update(
        AWSIT_TABLE=TABLE,
        AWSIT_BUCKET=BUCKET,
        AWSIT_ACTIONS_ROLE="arn:aws:iam::123456789012:role/actions",
        AWSIT_LOG_LEVEL="ERROR",
        POWERTOOLS_METRICS_DISABLED="true",
    )
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
        os.environ.pop(name, None)
    options: Any = {"stepfunctions": {"execute_state_machine": True}, "lambda": {"use_docker": False}}
    with mock_aws(config=options), mock.patch.object(LambdaSimpleBackend, "invoke", invoker_of(handler())):
        machine = install()
        for compact in (False, True):
            one, many = (states_entered(machine, count, compact=compact) for count in (1, actions))
            report(one, many, actions, "compact" if compact else "action by action")


def handler() -> Callable[[Json, object], Json]:
    from awsit.lambdas.atomic_invoker import lambda_handler  # reads the environment that main has set

    return lambda_handler


def invoker_of(function: Callable[[Json, object], Json]) -> Callable[..., bytes]:
    """The function that moto calls for an invocation: it calls the handler with parsed JSON, as Lambda does."""

    def invoke(
        _backend: object, _name: str, _qualifier: Any, body: Any, _headers: Any, answer: dict[str, str]
    ) -> bytes:
        try:
            return dumps(function(loads(body), None)).encode()
        except Exception as error:  # noqa: BLE001 - Lambda reports every error of a function in this shape
            answer["x-amz-function-error"] = "Unhandled"
            return dumps({"errorMessage": str(error), "errorType": type(error).__name__}).encode()

    return invoke


def install() -> str:
    """Create the table, the bucket and the state machine of the stack. Returns the ARN of the state machine."""
    keys = [("run_id", "HASH"), ("sk", "RANGE")]
    boto3.client("dynamodb").create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name, _ in keys],
        KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in keys],
    )
    boto3.client("s3").create_bucket(Bucket=BUCKET)
    definition = (ROOT / "infra" / "test_flow.asl.json").read_text(encoding="utf-8")
    created = boto3.client("stepfunctions").create_state_machine(
        name="test-flow", definition=definition.replace("${FunctionArn}", FUNCTION_ARN), roleArn=ROLE_ARN
    )
    return created["stateMachineArn"]


def states_entered(machine: str, actions: int, *, compact: bool) -> Counter[str]:
    """How often an execution with this number of actions enters each state, by the name of the state."""
    scenario = {
        "name": f"idle_{actions}",
        "actions": [{"name": f"Idle{number}", "type": "wait", "params": {"seconds": 0}} for number in range(actions)],
    }
    key = f"scenarios/{scenario['name']}.json"
    boto3.client("s3").put_object(Bucket=BUCKET, Key=key, Body=dumps(scenario).encode())
    client = boto3.client("stepfunctions")
    execution_input = dumps({"scenario": {"bucket": BUCKET, "key": key}, "compact": compact})
    execution = client.start_execution(stateMachineArn=machine, name=f"run-{ULID()}", input=execution_input)[
        "executionArn"
    ]
    wait_for(client, execution)
    pages = client.get_paginator("get_execution_history").paginate(executionArn=execution)
    events = [event for page in pages for event in page["events"]]
    return Counter(event["stateEnteredEventDetails"]["name"] for event in events if "stateEnteredEventDetails" in event)


def wait_for(client: Any, execution: str) -> None:
    deadline = time.monotonic() + SECONDS_TO_END
    while (description := client.describe_execution(executionArn=execution))["status"] == "RUNNING":
        if time.monotonic() > deadline:
            sys.exit(f"the execution did not end within {SECONDS_TO_END} s")
        time.sleep(0.02)
    if description["status"] != "SUCCEEDED":
        sys.exit(f"the execution ended with {description['status']}: {description.get('cause', '')}")


def report(one: Counter[str], many: Counter[str], actions: int, mode: str) -> None:
    per_action = (many.total() - one.total()) / (actions - 1)
    print(f"state transitions, execution of {actions} actions, {mode}: {many.total()}")
    print(f"  for an action  {per_action:.2f}   {', '.join(name for name in many if name in STEPS)}")
    print(f"  fixed          {many.total() - per_action * actions:.0f}   {', '.join(set(many) - STEPS)}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
