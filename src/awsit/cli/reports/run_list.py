"""Runs in a list, and what is left of one, for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from awsit.cli.interrupted_runs import is_lost, journal_folder
from awsit.config import LOCAL, Settings
from awsit.model.result import RunResult, RunStatus
from awsit.model.run import RunSummary
from awsit.reporting.terminal.steps import column
from awsit.reporting.terminal.summary import show_left_behind
from awsit.reporting.terminal.terminal import count, plain, show, style_of
from awsit.reporting.terminal.values import Limits
from awsit.system.file_lock import is_held

if TYPE_CHECKING:
    from pathlib import Path

    from awsit.engine.store.journals import Opened

ID_COLUMN, STATUS_COLUMN, TIME_COLUMN, LEFT_COLUMN = 31, 10, 20, 16


def show_open(result: RunResult, console: Console) -> None:
    """What a clean-up would undo."""
    things = count(len(result.cleanup.left_behind), "thing")
    show(console, Text(f"{result.run_id}  {plain(result.scenario)}  {things} to undo", style="bold"))
    show_left_behind(result.cleanup, console, Limits())


def show_cleaned(result: RunResult, console: Console) -> None:
    """What a clean-up came to."""
    left = len(result.cleanup.left_behind)
    told = f"{count(left, 'thing')} left behind" if left else "nothing is left"
    text = Text(f"{result.run_id}  {plain(result.scenario)}  ")
    show(console, text.append(told, style="yellow" if left else "green"))
    show_left_behind(result.cleanup, console, Limits())


def show_runs(runs: Iterable[RunSummary], console: Console) -> None:
    """One line a run: ID, status, start, what is left, scenario."""
    head = (("RUN", ID_COLUMN), ("STATUS", STATUS_COLUMN), ("STARTED", TIME_COLUMN), ("LEFT", LEFT_COLUMN))
    show(console, Text(" ".join(column(title, width) for title, width in head) + " SCENARIO", style="dim"))
    for run in runs:
        line = Text(column(run.run_id, ID_COLUMN) + " ")
        line.append(column(str(run.status), STATUS_COLUMN), style=style_of(run.status))
        line.append(f" {column(run.started_at[:19].replace('T', ' '), TIME_COLUMN)} ")
        line.append(column(left_of(run), LEFT_COLUMN), style="" if run.left_behind == 0 else "yellow")
        show(console, line.append(f" {plain(run.scenario)}"))


def left_of(run: RunSummary) -> str:
    """What is left of a run, in a word or two."""
    if run.left_behind is None:
        return "" if run.status is RunStatus.RUNNING else "not cleaned up"
    return str(run.left_behind) if run.left_behind else "nothing"


def local_runs(settings: Settings, limit: int) -> Iterator[RunSummary]:
    """The newest runs of this machine: those that left something, from their journals, and those with a report."""
    from awsit.engine.store import journals

    journal = {path.stem: path for path in journals.find(journal_folder(settings))}
    reports = {path.stem: path for path in settings.report_folder.glob("run-*.json")}
    for run_id in sorted({*journal, *reports}, reverse=True)[:limit]:
        summary = _of_journal(journal[run_id]) if run_id in journal else _of_report(reports[run_id])
        if summary is not None:
            yield summary


def _of_journal(path: Path) -> RunSummary | None:
    from awsit.engine.run.recover import open_entries
    from awsit.engine.store.journals import read_journal
    from awsit.errors import AwsitError

    try:
        journal: Opened = read_journal(path)
    except AwsitError:
        return None
    run = journal.store.run(journal.run_id)
    left = len(open_entries(journal.store, journal.run_id))
    if is_held(path):
        return RunSummary(run.run_id, run.scenario, LOCAL, RunStatus.RUNNING, run.started_at)
    status = RunStatus.ERROR if is_lost(path) and run.verdict is RunStatus.RUNNING else run.verdict
    return RunSummary(run.run_id, run.scenario, LOCAL, status, run.started_at, left)


def _of_report(path: Path) -> RunSummary | None:
    from awsit.model import json
    from awsit.model.codec import decode

    try:
        result = decode(RunResult, json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None
    left = len(result.cleanup.left_behind)
    return RunSummary(result.run_id, result.scenario, result.engine, result.status, result.started_at, left)
