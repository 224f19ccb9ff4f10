"""Runs in a list, and what is left of one, as tables and lines for people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from awsit.model.result import RunResult, RunStatus
from awsit.model.run import LastLook, RunSummary
from awsit.model.text.counts import count
from awsit.reporting.terminal.status import HELD
from awsit.reporting.terminal.summary import cleanup_words, show_left, show_left_behind
from awsit.reporting.terminal.table import Column, show_table
from awsit.reporting.terminal.terminal import Console, duration, plain, show, style_of
from awsit.reporting.terminal.text import Text
from awsit.reporting.terminal.values import Limits

NOTHING = "nothing"


def show_open(result: RunResult, console: Console) -> None:
    """What a clean-up would undo."""
    things = count(len(result.cleanup.left_behind), "thing")
    show(console, Text(f"{result.run_id}  {plain(result.scenario)}  {things} to undo", style="bold"))
    show_left_behind(result.cleanup, console, Limits())


def wait_words(look: LastLook, now: datetime) -> str:
    """What a clean-up waits for, and until when."""
    seconds = look.at - now.timestamp()
    until = (now + timedelta(seconds=seconds)).astimezone(UTC)
    why = f"{plain(' and '.join(look.actions))} had no answer, and may still take effect"
    return f"waiting for {duration(seconds)}, until {until:%H:%M:%S} UTC, before {plain(look.name)} looks again: {why}"


def show_cleaned(result: RunResult, console: Console) -> None:
    """What a clean-up came to."""
    left = result.cleanup.left_behind
    verdict = cleanup_words(result.cleanup) if left else "nothing is left"
    text = Text(f"{result.run_id}  {plain(result.scenario)}  ")
    show(console, text.append(verdict, style="yellow" if left else "green"))
    show_left_behind(result.cleanup, console, Limits())


def show_forgotten(result: RunResult, console: Console) -> None:
    """What is told no more of a run, because a person has seen to it."""
    forgotten = result.cleanup.forgotten
    words = f"{count(len(forgotten), 'thing')} forgotten" if forgotten else "nothing is left"
    text = Text(f"{result.run_id}  {plain(result.scenario)}  ")
    show(console, text.append(words, style="green"))
    show_left(forgotten, console, Limits())


def was_tried(result: RunResult) -> bool:
    """Whether every clean-up step of what is left has been tried."""
    tried = {step.name for step in result.cleanup.steps}
    return all(item.name in tried for item in result.cleanup.left_behind)


def show_runs(runs: Sequence[RunSummary], console: Console) -> None:
    """A line for each run: ID, status, start, what is left if anything is left of any run, scenario."""
    shows_left = any(left_of(run) not in {"", NOTHING} for run in runs)
    left = (Column("LEFT"),) if shows_left else ()
    columns = (Column("RUN"), Column("STATUS"), Column("STARTED"), *left, Column("SCENARIO", flexible=True))
    show_table(columns, (_row(run, shows_left=shows_left) for run in runs), console)


def _row(run: RunSummary, *, shows_left: bool) -> list[Text]:
    left = Text(left_of(run), style="" if run.left_behind == 0 else "yellow")
    return [
        Text(run.run_id),
        Text(run.status.value.replace("_", " "), style=style_of(run.status)),
        Text(run.started_at[:16].replace("T", " ")),
        *((left,) if shows_left else ()),
        Text(plain(run.scenario).replace("\n", " ")),
    ]


def left_of(run: RunSummary) -> str:
    """What is left of a run, in a word or two."""
    if run.is_held:
        return HELD
    if run.left_behind is None:
        return "" if run.status is RunStatus.RUNNING else "not cleaned up"
    return str(run.left_behind) if run.left_behind else NOTHING
