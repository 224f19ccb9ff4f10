"""`awsit logs`: what a run wrote, and what queries find in the logs of all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from awsit.cli.lazy import ExampleCommand
from awsit.cli.options import installation, last, reference_or_newest
from awsit.cli.session import Session
from awsit.errors import UsageError

if TYPE_CHECKING:
    from awsit.aws.logs.insights import Row
    from awsit.aws.logs.line import LogLine
    from awsit.aws.logs.queries import SavedQuery
    from awsit.config import Settings

EPILOG = """
awsit logs
awsit logs run-01J9ZK3M4N5P6Q7R8S9T0V1W2X
awsit logs run-01J9ZK3M4N5P6Q7R8S9T0V1W2X --follow
awsit logs run-01J9ZK3M4N5P6Q7R8S9T0V1W2X --errors
awsit logs "$EXECUTION_ARN" --raw
awsit logs --query slowest --last 7d
awsit logs --query failures --scenario order_is_stored
"""

_STYLES = {"history": "dim", "function": "cyan", "cli": "magenta"}


@click.command("logs", cls=ExampleCommand, epilog=EPILOG)
@reference_or_newest
@installation
@click.option("--follow", "-f", is_flag=True, help="Go on until the run has ended.")
@click.option("--errors", is_flag=True, help="Only lines that tell of errors.")
@click.option("--query", metavar="NAME", help="Run a query over all runs: failures, slowest, run, retries or flaky.")
@click.option("--scenario", metavar="NAME", help="The scenario that a query is about.")
@last
@click.option("--raw", is_flag=True, help="Each event, log record or row of a query as a line of JSON.")
@click.pass_obj
def command(  # noqa: PLR0913 - one parameter an option
    session: Session,
    /,
    *,
    reference: str | None,
    follow: bool,
    errors: bool,
    query: str | None,
    scenario: str | None,
    last: timedelta,
    raw: bool,
    **flags: str | bool | None,
) -> None:
    """Show the execution history of a run, or a suite, and the log lines of its function and of the CLI, by time.

    Without a run, it is the newest. The CLI's lines are those of awsit run --ship-logs. A run of this machine has
    neither history nor function: awsit status shows its steps, also while it goes on. With --query, what CloudWatch
    Logs Insights finds in all runs of the stack.
    """
    from awsit.cli.past_runs.sandbox_runs import sought_in_account
    from awsit.cli.reports.lookup import named_or_newest

    settings = session.settings(**flags)
    if query and (follow or errors):
        raise UsageError("--follow and --errors are about one run", hint="leave them out, or leave out --query")
    if scenario and not query:
        raise UsageError("--scenario is about a query", hint="add --query failures")
    if query:
        text = _text_of(query, reference, scenario)
        if settings.sandbox:
            session.say("Logs Insights of the sandbox does not filter: it shows when lines were written, of all runs.")
        rows = session.wiring.query(settings, text, last, reference or "")
        _show_rows(session, rows, raw=raw)
    else:
        reference = named_or_newest(session, settings, reference)
        with sought_in_account(settings, "logs --follow" if follow else "logs", reference):
            _show_all(session, _lines(session, settings, reference, follow=follow), errors=errors, raw=raw)


def _lines(session: Session, settings: Settings, reference: str, *, follow: bool) -> Iterator[LogLine]:
    from awsit.cli.references import check, suite_of

    if not suite_of(reference):
        check(reference)
    if session.wiring.local_runs(settings).knows(reference):
        raise UsageError(
            f"{reference} ran on this machine: it has no execution and no function that writes logs",
            hint=f"`awsit status {reference}` shows its steps and the last log lines of the functions that it invoked",
        )
    session.begin_run(reference.rsplit(":", 1)[-1])
    return session.wiring.logs(settings, reference, follow=follow)


def _show_all(session: Session, lines: Iterator[LogLine], *, errors: bool, raw: bool) -> None:
    is_any = False
    try:
        for line in lines:
            if line.is_error or not errors:
                _show(session, line, raw=raw)
                is_any = True
        if errors and not is_any:
            session.say("no line tells of an error")
    except KeyboardInterrupt:
        session.say("Stopped watching; the run goes on if it has not ended.")
        raise


def _show(session: Session, line: LogLine, *, raw: bool) -> None:
    from awsit.model import json

    if raw:
        document = {"at": line.at, "source": line.source, "event": line.raw}
        click.echo(json.dumps_visible(document))
        return
    from awsit.reporting.terminal.terminal import plain, show
    from awsit.reporting.terminal.text import Text

    text = Text().append(line.at[11:23], style="dim")
    text.append(f"  {line.source:<8}  ", style=_STYLES[line.source])
    text.append(plain(line.text))
    show(session.out, text)


def _text_of(name: str, reference: str | None, scenario: str | None) -> str:
    """The text of a query, with what it is about. Raises UsageError where the two do not fit."""
    from awsit.aws.logs.queries import RUN_ID, SCENARIO, query_named
    from awsit.cli.references import check

    query: SavedQuery = query_named(name)
    values = {each: value for each, value in ((RUN_ID, reference), (SCENARIO, scenario)) if value}
    if set(values) != ({query.needs} if query.needs else set()):
        about = {RUN_ID: "one run", SCENARIO: "one scenario"}.get(query.needs, "all runs")
        example = {RUN_ID: f"RUN_ID --query {name}", SCENARIO: f"--query {name} --scenario NAME"}
        usage = example.get(query.needs, f"--query {name}")
        raise UsageError(f"the query `{name}` is about {about}", hint=f"for example `awsit logs {usage}`")
    if reference:
        values[RUN_ID] = check(reference).rsplit(":", 1)[-1]
    return query.of(values.get(query.needs, ""))


def _show_rows(session: Session, rows: Sequence[Row], *, raw: bool) -> None:
    from awsit.model import json

    if raw:
        for row in rows:
            click.echo(json.dumps_visible(dict(row)))
        return
    if not rows:
        session.say("Nothing was found; --last 7d looks further back.")
        return
    from awsit.reporting.terminal.table import Column, show_table
    from awsit.reporting.terminal.terminal import plain
    from awsit.reporting.terminal.text import Text

    names = list(dict.fromkeys(name for row in rows for name in row))  # a row has no field that is empty in it
    columns = [Column(name, flexible=name == names[-1]) for name in names]
    show_table(columns, ([Text(plain(row.get(name, ""))) for name in names] for row in rows), session.out)
