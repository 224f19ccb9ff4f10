"""`awsit metrics`: what CloudWatch has counted of a stack's runs."""

from __future__ import annotations

from datetime import timedelta

import click

from awsit.cli.lazy import ExampleCommand
from awsit.cli.options import as_json, installation, last
from awsit.cli.session import Session

EPILOG = """
awsit metrics
awsit metrics --last 7d --stack awsit
awsit metrics --sandbox --json
"""


@click.command("metrics", cls=ExampleCommand, epilog=EPILOG)
@last
@installation
@as_json
@click.pass_obj
def command(session: Session, /, last: timedelta, as_json: bool, **flags: str | bool | None) -> None:
    """Show what CloudWatch has counted of a stack's runs: verdicts, durations, quotas, and attempts by action type.

    The same figures are on the stack's dashboard: awsit open dashboard. Runs of this machine are among them where
    awsit run had --metrics.
    """
    from awsit.metrics.figures import MetricWindow, stack_figures
    from awsit.model import json
    from awsit.model.codec import encode
    from awsit.reporting.terminal.metrics import show_figures

    metrics = session.wiring.metrics(session.settings(**flags))
    window = MetricWindow.last(last, session.wiring.clock().now())
    types = session.wiring.actions()
    figures = stack_figures(
        metrics.stack, metrics.namespace, window, types, lambda queries: metrics.read(window, queries)
    )
    if as_json:
        click.echo(json.dumps_visible(encode(figures), indent=2))
    else:
        show_figures(figures, session.out)
