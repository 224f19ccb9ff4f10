"""The forecast of a suite, as `awsit plan --suite` shows it: a line for each number of runs."""

from __future__ import annotations

from awsit.forecast.suite import Projection, SuiteForecast
from awsit.model.text.counts import count
from awsit.quotas.account import AccountQuota
from awsit.quotas.catalogue import Amount
from awsit.reporting.terminal.plan import money, whole
from awsit.reporting.terminal.table import Column, show_table
from awsit.reporting.terminal.terminal import INDENT, Console, duration, show
from awsit.reporting.terminal.text import Text
from awsit.reporting.terminal.values import prose

_COLUMNS = (
    Column("RUNS", right=True),
    Column("TIME", right=True),
    Column("COST", right=True),
    Column("TRANSITIONS", right=True),
    Column("EVENTS", right=True),
    Column("CALLS", right=True),
    Column("HTTP", right=True),
    Column("BOUND BY", flexible=True),
)


def show_suite(forecast: SuiteForecast, console: Console) -> None:
    """Show the suite's own runs, then how many like them take how long, cost how much and what binds them."""
    title = Text(f"{count(len(forecast.scenarios), 'run')} of the suite, and others like them", style="bold")
    show(console, title.append(f"  ({forecast.at_once:,} at once at most, nothing was run)", style="dim"))
    show_table(_COLUMNS, map(_row, (forecast.own, *forecast.scaled)), console, len(INDENT))
    show(console)
    for quota in forecast.account_quotas or ():
        show(console, own_quota_words(quota))
    region = f"quotas of {forecast.region or 'a region that allows least'}"
    prices = f"prices of {forecast.price_region}, {forecast.prices_as_of}"
    worst = f"In the worst case the suite's own runs cost {money(forecast.most_dollars)}."
    for line in prose(f"{forecast.note} {worst} ({region}; {prices})", console.width):
        show(console, line)


def own_quota_words(quota: AccountQuota) -> str:
    """A quota of the account that is not the default, in one line."""
    amounts = (Amount(quota.value, quota.burst), Amount(quota.default_value, quota.default_burst))
    own, default = (f"{each.value:,.9g}{f' (burst {each.burst:,.9g})' if each.burst else ''}" for each in amounts)
    return f"{quota.name}: {own} {quota.unit} in this account, by default {default}"


def _row(projection: Projection) -> list[Text]:
    load = projection.load
    counts = (load.transitions, load.events, load.invocations, load.http_requests)
    texts = (whole(load.runs), duration(projection.seconds), money(load.dollars), *(whole(round(n)) for n in counts))
    return [*map(Text, texts), Text(projection.bound_by)]
