"""The forecast of a run, as `awsit plan` shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from awsit.forecast.cost.stack import StackCost
from awsit.forecast.document import CostForecast, ExecutionForecast, Forecast, PlannedStep, Repeats, Span
from awsit.model.json import Json
from awsit.model.plan import Phase
from awsit.model.text.counts import count
from awsit.reporting.terminal.steps import HEADINGS, NAME_COLUMN, TYPE_COLUMN, column
from awsit.reporting.terminal.table import Column, show_table
from awsit.reporting.terminal.terminal import INDENT, Console, duration, plain, show
from awsit.reporting.terminal.text import Text, cell_len
from awsit.reporting.terminal.values import Limits, document, fields, prose
from awsit.suggestions import first_of

_CENT = 0.01
_MOST_NAMES = 6
"""Names of steps that are shown beside a resource."""


def show_forecast(forecast: Forecast, console: Console, verbosity: int = 0) -> None:
    """Show steps, clean-up, resources, permissions, execution, sizes and cost; with `verbosity` 1, prices too."""
    title = Text(plain(forecast.scenario), style="bold")
    counts = f"{count(len(forecast.steps), 'step')}, {count(len(forecast.cleanup), 'clean-up step')}"
    about = Text(f"{counts}, nothing was run", style="dim")
    show_table((Column(""), Column("", flexible=True)), [[title, about]], console)
    for line in [line for note in forecast.notes for line in prose(note, console.width - 2)]:
        show(console, f"{INDENT}{line}", style="yellow")
    if forecast.variables:
        limits = Limits(width=console.width, lines=4)
        room = console.width - 4 - max(map(len, forecast.variables))
        _section(
            "variables", ((name, document(value, room, limits)) for name, value in forecast.variables.items()), console
        )
    for phase, steps in groupby(forecast.steps, key=lambda step: step.phase):
        heading = HEADINGS.get(phase, plain(phase))
        _steps(
            f"{heading}, only when what they belong to fails" if phase == Phase.ON_FAILURE else heading, steps, console
        )
    if forecast.cleanup:
        _steps("clean-up, in this order, of what was tried", forecast.cleanup, console)
    _table("resources", _resources(forecast), console)
    _table("permissions", _permissions(forecast.policy), console)
    kind = ", compact" if forecast.execution.compact else ""
    _section(f"execution in Step Functions{kind}", _execution(forecast.execution), console)
    _section("sizes", ((size.name, [_size(size.bytes, size.limit)]) for size in forecast.sizes), console)
    _section("cost, estimated", _cost(forecast.cost, console.width, verbosity), console)


def show_stack_cost(cost: StackCost, console: Console) -> None:
    """Show what the stack costs in a month, idle and with runs, and what each part of it comes to."""
    show(console, f"The stack in a month ({cost.region}, prices of {cost.as_of})", style="bold")
    columns = (Column("", flexible=True), Column("IDLE", right=True), Column("WITH RUNS", right=True), Column("PRICE"))
    rows = [
        (each.name, _cents(each.idle), _cents(each.busy), f"${each.price:g} for {each.per:,}") for each in cost.items
    ]
    rows.append(("in all", _cents(cost.idle), _cents(cost.busy), ""))
    show_table(columns, (list(map(Text, row)) for row in rows), console, len(INDENT))
    show(console)
    runs = f"{count(cost.runs_an_hour, 'run')} an hour of {plain(first_of(cost.scenarios, _MOST_NAMES))}."
    missing = f" Not priced: {', '.join(cost.not_priced)}." if cost.not_priced else ""
    for line in prose(f"{runs} {cost.note}{missing}", console.width):
        show(console, line)


def _cents(dollars: float) -> str:
    return f"${dollars:,.2f}" if dollars == 0 or dollars >= _CENT else "< $0.01"


def _section(heading: str, rows: Iterable[tuple[str, list[str]]], console: Console) -> None:
    listed = list(rows)
    if listed:
        show(console)
        show(console, heading, style="bold")
        show(console, fields(listed, 2))


def _table(heading: str, rows: Iterable[tuple[str, list[str]]], console: Console) -> None:
    listed = [
        [Text(name if number == 0 else "", style="dim"), Text(line)]
        for name, lines in rows
        for number, line in enumerate(lines)
    ]
    if listed:
        show(console)
        show(console, heading, style="bold")
        show_table((Column(""), Column("", flexible=True)), listed, console, len(INDENT))


def _steps(heading: str, steps: Iterable[PlannedStep], console: Console) -> None:
    show(console)
    show(console, heading, style="bold")
    for step in steps:
        text = Text(f"{INDENT}{column(step.name, NAME_COLUMN)}")
        text.append(f" {column(step.type, TYPE_COLUMN)}", style="dim")
        touches = plain(step.touches)
        fits = text.cell_len + 1 + cell_len(touches) <= console.width or not console.is_terminal
        text.append(f" {touches}" if fits else "")
        text.rstrip()
        show(console, text)
        for line in (*(() if fits else (touches,)), *_details(step)):
            show(console, f"{INDENT * 3}{plain(line)}", style="dim")


def _details(step: PlannedStep) -> Iterator[str]:
    if step.branch:
        yield f"branch {step.branch}, side by side"
    yield from step.conditions
    if step.polls:
        yield f"polls: {_repeats(step.polls)}"
    if step.retries:
        yield f"retries: {_repeats(step.retries)}"
    if step.undone_by:
        yield f"undone by {', '.join(step.undone_by)}"
    if step.diagnosed_by:
        yield f"when it fails: {', '.join(step.diagnosed_by)}"


def _repeats(repeats: Repeats) -> str:
    return f"at most {count(repeats.attempts, 'attempt')}, {duration(repeats.seconds)}"


def _resources(forecast: Forecast) -> Iterator[tuple[str, list[str]]]:
    for kind, resources in groupby(forecast.resources, key=lambda resource: resource.kind):
        yield (
            kind.replace("_", " "),
            [f"{plain(each.name)}  ({plain(first_of(each.used_by, _MOST_NAMES))})" for each in resources],
        )


def _permissions(policy: Json) -> Iterator[tuple[str, list[str]]]:
    for statement in policy["Statement"]:
        for number, action in enumerate(statement["Action"]):
            yield action, [plain(resource) for resource in statement["Resource"]] if number == 0 else ["the same"]


def _execution(execution: ExecutionForecast) -> Iterator[tuple[str, list[str]]]:
    share = _span(execution.share, lambda value: f"{value:g}")
    yield "state transitions", [_span(execution.transitions, whole)]
    yield "events", [f"{_span(execution.events, whole)} of {execution.event_quota:,} ({share} %)"]
    yield "function calls", [_span(execution.invocations, whole)]
    longest = f"at most {duration(execution.seconds.worst)}, clean-up included"
    waiting = f"waits {duration(execution.seconds.best)} at least, " if execution.seconds.best else ""
    yield "time", [f"{waiting}{longest}"]


def _cost(cost: CostForecast, width: int, verbosity: int) -> Iterator[tuple[str, list[str]]]:
    yield "a run", [f"{_span(cost.dollars, money)} ({cost.region}, prices of {cost.as_of})"]
    if verbosity > 0:
        for item in cost.items:
            price = f"${item.price:g} for {item.per:,}, {item.source}"
            yield item.name, [f"{_span(item.quantity, whole)}: {_span(item.dollars, money)}  ({price})"]
    yield "", prose(cost.note, width - 12)


def _size(size: int, limit: int | None) -> str:
    return f"{size:,} bytes" if limit is None else f"{size:,} of {limit:,} bytes ({100 * size / limit:.1f} %)"


def _span(span: Span, written: Callable[[float], str]) -> str:
    best, worst = written(span.best), written(span.worst)
    return best if best == worst else f"{best} to {worst}"


def whole(number: float) -> str:
    """A count for people: `1,234`, with one digit of a part."""
    return f"{number:,.0f}" if number == int(number) else f"{number:,.1f}"


def money(dollars: float) -> str:
    """US dollars for people, with the more digits the fewer they are."""
    return f"${dollars:,.2f}" if dollars >= 1 else f"${dollars:.4f}" if dollars >= _CENT else f"${dollars:.6f}"
