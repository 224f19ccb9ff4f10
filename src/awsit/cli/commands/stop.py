"""`awsit stop`: end a run before its time."""

from __future__ import annotations

import click

from awsit.cli.lazy import ExampleCommand
from awsit.cli.options import installation, reference
from awsit.cli.session import Session


@click.command("stop", cls=ExampleCommand, epilog="awsit stop run-01J9ZK3M4N5P6Q7R8S9T0V1W2X")
@reference
@click.option("--abort", is_flag=True, help="End the execution at once; the stack's rule cleans up after it.")
@installation
@click.pass_obj
def command(session: Session, /, reference: str, abort: bool, **flags: str | bool | None) -> None:
    """Stop a run.

    What is under way ends, nothing more begins, and what the run made is cleaned up in the account.
    """
    from awsit.cli.references import check

    settings = session.settings(**flags)
    check(reference)
    run_id = session.wiring.remote_engine(settings, reference).stop(reference, abort=abort)
    session.say(f"{run_id} is stopped; it cleans up now. awsit status {reference}")
