"""`awsit status`: a run as it is now."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import click

from awsit.cli.lazy import ExampleCommand
from awsit.cli.options import as_json, installation, reference_or_newest
from awsit.cli.session import Session
from awsit.errors import AwsitError
from awsit.records import replace

if TYPE_CHECKING:
    from awsit.config import Settings
    from awsit.model.run import RunSnapshot

EPILOG = """
awsit status
awsit status run-01J9ZK3M4N5P6Q7R8S9T0V1W2X
awsit status "$EXECUTION_ARN"
awsit status run-01J9ZK3M4N5P6Q7R8S9T0V1W2X --stack awsit-dev --json
"""


@click.command("status", cls=ExampleCommand, epilog=EPILOG)
@reference_or_newest
@installation
@as_json
@click.pass_obj
def command(session: Session, /, reference: str | None, as_json: bool, **flags: str | bool | None) -> None:
    """Show how far a run is: state, start, end, and the actions so far.

    A run is named by its run ID or by its execution's ARN; without one, it is the newest run. Of a suite in the
    account, named by its ID, it shows how many runs wait, go on and have ended, and what did not pass.
    """
    from awsit.cli.references import check, suite_of
    from awsit.cli.reports.lookup import named_or_newest
    from awsit.model import json
    from awsit.model.codec import encode
    from awsit.reporting.console_link import console_link

    settings = session.settings(**flags)
    reference = named_or_newest(session, settings, reference)
    if suite_id := suite_of(reference):
        _show_suite(session, settings, suite_id, reference, as_json=as_json)
        return
    check(reference)
    session.begin_run(reference.rsplit(":", 1)[-1])
    snapshot = _snapshot(session, settings, reference)
    if as_json:
        link = "" if settings.sandbox else console_link(snapshot.execution_arn)
        click.echo(json.dumps_visible({**encode(snapshot), "console": link}, indent=2))
    else:
        _show(session, settings, snapshot, reference)


def _snapshot(session: Session, settings: Settings, reference: str) -> RunSnapshot:
    """A run as it is now; one of an account that is not named, as the report of this machine has it."""
    from awsit.cli.past_runs import report_folder
    from awsit.cli.past_runs.sandbox_runs import sandbox_hint, sought_in_account

    found = session.wiring.local_runs(settings).snapshot(reference)
    if found is None and not settings.uses_step_functions:
        found = report_folder.snapshot(settings, reference, of_account=True)
        if found:
            hint = sandbox_hint(settings, "status", reference)
            asking = f"{hint} shows what" if hint else "With --stack or --sandbox, what"
            session.say(f"This is from its report. {asking} AWS has of it now{'' if hint else ' is shown'}.")
    if found:
        return found
    with sought_in_account(settings, "status", reference):
        return session.wiring.account_runs(settings, reference).snapshot(reference)


def _show_suite(session: Session, settings: Settings, suite_id: str, reference: str, *, as_json: bool) -> None:
    from awsit.cli.past_runs.sandbox_runs import sought_in_account
    from awsit.model import json
    from awsit.model.codec import encode
    from awsit.reporting.console_link import console_link
    from awsit.reporting.terminal.suite import show_suite

    with sought_in_account(settings, "status", reference):
        snapshot = session.wiring.suites(settings, reference).snapshot(suite_id)
    link = "" if settings.sandbox else console_link(snapshot.progress.execution_arn)
    if as_json:
        click.echo(json.dumps_visible({**encode(snapshot), "console": link}, indent=2))
    else:
        show_suite(snapshot, session.out, link)


def _show(session: Session, settings: Settings, snapshot: RunSnapshot, reference: str) -> None:
    from awsit.cli.reports.lookup import results_of
    from awsit.cli.running.failure_context import FailureContexts
    from awsit.model.result import RunStatus
    from awsit.reporting.console_link import console_link
    from awsit.reporting.failure_context import FailureContext
    from awsit.reporting.terminal.status import show_snapshot

    link = "" if settings.sandbox else console_link(snapshot.execution_arn)
    result, context = None, FailureContext(console_link=link)
    if snapshot.status is not RunStatus.RUNNING and snapshot.error is None:
        with suppress(AwsitError):  # one that ended without a report has its records to show
            (result,) = results_of(session, settings, [reference])
            context = replace(FailureContexts(session, settings).of(result), console_link=link)
    show_snapshot(snapshot, session.out, session.limits(), result, context)
