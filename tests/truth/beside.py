"""The sandbox with another interpreter of its state machine, whose Python is named by `TRUTH_PYTHON` (`make truth`)."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3

PYTHON = os.environ.get("TRUTH_PYTHON", "")
ENDPOINT = "AWS_ENDPOINT_URL_SFN"
"""botocore's variable for this one service, beside the `AWS_ENDPOINT_URL` of all others."""

LONGEST_START = 90.0

_READ_OTHERWISE = {
    '"ToleratedFailurePercentage": 100': '"ToleratedFailurePercentage": 100.0',
    '"Prefix.$": "$.results"': '"Prefix.$": "$$.Execution.Input.results"',
}


def as_localstack_reads(definition: str) -> str:
    """The definition of a state machine, with the same meaning to LocalStack's interpreter, which moto has too.

    Its grammar takes a percentage of failures for a number with a point. It reads the prefix of a map's results from
    the state's output; AWS from its input, as published state machines have it.
    """
    for field, same in _READ_OTHERWISE.items():
        definition = definition.replace(field, same)
    return definition


@contextmanager
def interpreter(folder: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """The endpoint of a server of Step Functions whose Lambda tasks run in the sandbox of this environment."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = folder / "interpreter.log"
    command = [PYTHON, str(Path(__file__).with_name("interpreter.py")), str(port), environment["AWS_ENDPOINT_URL"]]
    keys = {f"SANDBOX_{name}": environment[f"AWS_{name}"] for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY")}
    own = {"PATH": os.environ["PATH"], "HOME": str(folder), "TMPDIR": str(folder), **keys}
    with (
        log.open("wb") as output,
        subprocess.Popen(command, stdout=output, stderr=output, env=own, start_new_session=True) as server,
    ):
        try:
            endpoint = f"http://127.0.0.1:{port}"
            _wait_for(server, endpoint, environment, log)
            yield endpoint
        finally:
            os.killpg(server.pid, signal.SIGKILL)  # it does not end on SIGTERM


def lead_to(endpoint: str, arns: Iterable[str], function_name: str) -> None:
    """Create the sandbox's state machines in the interpreter, with the same ARNs, and have the function ask there."""
    session = boto3.Session()  # with the keys of this sandbox: the shared one keeps those of the first in this process
    for arn in arns:
        _copy_machine(session, endpoint, arn)
    function = session.client("lambda", endpoint_url=os.environ["AWS_ENDPOINT_URL"])
    variables = function.get_function_configuration(FunctionName=function_name)["Environment"]["Variables"]
    function.update_function_configuration(
        FunctionName=function_name, Environment={"Variables": {**variables, ENDPOINT: endpoint}}
    )


def copy_machines(stack: str) -> None:
    """Create the state machines of a test's own stack in the interpreter."""
    session, endpoint = boto3.Session(), os.environ[ENDPOINT]
    here, there = (
        {each["stateMachineArn"] for each in client.list_state_machines()["stateMachines"]}
        for client in _clients(session, endpoint)
    )
    for arn in here - there:
        if f":{stack}-" in arn:
            _copy_machine(session, endpoint, arn)


def _copy_machine(session: boto3.Session, endpoint: str, arn: str) -> None:
    own, interpreter = _clients(session, endpoint)
    machine = own.describe_state_machine(stateMachineArn=arn)
    same = {name: machine[name] for name in ("name", "roleArn", "type")}
    made = interpreter.create_state_machine(**same, definition=as_localstack_reads(machine["definition"]))
    assert made["stateMachineArn"] == arn, made["stateMachineArn"]


def _clients(session: boto3.Session, endpoint: str) -> tuple[Any, Any]:
    """The sandbox's Step Functions, and the interpreter's."""
    own = session.client("stepfunctions", endpoint_url=os.environ["AWS_ENDPOINT_URL"])
    return own, session.client("stepfunctions", endpoint_url=endpoint)


def _wait_for(server: subprocess.Popen[bytes], endpoint: str, environment: Mapping[str, str], log: Path) -> None:
    client: Any = boto3.client(
        "stepfunctions",
        endpoint_url=endpoint,
        region_name=environment["AWS_REGION"],
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
    )
    ends = time.monotonic() + LONGEST_START
    while True:
        try:
            client.list_state_machines()
        except Exception as error:
            if server.poll() is not None or time.monotonic() > ends:
                raise RuntimeError(log.read_text(encoding="utf-8", errors="replace")[-3000:]) from error
            time.sleep(0.2)
        else:
            return
