"""`awsit cleanup`: remove what runs left behind."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import click

from awsit.cli.lazy import ExampleCommand
from awsit.cli.options import installation, yes
from awsit.cli.session import Session
from awsit.errors import ExitCode, NotFoundError, UsageError

if TYPE_CHECKING:
    from awsit.cli.past_runs.source import RunSource
    from awsit.config import Settings

    OfOneRun = Callable[[Session, RunSource, str], bool]

EPILOG = """
awsit cleanup run-01J9ZK3M4N5P6Q7R8S9T0V1W2X
awsit cleanup run-01J9ZK3M4N5P6Q7R8S9T0V1W2X --stack awsit --dry-run
awsit cleanup --all
awsit cleanup run-01J9ZK3M4N5P6Q7R8S9T0V1W2X --forget
awsit cleanup --adopt
"""


@click.command("cleanup", cls=ExampleCommand, epilog=EPILOG)
@click.argument("reference", required=False, metavar="[ARN|RUN_ID]")
@click.option("--all", "everything", is_flag=True, help="Every run that was cut off or left something behind.")
@click.option("--dry-run", is_flag=True, help="Show what would be undone, and change nothing.")
@click.option("--forget", is_flag=True, help="Undo nothing: what is left has been seen to, and is told no more.")
@click.option("--adopt", is_flag=True, help="Take over what has no mark of this machine and user; undo nothing yet.")
@yes
@installation
@click.pass_obj
def command(
    session: Session,
    /,
    *,
    reference: str | None,
    everything: bool,
    dry_run: bool,
    forget: bool,
    **flags: str | bool | None,
) -> ExitCode:
    """Remove what runs left behind.

    Local runs are known by their journals in the state folder; runs in an account, where one is named, are finished by
    the state machine itself. A run that still goes on is never touched.

    What a person has removed by hand, or knows not to be there, is closed with --forget; with --all, of the runs
    whose clean-up was tried. It asks before it does so.

    A journal, or the list of what failed last, that another user or machine has written (it may come with a cloned
    repository), or a version before, is left alone until --adopt: of one run, or of all. It shows what they would undo.

    Exits with 0 when nothing is left, 5 when something is, or may be: with --all, while such a journal is left alone.
    """
    from awsit.cli.exit_codes import worst
    from awsit.cli.past_runs.sandbox_runs import sought_in_account
    from awsit.cli.references import check

    if flags.pop("adopt"):
        if dry_run or forget:
            raise UsageError("--adopt goes with neither --dry-run nor --forget", hint="adopt first: it undoes nothing")
        return _adopt(session, reference and check(reference), **flags)
    if bool(reference) == everything:
        raise UsageError("name one run, or give --all", hint="`awsit runs` shows what is left")
    is_sure = bool(flags.pop("yes"))
    settings = session.settings(**flags)
    foreign = session.wiring.local_runs(settings).foreign() if everything else []
    if foreign:
        session.say("what foreign journals tell of may be left: adopt those that are yours, and remove the others")
    change = partial(_forget, is_sure=is_sure, tried_only=everything) if forget else _undo
    one = _look if dry_run else change
    if one is _undo:
        session.act()
    if reference is None:
        runs = _uncleaned(session, settings, "that is known as yours " if foreign else "")
        codes = [_guarded(session, one, source, run, alone=False) for source, run in runs]
    else:
        with sought_in_account(settings, _same_again(dry_run=dry_run, forget=forget), check(reference)):
            source = _source_of(session.wiring.run_sources(settings, reference), reference)
            codes = [_guarded(session, one, source, reference, alone=True)]
    return worst({ExitCode.LEFT_BEHIND if foreign else ExitCode.PASSED, *codes})


def _same_again(**given: bool) -> str:
    """The command as it was given, but for the run."""
    return " ".join(["cleanup", *(f"--{name.replace('_', '-')}" for name, is_given in given.items() if is_given)])


def _uncleaned(session: Session, settings: Settings, kind: str) -> list[tuple[RunSource, str]]:
    """The runs that are to be cleaned up, with their sources; that there are none of a `kind` is told."""
    sources = session.wiring.run_sources(settings)
    runs = [(source, run_id) for source in sources for run_id in source.uncleaned()]
    for name in (name for source in sources for name in source.unread):
        session.say(f"{name} cannot be read and is left out")
    if not runs:
        session.say(f"nothing {kind}is left to be cleaned up")
    return runs


def _adopt(session: Session, reference: str | None, **flags: str | bool | None) -> ExitCode:
    """Have the foreign journals count as this user's, and show what each would undo."""
    from awsit.cli.exit_codes import worst
    from awsit.cli.past_runs.state_files import adopt_files
    from awsit.user_folders import marks

    flags.pop("yes")
    settings = session.settings(**flags)
    local = session.wiring.local_runs(settings)
    if reference and not local.left_something(reference):
        raise _left_nothing(reference)
    runs = [run for run in local.foreign() if reference in {None, run}]
    if runs:
        marks(session.variables).check_kept()
    one = partial(_adopt_run, local.adopt)
    adopted = [_guarded(session, one, local, run, alone=bool(reference)) for run in runs]
    files = [] if reference else adopt_files(settings)
    if not runs and not files:
        session.say("nothing here is foreign")
    for file in files:
        session.say(f"adopted {file}")
    return ExitCode.PASSED if {*adopted} <= {ExitCode.PASSED} else worst({ExitCode.ENVIRONMENT, *adopted})


