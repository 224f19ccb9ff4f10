"""The time of a step through Step Functions, compared with a bare invoke of a function that only logs one line.

    .venv/bin/python benchmarks/step_overhead.py [steps] [rounds]

Starts an emulated AWS of its own, deploys the stack, and measures both on it in turns. A step is a `wait` of 0 seconds.
The first execution, which starts the function's worker, is shown separately. The goal is 2.5.
"""

import io
import os
import statistics
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from ulid import ULID

from awsit.model.json import dumps
from awsit.sandbox.info import client_environment, read_info

ROOT = Path(__file__).parents[1]
STATE = ROOT / "build" / "benchmark"
AWSIT = str(Path(sys.executable).with_name("awsit"))
NO_OP = "import sys\n\n\ndef handler(event, context):\n    print('called', file=sys.stderr)\n    return {}\n"
SECONDS_TO_END = 120


def main(steps: int, rounds: int) -> None:
    os.environ["AWSIT_STATE_FOLDER"] = str(STATE)
    with sandbox():
        awsit("deploy", "--sandbox")
        outputs = stack_outputs()
        upload(outputs["BucketName"], steps)
        first = execution_seconds(outputs, steps)
        make_no_op()
        empty = statistics.median(execution_seconds(outputs, 1) for _ in range(rounds))
        runs, bare, own, update = [], [], [], []
        for _ in range(rounds):  # in turns, so that a busy machine slows all of them
            runs.append(execution_seconds(outputs, steps))
            bare.append(each(steps, invoke("no-op", {})))
            own.append(each(steps, invoke(outputs["FunctionName"], {"action_type": "wait", "params": {"seconds": 0}})))
            update.append(each(steps, table_update(outputs["TableName"])))
    report(steps, first, empty, [statistics.median(times) for times in (runs, bare, own, update)])


@contextmanager
def sandbox() -> Iterator[None]:
    """An emulated AWS, which the clients of this process call; stopped at the end of the block."""
    awsit("sandbox", "start")
    try:
        info = read_info(STATE / "sandbox" / "server.json")
        assert info is not None
        os.environ.update(client_environment(info))
        yield
    finally:
        awsit("sandbox", "stop")


def awsit(*arguments: str) -> None:
    subprocess.run([AWSIT, *arguments], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)


def stack_outputs() -> dict[str, str]:
    stack = boto3.client("cloudformation").describe_stacks(StackName="awsit")["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def upload(bucket: str, steps: int) -> None:
    for count in (1, steps):
        actions = [{"name": f"Idle{number}", "type": "wait", "params": {"seconds": 0}} for number in range(count)]
        document = dumps({"name": f"idle_{count}", "actions": actions})
        boto3.client("s3").put_object(Bucket=bucket, Key=f"scenarios/idle_{count}.json", Body=document.encode())


def execution_seconds(outputs: dict[str, str], steps: int) -> float:
    """The seconds from the start to the end of an execution, by the times of Step Functions."""
    client = boto3.client("stepfunctions")
    started = client.start_execution(
        stateMachineArn=outputs["StateMachineArn"], name=f"run-{ULID()}", input=dumps({"scenario": f"idle_{steps}"})
    )
    return seconds_to_end(client, started["executionArn"])


def seconds_to_end(client: Any, arn: str) -> float:
    """Wait for the end of an execution, which must succeed; returns how long it took."""
    deadline = time.monotonic() + SECONDS_TO_END
    while (execution := client.describe_execution(executionArn=arn))["status"] == "RUNNING":
        if time.monotonic() > deadline:
            sys.exit(f"the execution did not end within {SECONDS_TO_END} s")
        time.sleep(0.2)
    if execution["status"] != "SUCCEEDED":
        sys.exit(f"the execution ended with {execution['status']}: {execution.get('cause', '')}")
    return (execution["stopDate"] - execution["startDate"]).total_seconds()


def make_no_op() -> None:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("no_op.py", NO_OP)
    boto3.client("lambda").create_function(
        FunctionName="no-op",
        Runtime="python3.13",
        Handler="no_op.handler",
        Role="arn:aws:iam::000000000000:role/no-op",
        Code={"ZipFile": package.getvalue()},
    )
    invoke("no-op", {})()


def invoke(function: str, payload: Any) -> Callable[[], None]:
    client = boto3.client("lambda")

    def call() -> None:
        answer = client.invoke(FunctionName=function, Payload=dumps(payload).encode())
        if "FunctionError" in answer:
            sys.exit(f"{function}: {answer['Payload'].read().decode()}")
        answer["Payload"].read()

    return call


def table_update(table: str) -> Callable[[], None]:
    client = boto3.client("dynamodb")

    def call() -> None:
        client.update_item(
            TableName=table,
            Key={"run_id": {"S": "benchmark"}, "sk": {"S": "run"}},
            UpdateExpression="SET #n = if_not_exists(#n, :zero) + :one",
            ConditionExpression="attribute_not_exists(closed)",
            ExpressionAttributeNames={"#n": "n"},
            ExpressionAttributeValues={":zero": {"N": "0"}, ":one": {"N": "1"}},
        )

    return call


def each(times: int, call: Callable[[], None]) -> float:
    """The mean of the seconds that a call takes."""
    began = time.perf_counter()
    for _ in range(times):
        call()
    return (time.perf_counter() - began) / times


def report(steps: int, first: float, empty: float, medians: list[float]) -> None:
    execution, bare, own, update = medians
    step = (execution - empty) / (steps - 1)
    print(f"{steps} steps that do nothing, medians; ms for one step or call")
    print(f"  step through Step Functions     {step * 1000:6.1f}   {step / bare:.2f}x of a bare invoke")
    print(f"  whole execution, by its steps   {execution / steps * 1000:6.1f}   {execution / steps / bare:.2f}x")
    print(f"  bare invoke of a no-op function {bare * 1000:6.1f}   1.00x")
    print(f"  bare invoke of awsit's, no run  {own * 1000:6.1f}   {own / bare:.2f}x")
    print(f"  one conditional table write     {update * 1000:6.1f}   a step makes two")
    parts = {"function": own, "records": 2 * update, "states and the rest": step - own - 2 * update}
    print("  so a step is: " + ", ".join(f"{name} {seconds * 1000:.1f}" for name, seconds in parts.items()))
    fixed, cold = (empty - step) * 1000, (first - execution) * 1000
    print(f"fixed cost of an execution: {fixed:.0f} ms; a cold start on top: {cold:.0f} ms")


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]]
    main(*(numbers + [100, 3][len(numbers) :]))
