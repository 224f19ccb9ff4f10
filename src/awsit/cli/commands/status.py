"""`awsit status`: a run as it is now."""

from __future__ import annotations

import click

from awsit.cli.lazy import ExampleCommand
from awsit.cli.options import as_json, installation, reference
from awsit.cli.session import Session

EPILOG = """
awsit status run-01J9ZK3M4N5P6Q7R8S9T0V1W2X
awsit status arn:aws:states:eu-west-1:123456789012:execution:awsit:run-01J9ZK3M4N5P6Q7R8S9T0V1W2X
awsit status run-01J9ZK3M4N5P6Q7R8S9T0V1W2X --stack awsit-dev --json
"""


@click.command("status", cls=ExampleCommand, epilog=EPILOG)
@reference
@installation
@as_json
@click.pass_obj
def command(session: Session, /, reference: str, as_json: bool, **flags: str | bool | None) -> None:
    """Show how far a run is: state, start, end, and the actions so far.

    A run is named by its run ID or by its execution's ARN; a finished local run by its run ID.
    """
    from awsit.cli.references import check, console_link
    from awsit.cli.reports import stored_report
    from awsit.model import json
    from awsit.model.codec import encode
    from awsit.reporting.status import show_snapshot

    settings = session.settings(**flags)
    check(reference)
    session.begin_run(reference.rsplit(":", 1)[-1])
    snapshot = stored_report(settings, reference) or session.wiring.remote_engine(settings, reference).snapshot(
        reference
    )
    link = "" if settings.sandbox else console_link(snapshot.execution_arn)
    if as_json:
        click.echo(json.dumps({**encode(snapshot), "console": link}, indent=2))
    else:
        show_snapshot(snapshot, session.out, link)