def _adopt_run(adopt: Callable[[str], str], session: Session, source: RunSource, reference: str) -> bool:
    origin = adopt(reference)
    _look(session, source, reference)
    session.say(f"adopted {reference} ({origin or 'no region or profile of its own'}): awsit cleanup {reference}")
    return True


def _source_of(sources: Sequence[RunSource], reference: str) -> RunSource:
    """The source that can clean up a run. Raises NotFoundError when there is none."""
    source = next((source for source in sources if source.can_clean_up(reference)), None)
    if source is None:
        raise _left_nothing(reference)
    return source


def _left_nothing(reference: str) -> NotFoundError:
    return NotFoundError(
        f"{reference} left nothing on this machine",
        code="run_not_found",
        hint="of a run in an account or in the sandbox, name it: --stack, --state-machine-arn or --sandbox",
    )


def _guarded(session: Session, one: OfOneRun, source: RunSource, reference: str, *, alone: bool) -> ExitCode:
    """What `one` comes to for a run: whether anything is left of it, or a fault in awsit.

    An error is raised for a run that is `alone`; of one among several it is shown, and the others go on: a disk that
    takes no report must not keep what they made.
    """
    try:
        return ExitCode.PASSED if one(session, source, reference) else ExitCode.LEFT_BEHIND
    except click.exceptions.Abort:  # the person has answered with Ctrl-C
        raise
    except Exception as error:
        if alone:
            raise
        from awsit.cli.failures import show_one_of_several

        is_bug = show_one_of_several(error, session) == ExitCode.BUG
        return ExitCode.BUG if is_bug else ExitCode.LEFT_BEHIND


def can_answer() -> bool:
    """Whether a person sits at the terminal."""
    return sys.stdin.isatty()


def _look(session: Session, source: RunSource, reference: str) -> bool:
    from awsit.cli.reports.run_list import show_open

    result = source.as_it_stands(reference)
    show_open(result, session.out)
    return not result.cleanup.left_behind


def _undo(session: Session, source: RunSource, reference: str) -> bool:
    from awsit.cli.reports.run_list import show_cleaned, wait_words

    clock = session.wiring.clock()
    result = source.clean_up(reference, lambda look: session.say(wait_words(look, clock.now())))
    show_cleaned(result, session.out)
    return not result.cleanup.left_behind


def _forget(session: Session, source: RunSource, reference: str, *, is_sure: bool, tried_only: bool) -> bool:
    """Show what is left of a run, and forget it when the person is sure; True when nothing is left to be told."""
    from awsit.cli.reports.run_list import show_forgotten, show_open, was_tried

    result = source.as_it_stands(reference)
    left = len(result.cleanup.left_behind)
    if left or not result.cleanup.forgotten:
        if tried_only and not was_tried(result):
            show_open(result, session.out)
            session.say(f"{reference} is not forgotten: its clean-up was never tried (awsit cleanup {reference})")
            return False
        if left and not is_sure:
            show_open(result, session.out)
            if not can_answer():
                message = "--forget asks before it forgets anything, and nobody can answer here"
                raise UsageError(message, hint="add --yes")
            things = "what it left" if left == 1 else f"the {left} things that it left"
            if not click.confirm(f"Forget {things}?", err=True):
                return False
        result = source.forget(reference)
    show_forgotten(result, session.out)
    return True
