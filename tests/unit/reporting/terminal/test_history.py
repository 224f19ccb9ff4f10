"""Histories as bars and words."""

import io

import pytest

from awsit.history.series import series_of
from awsit.model.result import RunStatus
from awsit.model.run import HistoryEntry
from awsit.records import replace
from awsit.reporting.terminal.history import show_histories, show_history
from awsit.reporting.terminal.terminal import Console

ENTRY = HistoryEntry("run-1", "orders", RunStatus.PASSED, "local", "2030-01-01T00:00:00.000Z", 1.0, "ab" * 32)


def console(encoding: str = "utf-8") -> Console:
    page = io.TextIOWrapper(io.BytesIO(), encoding=encoding, write_through=True)
    return Console({"COLUMNS": "80"}, file=page)


def lasting(*seconds: float) -> list[HistoryEntry]:
    return [
        replace(ENTRY, run_id=f"run-{n}", started_at=f"2030-01-01T00:00:{n:02}.000Z", duration_seconds=each)
        for n, each in enumerate(seconds)
    ]


def shown(show, encoding, *seconds):
    page = console(encoding)
    (series,) = series_of(lasting(*seconds), 50)
    show(series, page) if show is show_history else show([series], page)
    return page.file.buffer.getvalue().decode(encoding)


@pytest.mark.parametrize("show", [show_history, show_histories])
def test_a_terminal_that_knows_only_ascii_is_sent_nothing_else(show):
    assert "orders" in shown(show, "ascii", 1.0, 2.0, 3.0)


def test_names_cannot_steer_the_terminal():
    page = console()
    (series,) = series_of([replace(ENTRY, scenario="a\x1b[31mb")], 50)
    show_history(series, page)
    assert b"\x1b" not in page.file.buffer.getvalue()
