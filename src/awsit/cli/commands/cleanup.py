"""`awsit cleanup`: remove what runs left behind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from awsit.cli.lazy import ExampleCommand
from awsit.cli.options import installation
from awsit.cli.session import Session
from awsit.errors import AwsitError, ExitCode, NotFoundError, UsageError

if TYPE_CHECKING:
    from awsit.cli.past_runs.source import RunSource

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

    if bool(reference) == everything:
        raise UsageError("name one run, or give --all", hint="`awsit runs` shows what is left")
    settings = session.settings(**flags)
    if reference is None:
        sources = session.wiring.run_sources(settings)
        runs = [(source, run_id) for source in sources for run_id in source.uncleaned()]
    else:
        sources = session.wiring.run_sources(settings, check(reference))
        runs = [(_source_of(sources, reference), reference)]
    if not runs:
        session.say("nothing is left to be cleaned up")
    clean = [_one(session, source, run, dry_run=dry_run, alone=not everything) for source, run in runs]
    return ExitCode.PASSED if all(clean) else ExitCode.LEFT_BEHIND


def _source_of(sources: Sequence[RunSource], reference: str) -> RunSource:
    """The source that can clean up a run. Raises NotFoundError when there is none."""
    source = next((source for source in sources if source.can_clean_up(reference)), None)
    if source is None:
        raise NotFoundError(
            f"{reference} left nothing on this machine",
            code="run_not_found",
            hint="of a run in an account or in the sandbox, name it: --stack, --state-machine-arn or --sandbox",
        )
    return source


def _one(session: Session, source: RunSource, reference: str, *, dry_run: bool, alone: bool) -> bool:
    """Clean up one run and show what is left of it; returns whether that is nothing.

    An error is raised for a run that is `alone`; of one among several it is shown, and the others go on.
    """
    from awsit.cli.reports.run_list import show_cleaned, show_open
    from awsit.reporting.terminal.problems import print_error

    try:
        result = source.as_it_stands(reference) if dry_run else source.clean_up(reference)
    except AwsitError as error:
        if alone:
            raise
        print_error(session.err, error.message, error.hint)
        return False
    if dry_run:
        show_open(result, session.out)
    else:
        show_cleaned(result, session.out)
    return not result.cleanup.left_behind
