"""`awsit deploy`: create or update a stack."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from awsit.cli.lazy import ExampleCommand
from awsit.cli.options import connection, enforce_policies, yes
from awsit.cli.session import Session
from awsit.config import Settings, environment
from awsit.errors import UsageError
from awsit.records import replace
from awsit.user_folders import user_cache_folder

if TYPE_CHECKING:
    from awsit.aws.deployment.model import DeployOptions

EPILOG = """
awsit deploy --region eu-west-1
awsit deploy --parameter AllowedTableArns=arn:aws:dynamodb:eu-west-1:123456789012:table/orders
awsit deploy --template service/template.yaml --stack orders
awsit deploy --print-policy > policy.json
awsit deploy --sandbox
awsit deploy --sandbox --template cdk.out/Orders.template.json --stack Orders
"""


@click.command("deploy", cls=ExampleCommand, epilog=EPILOG)
@click.option("--stack", metavar="NAME", help="The stack's name. Default: awsit.")
@click.option(
    "--template",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Deploy this template instead of awsit's own; needs --stack.",
)
@click.option("--parameter", "parameters", multiple=True, metavar="NAME=VALUE", help="Of the template; repeatable.")
@click.option("--allow-unsupported", is_flag=True, help="In the sandbox: go on without what it does not emulate.")
@click.option("--print-policy", is_flag=True, help="Print what a deployment must be allowed, and deploy nothing.")
@enforce_policies
@connection
@yes
@click.pass_obj
def command(  # noqa: PLR0913 - one parameter an option
    session: Session,
    /,
    *,
    template: Path | None,
    parameters: tuple[str, ...],
    allow_unsupported: bool,
    print_policy: bool,
    yes: bool,
    **flags: str | bool | None,
) -> None:
    """Create the awsit stack, or bring it up to date; or do so with a stack of your own.

    Functions are packaged and uploaded, those in Python with their dependencies; what `sam build`, `npm ci` or `cdk
    synth` has to build first is refused. The changes are made through a change set, each resource's progress is shown.
    A parameter that is not given keeps its value.
    """
    from awsit.cli.reports.deployment import show_deployment
    from awsit.cli.running.remembered_stacks import remember
    from awsit.cli.running.sandbox_ready import check_flags

    if print_policy and template:
        raise UsageError("--print-policy is about awsit's own stack", hint="leave out --template")
    if template and not flags["stack"]:
        raise UsageError("--template needs the name of its stack", hint="add --stack NAME")
    settings = session.settings(**flags)
    if allow_unsupported and not settings.sandbox:
        raise UsageError("--allow-unsupported is for a sandbox", hint="add --sandbox, or leave it out")
    check_flags(settings)
    if print_policy:
        _print_policy(session, settings)
        return
    options = _options(settings, template, parameters)
    if settings.sandbox:
        options = _to_sandbox(options, allow_unsupported=allow_unsupported)
    elif not yes:
        _confirm(session, settings)
    with _sandbox_of_its_own(session, settings):
        session.act()
        show_deployment(session.wiring.deploy(settings, options), session.out, session.verbosity)
    if settings.sandbox and template:
        remember(settings, template, options.parameters, allow_unsupported=allow_unsupported)


@contextmanager
def _sandbox_of_its_own(session: Session, settings: Settings) -> Iterator[None]:
    """The sandbox, started, to which no other command deploys meanwhile; nothing for an account."""
    from awsit.cli.running.sandbox_ready import make_started, one_at_a_time

    if not settings.sandbox:
        yield
        return
    with one_at_a_time(session, settings):
        make_started(session, settings)
        yield


def _print_policy(session: Session, settings: Settings) -> None:
    from awsit.model.json import dumps_visible

    click.echo(dumps_visible(session.wiring.deployer_policy(settings), indent=2))


def _options(settings: Settings, template: Path | None, parameters: tuple[str, ...]) -> DeployOptions:
    from awsit.aws.deployment.model import DeployOptions
    from awsit.cli.options import pairs

    return DeployOptions(
        cache_folder=user_cache_folder(environment()),
        stack_name=settings.stack_name,
        template=template,
        parameters=pairs(parameters, "--parameter"),
    )


def _to_sandbox(options: DeployOptions, *, allow_unsupported: bool) -> DeployOptions:
    """The same deployment to the sandbox, whose functions run with the packages that are installed here."""
    from awsit.cli.running.sandbox_ready import SANDBOX_PARAMETERS
    from awsit.sandbox.deployment.target import SandboxTarget

    parameters = options.parameters if options.template else {**SANDBOX_PARAMETERS, **options.parameters}
    return replace(options, parameters=parameters, dependencies=False, target=SandboxTarget(allow_unsupported))


def _confirm(session: Session, settings: Settings) -> None:
    """Ask for confirmation at a terminal; a pipeline is not asked, since its author has decided already."""
    if not sys.stdin.isatty():
        return
    aws = session.wiring.aws(settings)
    click.confirm(
        f"Deploy the stack {settings.stack_name} to account {aws.account}, {aws.region}?", abort=True, err=True
    )
