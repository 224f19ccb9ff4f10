"""`awsit deploy`: create or update a stack."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from awsit.cli.lazy import ExampleCommand
from awsit.cli.options import connection, yes
from awsit.cli.session import Session
from awsit.config import Settings
from awsit.errors import UsageError

if TYPE_CHECKING:
    from awsit.aws.deployment.model import DeployOptions

EPILOG = """
awsit deploy --region eu-west-1
awsit deploy --parameter AllowedTableArns=arn:aws:dynamodb:eu-west-1:123456789012:table/orders
awsit deploy --template service/template.yaml --stack orders
awsit deploy --sandbox
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
@connection
@yes
@click.pass_obj
def command(
    session: Session,
    /,
    *,
    template: Path | None,
    parameters: tuple[str, ...],
    yes: bool,
    stack: str | None,
    **flags: str | bool | None,
) -> None:
    """Create the awsit stack, or bring it up to date; or do so with a stack of your own.

    Functions are packaged and uploaded, the changes made through a change set, each resource's progress is shown. A
    parameter that is not given keeps its value.
    """
    from awsit.cli.reports.deployment import show_deployment
    from awsit.cli.running.sandbox_ready import make_started

    if template and not stack:
        raise UsageError("--template needs the name of its stack", hint="add --stack NAME")
    settings = session.settings(stack=stack, **flags)
    options = _options(settings, template, parameters)
    if settings.sandbox:
        make_started(session, settings)
    elif not yes:
        _confirm(session, settings)
    show_deployment(session.wiring.deploy(settings, options), session.out, session.verbosity)


def _options(settings: Settings, template: Path | None, parameters: tuple[str, ...]) -> DeployOptions:
    from awsit.aws.deployment.model import DeployOptions
    from awsit.cli.options import pairs
    from awsit.cli.running.sandbox_ready import sandbox_options

    usual = DeployOptions(settings.state_folder / "cache")
    return replace(
        sandbox_options(settings) if settings.sandbox else usual,
        stack_name=settings.stack_name,
        template=template,
        parameters=pairs(parameters, "--parameter"),
    )


def _confirm(session: Session, settings: Settings) -> None:
    """Ask for confirmation at a terminal; a pipeline is not asked, since its author has decided already."""
    if not sys.stdin.isatty():
        return
    aws = session.wiring.aws(settings)
    click.confirm(
        f"Deploy the stack {settings.stack_name} to account {aws.account}, {aws.region}?", abort=True, err=True
    )
