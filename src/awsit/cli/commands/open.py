"""`awsit open`: pages of the AWS console."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from awsit.cli.lazy import ExampleCommand
from awsit.cli.options import installation
from awsit.cli.session import Session
from awsit.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from awsit.cli.past_runs.account import AccountRuns
    from awsit.config import Settings

EPILOG = """
awsit open run-01J9ZK3M4N5P6Q7R8S9T0V1W2X
awsit open trace run-01J9ZK3M4N5P6Q7R8S9T0V1W2X --stack awsit
awsit open dashboard --no-browser
"""

DASHBOARD, TRACE = "dashboard", "trace"


@click.command("open", cls=ExampleCommand, epilog=EPILOG)
@click.argument("page", metavar="RUN|dashboard|trace")
@click.argument("run", required=False, metavar="[RUN]")
@click.option(
    "--browser/--no-browser", default=None, help="Whether to open it; default: on a terminal. Never where CI is set."
)
@installation
@click.pass_obj
def command(session: Session, /, page: str, run: str | None, browser: bool | None, **flags: str | bool | None) -> None:
    """Print the link to a page of the AWS console, and open it in the browser.

    It is that of a run's execution, by run ID or ARN; with `trace` before it, of its X-Ray trace; or the stack's
    dashboard.
    """
    from awsit.reporting.terminal.terminal import is_ci

    if (page == TRACE) != (run is not None):
        raise UsageError(
            "a run is named with `trace`, and only with it", hint=f"for example: awsit open {TRACE} RUN_ID"
        )
    settings = session.settings(**flags)
    link = _dashboard(session, settings) if page == DASHBOARD else _of_run(session, settings, run or page, page)
    if not link:
        raise UsageError(
            "an emulated AWS has no console", hint="`awsit metrics` and `awsit status` show the same in the terminal"
        )
    click.echo(link)
    if not is_ci(session.variables) and (session.out.is_terminal if browser is None else browser):
        import webbrowser

        webbrowser.open(link)


def _dashboard(session: Session, settings: Settings) -> str:
    from awsit.cli.references import region_of
    from awsit.reporting.console_link import dashboard_link

    aws = session.wiring.aws(settings, region_of(settings.state_machine_arn))
    installation = session.wiring.installation(aws, settings)
    return dashboard_link(installation.state_machine_arn, installation.stack)


def _of_run(session: Session, settings: Settings, reference: str, page: str) -> str:
    """The page of a run, or of its trace."""
    from awsit.cli.past_runs.sandbox_runs import sought_in_account
    from awsit.cli.references import check
    from awsit.reporting.console_link import console_link

    check(reference)
    if session.wiring.local_runs(settings).knows(reference):
        raise UsageError(
            f"{reference} ran on this machine: the console has no page of it",
            hint=f"`awsit status {reference}` shows it",
        )
    with sought_in_account(settings, "status", reference):
        runs = session.wiring.account_runs(settings, reference)
        arn = runs.snapshot(reference).execution_arn
    return _trace(session, settings, runs, arn) if page == TRACE else console_link(arn)


def _trace(session: Session, settings: Settings, runs: AccountRuns, arn: str) -> str:
    """The trace of the execution, else the one that the calls of its run carried."""
    from awsit.aws.stepfunctions.executions import describe
    from awsit.cli.references import region_of
    from awsit.reporting.console_link import trace_link

    trace_id = describe(session.wiring.aws(settings, region_of(arn)), arn).trace_id
    if not trace_id and not settings.sandbox:
        trace_id = runs.report(arn).trace_id
        if not trace_id:
            hint = "X-Ray samples: one a second, and 5% of the others"
            raise NotFoundError("the execution was not traced", hint=hint)
    return trace_link(arn, trace_id)
