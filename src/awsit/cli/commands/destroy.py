"""`awsit destroy`: remove a stack."""

from __future__ import annotations

import sys

import click

from awsit.cli.lazy import ExampleCommand
from awsit.cli.options import connection, yes
from awsit.cli.session import Session
from awsit.config import Settings
from awsit.errors import UsageError

EPILOG = """
awsit destroy
awsit destroy --stack orders --region eu-west-1 --yes
"""


@click.command("destroy", cls=ExampleCommand, epilog=EPILOG)
@click.option("--stack", metavar="NAME", help="The stack's name. Default: awsit.")
@connection
@yes
@click.pass_obj
def command(session: Session, /, yes: bool, **flags: str | bool | None) -> None:
    """Remove a stack, and everything that its buckets and tables hold.

    Asks before it does so. The bucket with the packages of all stacks of the region stays; the command that removes it
    is told.
    """
    from awsit.cli.reports.deployment import show_deployment
    from awsit.cli.running.remembered_stacks import forget

    settings = session.settings(**flags)
    if not yes:
        _confirm(session, settings)
    session.act()
    show_deployment(session.wiring.destroy(settings), session.out, session.verbosity)
    if settings.sandbox:
        forget(settings)


def _confirm(session: Session, settings: Settings) -> None:
    if not sys.stdin.isatty():
        raise UsageError("destroy asks before it removes anything, and nobody can answer here", hint="add --yes")
    aws = session.wiring.aws(settings)
    place = "the sandbox" if settings.sandbox else f"account {aws.account}, {aws.region}"
    question = f"Remove the stack {settings.stack_name} and all that it holds from {place}?"
    click.confirm(question, abort=True, err=True)
