"""`awsit runs`: what ran, what came out, what is left."""

from __future__ import annotations

import click

from awsit.cli.lazy import ExampleCommand
from awsit.cli.options import as_json, installation
from awsit.cli.session import Session

EPILOG = """
awsit runs
awsit runs --stack awsit --limit 50
awsit runs --sandbox --json
"""


@click.command("runs", cls=ExampleCommand, epilog=EPILOG)
@click.option(
    "--limit", type=click.IntRange(1, 1000), metavar="N", default=20, show_default=True, help="How many, newest first."
)
@installation
@as_json
@click.pass_obj
def command(session: Session, /, limit: int, as_json: bool, **flags: str | bool | None) -> None:
    """List the newest runs, with what is left of them.

    Local runs come from the state folder; runs in an account, where one is named, from its state machine.
    """
    from itertools import islice

    from awsit.cli.reports.run_list import show_runs
    from awsit.model import json
    from awsit.model.codec import encode

    settings = session.settings(**flags)
    sources = session.wiring.run_sources(settings)
    by_id = {run.run_id: run for source in sources for run in source.newest(limit)}
    runs = list(islice(sorted(by_id.values(), key=lambda run: run.started_at, reverse=True), limit))
    for name in (name for source in sources for name in source.unread):
        session.say(f"{name} cannot be read and is left out")
    if as_json:
        click.echo(json.dumps_visible([encode(run) for run in runs], indent=2))
    elif runs:
        show_runs(runs, session.out)
    else:
        session.say("no run is known here")
