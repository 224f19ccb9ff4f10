"""`awsit stop`: end a run before its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from awsit.cli.lazy import ExampleCommand
from awsit.cli.options import installation, reference
from awsit.cli.session import Session
from awsit.errors import UsageError

if TYPE_CHECKING:
    from awsit.cli.past_runs.local import LocalRuns


@click.command("stop", cls=ExampleCommand, epilog="awsit stop run-01J9ZK3M4N5P6Q7R8S9T0V1W2X")
@reference
@click.option("--abort", is_flag=True, help="End the execution at once; the stack's rule cleans up after it.")
@installation
@click.pass_obj
def command(session: Session, /, reference: str, abort: bool, **flags: str | bool | None) -> None:
    """Stop a run, or a suite in the account.

    What is under way ends, nothing more begins, and what the run made is cleaned up: in the account, or by the process
    of this machine that runs it.
    """
    from awsit.cli.past_runs.sandbox_runs import sought_in_account
    from awsit.cli.references import check, flags_of, name_later, suite_of
    from awsit.model.text.counts import count

    settings = session.settings(**flags)
    if suite_id := suite_of(reference):
        with sought_in_account(settings, "stop --abort" if abort else "stop", reference):
            stopped = session.wiring.suites(settings, reference).stop(suite_id, abort=abort)
        named = " ".join([suite_id, *flags_of(settings)])
        session.say(f"{suite_id} is stopped; {count(stopped, 'run')} went on and will clean up. awsit status {named}")
        return
    check(reference)
    local = session.wiring.local_runs(settings)
    if local.knows(reference):
        _stop_here(session, local, reference)
        return
    with sought_in_account(settings, "stop --abort" if abort else "stop", reference):
        run_id = session.wiring.remote_engine(settings, reference).stop(reference, abort=abort)
    session.say(f"{run_id} is stopped; it cleans up now. awsit status {name_later(settings, reference, '')}")


def _stop_here(session: Session, local: LocalRuns, reference: str) -> None:
    """Stop a run of this machine. Raises UsageError when it is over, or came to its end before it could be stopped."""
    from awsit.model.result import RunStatus

    if local.stop(reference):
        verdict = local.verdict(reference)
        if verdict not in {RunStatus.RUNNING, RunStatus.CANCELLED}:
            came_to = verdict.value.replace("_", " ")
            message = f"{reference} came to its end ({came_to}) before it could be stopped; its process cleans up"
            raise UsageError(message, hint=f"`awsit status {reference}` shows it")
        session.say(f"{reference} is stopped; its process cleans up now. awsit status {reference}")
        return
    left = f"`awsit cleanup {reference}` removes what it left"
    hint = left if local.left_something(reference) else f"`awsit status {reference}` shows it"
    raise UsageError(f"{reference} ran on this machine and is over", hint=hint)
