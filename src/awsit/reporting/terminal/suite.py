"""The state of a suite in the account, as `awsit status` shows it."""

from __future__ import annotations

from collections import Counter

from awsit.model.result import RunStatus
from awsit.model.run import HistoryEntry, SuiteSnapshot
from awsit.reporting.terminal.table import Column, show_table
from awsit.reporting.terminal.terminal import Console, mark, plain, show, style_of
from awsit.reporting.terminal.text import Text
from awsit.reporting.terminal.values import fields
from awsit.suggestions import first_of

MOST_NAMED = 10
"""Runs that are under way and named."""


def show_suite(snapshot: SuiteSnapshot, console: Console, console_link: str = "") -> None:
    """Show how far a suite is: times, how many runs wait, go on and have ended, and those that did not pass cleanly."""
    progress, failed = snapshot.progress, [each for each in snapshot.ended if not _is_clean(each)]
    state = progress.status.lower().replace("_", " ")
    show(console, Text(plain(progress.suite_id), style="bold").append(f"  {plain(state)}", style="default"))
    rows = [
        ("started", progress.started_at),
        ("ended", progress.finished_at),
        ("runs", _counts(snapshot)),
        ("under way", first_of(progress.running, MOST_NAMED)),
        ("execution", progress.execution_arn),
        ("console", console_link),
    ]
    show(console, fields([(name, [plain(value)]) for name, value in rows if value], 2))
    if failed:
        show(console)
        columns = [Column("run"), Column("came to"), Column("scenario", flexible=True)]
        show_table(columns, (_row(each, console) for each in failed), console)


def _counts(snapshot: SuiteSnapshot) -> str:
    """Numbers of runs by what came of them, such as `12: 8 passed, 1 failed, 2 under way, 1 waiting`."""
    by_status = Counter(each.status.value.replace("_", " ") for each in snapshot.ended)
    left = sum(each.left_behind > 0 for each in snapshot.ended)
    others = snapshot.total - len(snapshot.ended)
    going_on = min(len(snapshot.progress.running), others)
    words = [f"{number} {status}" for status, number in by_status.most_common()]
    words += [f"{left} left something behind"] if left else []
    words += [f"{going_on} under way"] if going_on else []
    rest = others - going_on
    if rest:
        words.append(f"{rest} {'without a report' if snapshot.progress.is_over else 'waiting'}")
    return f"{snapshot.total}: {', '.join(words)}"


def _is_clean(entry: HistoryEntry) -> bool:
    return entry.status is RunStatus.PASSED and not entry.left_behind


def _row(entry: HistoryEntry, console: Console) -> list[Text]:
    words = entry.status.value.replace("_", " ") + (f", {entry.left_behind} left behind" if entry.left_behind else "")
    status = mark(entry.status, console).append(f" {words}", style=style_of(entry.status))
    return [Text(plain(entry.run_id)), status, Text(plain(entry.scenario))]
