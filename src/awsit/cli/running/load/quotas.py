"""What a load in the account comes to, said before it starts, and whether the account's quotas allow for it."""

from __future__ import annotations

from collections.abc import Sequence

from awsit.cli.running.load.result import rate_of
from awsit.cli.running.planning import Planner
from awsit.cli.selection.requested_run import WaitingRun
from awsit.cli.session import Session
from awsit.config import Settings
from awsit.errors import EnvironmentFailure
from awsit.forecast.load import Exceeded, Starts, load_forecast
from awsit.load.schedule import number_of_starts
from awsit.model.text.counts import count
from awsit.quotas.account import AccountQuotas
from awsit.reporting.terminal.plan import money
from awsit.scenario.schema.blocks.load import LoadSpec


def check_quotas(session: Session, settings: Settings, runs: Sequence[WaitingRun], spec: LoadSpec) -> None:
    """Say what the load comes to, and warn of calls of the function that are throttled.

    The sandbox costs nothing and has no quotas. Raises EnvironmentFailure where a quota is less than the rate needs.
    """
    suites, planner, rate = session.wiring.suites(settings), Planner(session, settings, offline=True), rate_of(spec)
    allowed = suites.function_concurrency()
    quotas = AccountQuotas() if settings.sandbox else suites.account_quotas()
    came_to = load_forecast(
        [planner.forecast(run) for run in runs],
        Starts(number_of_starts(rate), rate.rate, rate.seconds - rate.ramp_seconds),
        quotas,
        allowed.limit if allowed else None,
    )
    if not settings.sandbox:
        iterations = count(came_to.starts, "iteration comes", "iterations come", spec=",")
        transitions = count(came_to.transitions, "state transition", spec=",")
        session.say(f"{iterations} to {transitions} and some {money(came_to.dollars)} at list prices")
    for each in came_to.exceeded:
        if each.is_estimate:
            session.say(f"warning: {_needs(each)}: calls are throttled, and starts late\n  hint: {_hint(each)}")
        elif not settings.sandbox:
            raise EnvironmentFailure(_needs(each), code="load_quota", hint=_hint(each))


def _needs(each: Exceeded) -> str:
    return f"the load needs {each.needed:,.0f} {each.unit}, and the account has {each.allowed:,.0f} ({each.quota})"


def _hint(each: Exceeded) -> str:
    return f"--rate {max(1, int(each.rate))}/s, or a higher quota (Service Quotas)"
