"""Where the acceptance runs: an account of whoever calls it, or the sandbox; with the stacks that it tries."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.conformance.world import STACK, TEMPLATE
from tests.deployed import ORDERS

from awsit.aws.client.clients import AwsClients
from awsit.http.transport import Urllib3Transport
from awsit.sandbox.info import client_environment
from awsit.sandbox.sandbox import Sandbox
from awsit.system.clock import SystemClock
from awsit.system.randomness import SystemRandomness

AWSIT = Path(sys.executable).with_name("awsit")
SERVICES = (
    "cloudformation",
    "dynamodb",
    "events",
    "iam",
    "lambda",
    "s3",
    "secretsmanager",
    "sns",
    "sqs",
    "ssm",
    "states",
)
STACKS = {"orders": ORDERS / "template.yaml", STACK: TEMPLATE}
"""The services under test, by the names that their scenarios use."""

POLICY = "awsit-accept-actions"


@dataclass(frozen=True)
class Place:
    """The stacks `awsit-accept`, `orders` and `conformance`, made by the command line as a person makes them."""

    aws: AwsClients
    environment: dict[str, str]
    folder: Path
    is_emulated: bool
    stack: str = "awsit-accept"
    made: list[str] = field(default_factory=list)

    @property
    def flags(self) -> tuple[str, ...]:
        """How a command is told of the place."""
        return ("--sandbox",) if self.is_emulated else ()

    def awsit(self, *arguments: object, code: int | None = 0) -> str:
        """The standard output of a command, which must end with this exit code, if one is given."""
        command = [str(AWSIT), *map(str, arguments), *self.flags]
        done = subprocess.run(
            command, env=self.environment, cwd=self.folder, capture_output=True, text=True, timeout=3600, check=False
        )
        if code is not None and done.returncode != code:
            raise AssertionError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
        return done.stdout


@contextmanager
def account(folder: Path) -> Iterator[Place]:
    """The account of whoever calls."""
    yield Place(AwsClients(), {**os.environ, "AWSIT_STATE_FOLDER": str(folder / "state")}, folder, is_emulated=False)


@contextmanager
def emulated(folder: Path) -> Iterator[Place]:
    """A sandbox of its own, whose variables this process has for as long."""
    state = folder / "state"
    outside = {"PATH": os.environ["PATH"]}
    sandbox = Sandbox(state, Urllib3Transport(), SystemClock(), SystemRandomness(), outside=outside)
    patch = pytest.MonkeyPatch()
    try:
        info = sandbox.start()
        for name, value in client_environment(info).items():
            patch.setenv(name, value)
        environment = {**outside, "HOME": str(folder), "AWSIT_STATE_FOLDER": str(state)}
        yield Place(AwsClients(endpoint_url=info.endpoint_url), environment, folder, is_emulated=True)
    finally:
        patch.undo()
        sandbox.stop()


@contextmanager
def deployed(place: Place) -> Iterator[None]:
    """The place with its stacks; at the end all of them are removed. Refuses to touch a stack that is there already."""
    aws = place.aws
    there = [name for name in (*STACKS, place.stack) if _exists(aws, name)]
    if there:
        raise SystemExit(f"{', '.join(there)} exists here already: choose an account or region without it")
    try:
        for name, template in STACKS.items():
            place.made.append(name)
            place.awsit("deploy", "--template", template, "--stack", name, *_yes(place))
        parameters = () if place.is_emulated else ("--parameter", f"ActionPolicyArns={_make_policy(aws)}")
        place.made.append(place.stack)
        place.awsit("deploy", "--stack", place.stack, *parameters, *_yes(place))
        yield
    finally:
        for name in reversed(place.made):
            place.awsit("destroy", "--stack", name, "--yes", code=None)
        _remove_policy(aws, place)


def _yes(place: Place) -> tuple[str, ...]:
    return () if place.is_emulated else ("--yes",)


def _exists(aws: AwsClients, name: str) -> bool:
    client = aws.client("cloudformation")
    try:
        client.describe_stacks(StackName=name)
    except client.exceptions.ClientError:
        return False
    return True


def _make_policy(aws: AwsClients) -> str:
    """A managed policy with which the function may do all that the scenarios here ask for."""
    allowed: dict[str, Any] = {"Effect": "Allow", "Action": [f"{name}:*" for name in SERVICES], "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    made = aws.client("iam").create_policy(PolicyName=POLICY, PolicyDocument=document)
    return str(made["Policy"]["Arn"])


def _remove_policy(aws: AwsClients, place: Place) -> None:
    if not place.is_emulated:
        aws.client("iam").delete_policy(PolicyArn=f"arn:{aws.partition}:iam::{aws.account}:policy/{POLICY}")
