"""`awsit logs`: what a run wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from awsit.cli.lazy import ExampleCommand
from awsit.cli.options import installation, reference
from awsit.cli.session import Session
from awsit.errors import UsageError

if TYPE_CHECKING:
    from awsit.aws.logs.line import LogLine

EPILOG = """
awsit logs run-01J9ZK3M4N5P6Q7R8S9T0V1W2X
awsit logs run-01J9ZK3M4N5P6Q7R8S9T0V1W2X --follow
awsit logs "$EXECUTION_ARN" --raw
"""


@click.command("logs", cls=ExampleCommand, epilog=EPILOG)
@reference
@installation
@click.option("--follow", "-f", is_flag=True, help="Go on until the run has ended.")
@click.option("--raw", is_flag=True, help="Each event and log record as a line of JSON.")
@click.pass_obj
def command(session: Session, /, reference: str, follow: bool, raw: bool, **flags: str | bool | None) -> None:
    """Show a run's execution history and its function's log lines, in order of time.

    A run of this machine has neither: awsit status shows its steps, also while it goes on.
    """
    from awsit.cli.references import check

    settings = session.settings(**flags)
    check(reference)
    if session.wiring.local_runs(settings).knows(reference):
        raise UsageError(
            f"{reference} ran on this machine: it has no execution and no function that writes logs",
            hint=f"`awsit status {reference}` shows its steps and the last log lines of the functions that it invoked",
        )
    session.begin_run(reference.rsplit(":", 1)[-1])
    lines = session.wiring.logs(settings, reference, follow=follow)
    try:
        for line in lines:
            _show(session, line, raw=raw)
    except KeyboardInterrupt:
        session.say("Stopped watching; the run goes on if it has not ended.")
        raise


def _show(session: Session, line: LogLine, *, raw: bool) -> None:
    from awsit.model import json

    if raw:
        document = {"at": line.at, "source": line.source, "event": line.raw}
        click.echo(json.dumps_visible(document))
        return
    from rich.text import Text

    from awsit.reporting.terminal.terminal import plain, show

    text = Text().append(line.at[11:23], style="dim")
    text.append(f"  {line.source:<8}  ", style="cyan" if line.source == "function" else "dim")
    text.append(plain(line.text))
    show(session.out, text)
