"""`awsit cleanup`: remove what runs left behind."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from awsit.cli.lazy import ExampleCommand
from awsit.cli.options import installation
from awsit.cli.session import Session
from awsit.errors import AwsitError, ExitCode, UsageError

if TYPE_CHECKING:
    from awsit.cli.running.cleanup import Cleanup
    from awsit.model.result import RunResult

EPILOG = """
awsit cleanup run-01J9ZK3M4N5P6Q7R8S9T0V1W2X
awsit cleanup run-01J9ZK3M4N5P6Q7R8S9T0V1W2X --stack awsit --dry-run
awsit cleanup --all
"""


@click.command("cleanup", cls=ExampleCommand, epilog=EPILOG)
@click.argument("reference", required=False, metavar="[ARN|RUN_ID]")
@click.option("--all", "everything", is_flag=True, help="Every run that was cut off or left something behind.")
@click.option("--dry-run", is_flag=True, help="Show what would be undone, and change nothing.")
@installation
@click.pass_obj
def command(
    session: Session,
    /,
    *,
    reference: str | None,
    everything: bool,
    dry_run: bool,
    **flags: str | bool | None,
) -> ExitCode:
    """Remove what runs left behind.

    Local runs are known by their journals in the state folder; runs in an account, where one is named, are finished by
    the state machine itself. A run that still goes on is never touched.

    Exits with 0 when nothing is left, 5 when something is.
    """
    from awsit.cli.references import check
    from awsit.cli.running.cleanup import Cleanup

    if bool(reference) == everything:
        raise UsageError("name one run, or give --all", hint="`awsit runs` shows what is left")
    cleaning = Cleanup(session, session.settings(**flags))
    places = list(cleaning.everything()) if everything else [cleaning.named(check(reference or ""))]
    if not places:
        session.say("nothing is left to be cleaned up")
    clean = [_one(session, cleaning, place, dry_run=dry_run, alone=not everything) for place in places]
    return ExitCode.PASSED if all(clean) else ExitCode.LEFT_BEHIND


def _one(session: Session, cleaning: Cleanup, place: Path | str, *, dry_run: bool, alone: bool) -> bool:
    """Whether nothing of the run is left; among several, a failure of one is told and stops no other."""
    from awsit.cli.reports.run_list import show_cleaned, show_open
    from awsit.reporting.terminal.problems import print_error

    try:
        if dry_run:
            result: RunResult = cleaning.as_it_stands(place)
            show_open(result, session.out)
        else:
            result = cleaning.finish(place)
            show_cleaned(result, session.out)
    except AwsitError as error:
        if alone:
            raise
        print_error(session.err, error.message, error.hint)
        return False
    return not result.cleanup.left_behind
