"""The sandbox as a run needs it: started, and with the awsit stack in it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from awsit.cli.running.sandbox_stacks import check_files, deploy_missing, deploy_templates
from awsit.cli.session import Session
from awsit.config import Settings, environment
from awsit.errors import EnvironmentFailure, SandboxError, UsageError
from awsit.user_folders import user_cache_folder

if TYPE_CHECKING:
    from awsit.aws.deployment.model import DeployOptions
    from awsit.sandbox.info import SandboxInfo

SANDBOX_PARAMETERS = {"Mocks": "true", "MocksConcurrency": "-1"}
"""Its account runs too few functions at once to reserve some."""
RUNS_AS_YOU = "What is deployed to it runs as you, on this machine, with your files and your network."
READY_WITHIN_SECONDS = 300.0
POLL_SECONDS = 0.2


@contextmanager
def one_at_a_time(session: Session, settings: Settings) -> Iterator[None]:
    """What starts or fills the sandbox, one process after the other: two would deploy the same stack at once.

    Raises SandboxError when another one has been at it for too long.
    """
    from awsit.sandbox import lease
    from awsit.system.files import make_own

    clock = session.wiring.clock()
    deadline = clock.monotonic() + READY_WITHIN_SECONDS
    make_own(settings.state_folder)
    while (held := lease.acquire(settings.state_folder / "sandbox.lock")) is None:
        if clock.monotonic() > deadline:
            raise SandboxError("another command has been making the sandbox ready for too long", hint="try again")
        clock.sleep(POLL_SECONDS)
    try:
        yield
    finally:
        os.close(held)


def check_flags(settings: Settings) -> None:
    """Raise UsageError for `--enforce-policies` without a sandbox, since an account enforces them always.

    And for `--compact` in this process, where nothing is paid for transitions.
    """
    if "compact" in settings.given_by_flags and not settings.uses_step_functions:
        raise UsageError("--compact is for Step Functions", hint="add --stack or --sandbox, or leave it out")
    if "enforce_policies" in settings.given_by_flags and not settings.sandbox:
        raise UsageError("--enforce-policies is for a sandbox", hint="add --sandbox, or leave it out")


def make_started(session: Session, settings: Settings) -> None:
    """Start the sandbox and deploy the project's templates to it, unless it runs, and say so."""
    from awsit.sandbox.info import check_policies

    sandbox = session.wiring.sandbox(settings)
    running = sandbox.status()
    if running:
        check_policies(running, enforce=settings.enforce_policies)
    else:
        check_files(settings.sandbox_templates)
        session.say("No sandbox is running: starting one ...")
        info = start(session, settings)
        session.say(f"The sandbox runs at {info.endpoint_url}; `awsit sandbox stop` ends it.")
        deploy_templates(session, settings, settings.sandbox_templates)


def start(session: Session, settings: Settings, port: int | None = None) -> SandboxInfo:
    """Start the sandbox unless it runs; say as whom its functions run, and what is not as it was in the last one."""
    sandbox = session.wiring.sandbox(settings)
    runs = sandbox.status() is not None
    usual = sandbox.usual_port
    info = sandbox.start(port)
    if usual and port is None and info.port != usual:
        session.say(f"Another program has port {usual}, the usual one: the sandbox has port {info.port} from now on.")
    if not runs:
        session.say(RUNS_AS_YOU)
        _say_what_is_gone(session, settings)
    return info


def _say_what_is_gone(session: Session, settings: Settings) -> None:
    from awsit.cli.past_runs.state_files import ForeignFileError
    from awsit.cli.running.remembered_stacks import deploy_commands

    try:
        commands = deploy_commands(settings)
    except ForeignFileError as error:
        session.say(f"{error.message}; {error.hint}")
        return
    if commands:
        lines = [
            "Your own stacks ended with the last sandbox. To have them again:",
            *(f"  {each}" for each in commands),
        ]
        session.say("\n".join(lines))


def make_ready(session: Session, settings: Settings) -> None:
    """Start the sandbox and deploy the project's templates and the awsit stack to it, unless they are there."""
    with one_at_a_time(session, settings):
        _make_ready(session, settings)


def _make_ready(session: Session, settings: Settings) -> None:
    make_started(session, settings)
    deploy_missing(session, settings)
    if not settings.uses_step_functions:
        return
    try:
        session.wiring.installation(session.wiring.aws(settings), settings)
    except EnvironmentFailure as failure:
        if failure.code != "stack_not_deployed" or settings.state_machine_arn:
            raise
        session.say(f"The stack {settings.stack_name} is not in the sandbox: deploying it ...")
        _consume(session.wiring.deploy(settings, sandbox_options(settings)))


def sandbox_options(settings: Settings) -> DeployOptions:
    """The options for awsit's own stack in a sandbox: its functions run with the packages that are installed here.

    It plays mocks: there they are not public, and cost nothing.
    """
    from awsit.aws.deployment.model import DeployOptions
    from awsit.sandbox.deployment.target import SandboxTarget

    cache = user_cache_folder(environment())
    return DeployOptions(
        cache, settings.stack_name, parameters=SANDBOX_PARAMETERS, dependencies=False, target=SandboxTarget()
    )


def _consume(events: Iterable[object]) -> None:
    for _ in events:
        pass
