"""Sandboxes with the real stack deployed to them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from tests.truth import beside

from awsit.aws.client.clients import AwsClients
from awsit.aws.client.places import Places
from awsit.aws.deployment.deploy import deploy
from awsit.aws.deployment.model import DeployOptions
from awsit.aws.installation import Installation, from_stack
from awsit.aws.scenario_files import BucketFiles, DiskOrBucketFiles
from awsit.aws.secrets import AwsSecrets
from awsit.aws.stacks import CloudFormationStacks
from awsit.aws.stepfunctions.engine import StepFunctionsEngine
from awsit.engine.local import LocalEngine
from awsit.engine.services import Services
from awsit.engine.store.memory import MemoryRunStore
from awsit.http.transport import Urllib3Transport
from awsit.sandbox.deployment.target import SandboxTarget
from awsit.sandbox.info import SandboxInfo, client_environment
from awsit.sandbox.sandbox import Sandbox
from awsit.sandbox.server import SandboxOptions
from awsit.system.clock import SystemClock
from awsit.system.randomness import SystemRandomness

ORDERS = Path(__file__).parents[1] / "examples" / "orders"


@dataclass(frozen=True)
class Deployed:
    """The awsit stack, in a sandbox or an account (`info` is None), and both engines on it.

    `variables` are those of the environment that lead a client to it.
    """

    info: SandboxInfo | None
    aws: AwsClients
    installation: Installation
    variables: Mapping[str, str] = field(default_factory=dict)

    @contextmanager
    def entered(self) -> Iterator[None]:
        """A block in which the environment of this process leads to it."""
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.variables.items():
                patch.setenv(name, value)
            yield

    def remote(self) -> StepFunctionsEngine:
        """The engine that runs in the state machine."""
        return StepFunctionsEngine(self.aws, self.installation, SystemClock())

    @property
    def sandbox(self) -> SandboxInfo:
        """The sandbox that it is in."""
        assert self.info
        return self.info

    def environment(self) -> dict[str, str]:
        """An environment for the command line that knows nothing but where the sandbox is."""
        folder = str(self.sandbox.state_folder)
        return {"PATH": os.environ["PATH"], "HOME": folder, "AWSIT_STATE_FOLDER": folder, **self._aws_variables()}

    def _aws_variables(self) -> dict[str, str]:
        if beside.PYTHON:  # `--sandbox` has one endpoint for all services
            elsewhere = {beside.ENDPOINT: os.environ[beside.ENDPOINT], "AWSIT_STACK": "awsit"}
            return {**client_environment(self.sandbox), **elsewhere}
        return {"AWSIT_SANDBOX": "true"}

    def local(self) -> LocalEngine:
        """The engine that runs in this process, with the AWS that the function has; `make truth` changes neither."""
        aws = AwsClients(endpoint_url=self.info.endpoint_url) if self.info else self.aws
        services = Services(
            engine="local",
            store=MemoryRunStore(),
            http=Urllib3Transport(aws_endpoint=self.info.endpoint_url if self.info else ""),
            aws=aws,
            clock=SystemClock(),
            randomness=SystemRandomness(),
            secrets=AwsSecrets(aws),
            stacks=CloudFormationStacks(aws),
            files=DiskOrBucketFiles(lambda: BucketFiles(aws, self.installation.bucket)),
            aws_at=Places(aws),
        )
        return LocalEngine(services)

    def install(self, stack: str, template: Path | None = None, **parameters: str) -> None:
        """Deploy a stack, as `awsit deploy --sandbox` does."""
        cache = self.sandbox.state_folder / "cache"
        options = DeployOptions(cache, stack, template, parameters, dependencies=False, target=SandboxTarget())
        for _ in deploy(self.aws, SystemClock(), options):
            pass
        if beside.ENDPOINT in os.environ and stack != "awsit":  # `lead_to` has led that one there
            beside.copy_machines(stack)


@contextmanager
def sandboxed(folder: Path, options: SandboxOptions | None = None) -> Iterator[Deployed]:
    """A sandbox with the stack `awsit`, in the environment of this process too; stopped at the end."""
    with started(folder, options) as made, made.entered():
        yield made


@contextmanager
def with_orders(folder: Path) -> Iterator[Deployed]:
    """A sandbox with the stacks `awsit` and `orders`; stopped at the end."""
    with started(folder) as made:
        with made.entered():
            made.install("orders", ORDERS / "template.yaml")
        yield made


@contextmanager
def started(folder: Path, options: SandboxOptions | None = None) -> Iterator[Deployed]:
    """A sandbox with the stack `awsit`; stopped at the end."""
    outside = {"PATH": os.environ["PATH"]}
    sandbox = Sandbox(folder, Urllib3Transport(), SystemClock(), SystemRandomness(), outside=outside, options=options)
    info = sandbox.start()
    try:
        nothing = Installation("", "", "", "", "", "")
        made = Deployed(info, AwsClients(endpoint_url=info.endpoint_url), nothing, client_environment(info))
        with made.entered():
            made.install("awsit")
            made = replace(made, installation=from_stack(made.aws))
        with _interpreted(folder, made) as led:
            yield led
    finally:
        sandbox.stop()


@contextmanager
def _interpreted(folder: Path, made: Deployed) -> Iterator[Deployed]:
    """With `make truth`, the sandbox with another interpreter of its state machine; else as it is."""
    if not beside.PYTHON:
        yield made
        return
    with ExitStack() as stack:
        with made.entered():
            endpoint = stack.enter_context(beside.interpreter(folder, os.environ))
            arns = (made.installation.state_machine_arn, made.installation.suite_machine_arn)
            beside.lead_to(endpoint, arns, made.installation.function_name)
        led = replace(made, variables={**made.variables, beside.ENDPOINT: endpoint})
        with led.entered():
            aws = AwsClients()
        yield replace(led, aws=aws)
