"""The sandbox with the real stack and the example service deployed to it, once in each test process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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
    """The awsit stack, in a sandbox or an account (`info` is None), and both engines on it."""

    info: SandboxInfo | None
    aws: AwsClients
    installation: Installation

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
        """The engine that runs in this process, with the same AWS."""
        services = Services(
            engine="local",
            store=MemoryRunStore(),
            http=Urllib3Transport(aws_endpoint=self.info.endpoint_url if self.info else ""),
            aws=self.aws,
            clock=SystemClock(),
            randomness=SystemRandomness(),
            secrets=AwsSecrets(self.aws),
            stacks=CloudFormationStacks(self.aws),
            files=DiskOrBucketFiles(lambda: BucketFiles(self.aws, self.installation.bucket)),
            aws_at=Places(self.aws),
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
    outside = {"PATH": os.environ["PATH"]}
    sandbox = Sandbox(folder, Urllib3Transport(), SystemClock(), SystemRandomness(), outside=outside, options=options)
    info = sandbox.start()
    patch = pytest.MonkeyPatch()
    try:
        for name, value in client_environment(info).items():
            patch.setenv(name, value)
        empty = Deployed(info, AwsClients(endpoint_url=info.endpoint_url), Installation("", "", "", "", "", ""))
        empty.install("awsit")
        installation = from_stack(empty.aws)
        with _interpreted(folder, installation, patch) as aws:
            yield Deployed(info, aws or empty.aws, installation)
    finally:
        patch.undo()
        sandbox.stop()


@contextmanager
def _interpreted(folder: Path, installation: Installation, patch: pytest.MonkeyPatch) -> Iterator[AwsClients | None]:
    """With `make truth`, clients for which another interpreter runs the state machine; else None."""
    if not beside.PYTHON:
        yield None
        return
    with beside.interpreter(folder, os.environ) as endpoint:
        arns = (installation.state_machine_arn, installation.suite_machine_arn)
        beside.lead_to(endpoint, arns, installation.function_name)
        patch.setenv(beside.ENDPOINT, endpoint)
        yield AwsClients()


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """The sandbox with the stacks `awsit` and `orders`."""
    with sandboxed(tmp_path_factory.mktemp("deployed")) as with_awsit:
        with_awsit.install("orders", ORDERS / "template.yaml")
        yield with_awsit
