"""Suites that the account runs by itself: when a command has one, and how it starts and leaves it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from awsit.cli.references import flags_of
from awsit.cli.selection.requested_run import WaitingRun
from awsit.cli.selection.suite_options import SuiteFlags
from awsit.cli.session import Session
from awsit.config import Settings
from awsit.errors import EnvironmentFailure, ExitCode, UsageError
from awsit.model import json
from awsit.model.text.counts import count

if TYPE_CHECKING:
    from awsit.aws.suites.follower import SuiteFollower

OLDER_STACK = "older_stack"
"""The code of the error of a stack that has no state machine for suites."""
FROM_RUNS = 50
"""From so many runs on, the account runs them by itself unless told otherwise."""
AT_ONCE, AT_ONCE_IN_SANDBOX = 20, 8
"""How many runs go on side by side where nobody says so. By default an account has 1,000 functions run at once."""


class StartedSuite(Struct, frozen=True):
    """A suite that was started, with what follows it. `execution_arn` is that of its own execution."""

    suite_id: str
    execution_arn: str
    follower: SuiteFollower


def start(session: Session, settings: Settings, runs: Sequence[WaitingRun], flags: SuiteFlags) -> StartedSuite | None:
    """Start the runs as a suite, and say so before; None for runs that this command shall start itself.

    Raises UsageError where the account was told to run them and cannot, InvalidInputError or EnvironmentFailure.
    """
    if not _is_suite(session, settings, runs, flags):
        return None
    from awsit.cli.running.planning import refuse_setups

    suite_id, setup_ids = session.wiring.suite_id(), {run.suite_run for run in runs if run.suite_run}
    setups = [run for run in runs if run.run_id in setup_ids]
    refuse_setups(setups)
    try:
        follower = session.wiring.suite_follower(settings, suite_id)
        if setup_ids:
            follower.suites.check_setups()
    except EnvironmentFailure as error:
        if _is_demanded(settings) or error.code != OLDER_STACK:
            raise
        _say_not_in_account(session, runs, error.message)
        return None
    usual = AT_ONCE_IN_SANDBOX if settings.sandbox else AT_ONCE
    at_once = settings.jobs if isinstance(settings.jobs, int) else usual
    _warn_of_throttling(session, follower, runs, at_once)
    if not settings.sandbox:
        _warn_of_low_quotas(session, follower)
    number = count(len(runs), "run")
    session.say(f"{suite_id}: the account makes {number} by itself, {at_once} at once (else: --no-in-account)")
    others = [run for run in runs if run.run_id not in setup_ids]
    arn = follower.suites.start(suite_id, others, at_once, setups)
    return StartedSuite(suite_id, arn, follower)


def _warn_of_throttling(session: Session, follower: SuiteFollower, runs: Sequence[WaitingRun], at_once: int) -> None:
    """Say when so many runs would call the function more often at once than it may go on."""
    from awsit.scenario.compile.concurrency import steps_at_once

    allowed = follower.suites.function_concurrency()
    branches = max(steps_at_once(run.request.document) for run in runs) if allowed else 1
    together = min(at_once, len(runs))
    calls = together * branches
    if not allowed or calls <= allowed.limit:
        return
    has, more = f"the account leaves it {allowed.limit}", "a higher quota (Service Quotas, Lambda, L-B99A9384)"
    if allowed.is_reserved:
        has, more = f"{allowed.limit} are reserved for it", f"awsit deploy --parameter ReservedConcurrency={calls}"
    each = f", of up to {branches} steps at once," if branches > 1 else ""
    session.say(
        f"warning: {count(together, 'run')}{each} may call the function {count(calls, 'time')} at once, and {has}: "
        "other calls are throttled, and wait\n"
        f"  hint: --jobs {max(1, allowed.limit // branches)}, or {more}"
    )


def _warn_of_low_quotas(session: Session, follower: SuiteFollower) -> None:
    """Say where the account has less than usual of what runs wait for, as new ones have of state transitions.

    Source: Step Functions Developer Guide, "Step Functions service quotas" ("New AWS accounts have reduced state
    transition quotas").
    """
    from awsit.quotas.catalogue import START_EXECUTION, STATE_TRANSITIONS
    from awsit.reporting.terminal.suite_plan import own_quota_words

    for quota in follower.suites.account_quotas().differences((START_EXECUTION, STATE_TRANSITIONS)):
        if quota.is_less:
            session.say(
                f"warning: {own_quota_words(quota)}\n  hint: `awsit plan --suite` tells how long that makes a suite"
            )


def _is_suite(session: Session, settings: Settings, runs: Sequence[WaitingRun], flags: SuiteFlags) -> bool:
    """Whether the account shall run these runs by itself. Raises UsageError where an option demands what it cannot."""
    against = _reason_against(settings, runs, flags)
    if against and _is_demanded(settings):
        message = f"the account cannot run them by itself: {against}"
        mend = "leave that out" if settings.uses_step_functions else "name a --stack or the --sandbox"
        raise UsageError(message, hint=f"{mend}, or give --no-in-account")
    is_wanted = len(runs) >= FROM_RUNS if settings.in_account is None else settings.in_account
    if not is_wanted or not settings.uses_step_functions:
        return False
    if against:
        _say_not_in_account(session, runs, against)
    return bool(runs) and not against


def _is_demanded(settings: Settings) -> bool:
    """Whether an option of the command says so; what `awsit.toml` says is for the suites that can be in the account."""
    return bool(settings.in_account) and "in_account" in settings.given_by_flags


def _say_not_in_account(session: Session, runs: Sequence[WaitingRun], reason: str) -> None:
    session.say(f"{count(len(runs), 'run is', 'runs are')} started from here, one by one: {reason}")


def _reason_against(settings: Settings, runs: Sequence[WaitingRun], flags: SuiteFlags) -> str:
    """Why the account cannot run them by itself; empty where it can."""
    if not settings.uses_step_functions:
        return "the engine `local` runs scenarios in this process"
    if flags.fail_fast:
        return "--fail-fast needs this command to begin each run"
    together = next((run for run in runs if run.concurrency), None)
    if together and together.concurrency:
        return f"{together.name} has the `concurrency` key `{together.concurrency.key}`, which this machine keeps apart"
    return ""


def show_started(
    session: Session, settings: Settings, suite: StartedSuite, requests: Sequence[WaitingRun], *, as_json: bool
) -> ExitCode:
    """Show a suite that nobody waits for."""
    if as_json:
        runs = [{"scenario": request.name, "run_id": request.run_id} for request in requests]
        document = {"suite_id": suite.suite_id, "execution_arn": suite.execution_arn, "runs": runs}
        click.echo(json.dumps_visible(document, indent=2))
        session.check_output()
        return ExitCode.PASSED
    click.echo(f"{suite.suite_id}\n  execution  {suite.execution_arn}")
    session.say("\n".join(_what_to_do(settings, suite.suite_id)))
    return ExitCode.PASSED


def say_how_to_go_on(settings: Settings, suite: StartedSuite) -> None:
    """Say that the suite goes on without this command, and how to look at it or stop it."""
    lines = ["", "Stopped watching. The suite goes on in Step Functions.", *_what_to_do(settings, suite.suite_id)]
    click.echo("\n".join([*lines, f"  execution  {suite.execution_arn}"]), err=True)


def _what_to_do(settings: Settings, suite_id: str) -> list[str]:
    named = " ".join([suite_id, *flags_of(settings)])
    return [
        f"  follow     awsit logs --follow {named}",
        f"  look       awsit status {named}",
        f"  report     awsit report {named}",
        f"  stop       awsit stop {named}",
    ]
