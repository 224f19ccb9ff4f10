"""`awsit compare`: two runs side by side."""

from __future__ import annotations

import click

from awsit.cli import completion
from awsit.cli.lazy import ExampleCommand
from awsit.cli.options import as_json, installation
from awsit.cli.session import NORMAL, Session

WIDEST = 120

EPILOG = """
awsit compare run-01J9ZK3M4N5P6Q7R8S9T0V1W2X run-01J9ZM7C2T4K8P0QWEXN5B6R3D
awsit compare run-01J9ZK3M4N5P6Q7R8S9T0V1W2X run-01J9ZM7C2T4K8P0QWEXN5B6R3D --stack awsit --json
awsit compare before.json after.json -v
"""


@click.command("compare", cls=ExampleCommand, epilog=EPILOG)
@click.argument("before", metavar="RUN_ID|ARN|FILE", shell_complete=completion.files)
@click.argument("after", metavar="RUN_ID|ARN|FILE", shell_complete=completion.files)
@installation
@as_json
@click.pass_obj
def command(session: Session, /, before: str, after: str, as_json: bool, **flags: str | bool | None) -> None:
    """Show two runs side by side: verdicts, each step, assertions, and what differs in requests and responses.

    A run is named by its run ID or its execution's ARN, as for `awsit report`; a FILE is a report. IDs and times, which
    differ in any two runs, are left out; -v shows them too.

    Exits with 0 whatever is different, 2 to 4 when a run cannot be read.
    """
    from awsit.cli.reports.lookup import result_of
    from awsit.history.comparison import compare
    from awsit.model import json
    from awsit.model.codec import encode
    from awsit.reporting.terminal.comparison import show_comparison
    from awsit.reporting.terminal.values import Limits

    settings = session.settings(**flags)
    verbose = session.verbosity > NORMAL
    comparison = compare(result_of(session, settings, before), result_of(session, settings, after), noise=verbose)
    if as_json:
        click.echo(json.dumps_visible(encode(comparison), indent=2))
        return
    width = min(session.out.width, WIDEST)
    limits = Limits(width, lines=200, line_length=4000) if verbose else Limits(width, lines=6, line_length=300)
    show_comparison(comparison, session.out, limits, everything=verbose)
