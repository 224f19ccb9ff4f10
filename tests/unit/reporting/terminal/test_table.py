"""Tables, on a terminal and in a pipe."""

import io

import pytest

from awsit.reporting.terminal.styled import StyledConsole
from awsit.reporting.terminal.table import Column, show_table
from awsit.reporting.terminal.terminal import Console
from awsit.reporting.terminal.text import Text, cell_len

RUN_ID = "run-01J9ZK3M4N5P6Q7R8S9T0V1W2X"
RUNS = (Column("RUN"), Column("STATUS"), Column("SCENARIO", flexible=True))
SERIES = (Column("SCENARIO", flexible=True), Column("RUNS", right=True))
LONG = "orders_are_confirmed_when_they_are_paid_by_invoice"


def shown(columns, rows, width, *, terminal=True):
    variables = {"COLUMNS": str(width), "LINES": "25", "TERM": "dumb", "TTY_COMPATIBLE": str(int(terminal))}
    kind = StyledConsole if terminal else Console
    console = kind(variables, file=io.StringIO())
    show_table(columns, [[Text(cell) for cell in row] for row in rows], console)
    return console.file.getvalue().splitlines()


def test_columns_are_as_wide_as_what_is_in_them():
    assert shown(RUNS, [(RUN_ID, "passed", "short"), (RUN_ID, "timed out", "注文")], 80) == [
        "RUN                             STATUS     SCENARIO",
        f"{RUN_ID}  passed     short",
        f"{RUN_ID}  timed out  注文",
    ]


@pytest.mark.parametrize("width", [40, 56, 60, 80])
def test_a_row_that_is_too_wide_is_broken_before_its_last_cell(width):
    lines = shown(RUNS, [(RUN_ID, "passed", LONG)], width)
    assert lines[-2:] == [f"{RUN_ID}  passed", f"    {LONG}"]


def test_columns_that_have_no_room_beside_the_others_stand_below_them():
    columns = (Column("RUN"), Column("STARTED"), Column("LEFT"), Column("SCENARIO", flexible=True))
    run = (RUN_ID, "2026-11-28 07:19", "nothing")
    first = f"{RUN_ID}  2026-11-28 07:19"
    head = "RUN                             STARTED"

    assert shown(columns, [(*run, "short")], 54) == [head, "    LEFT     SCENARIO", first, "    nothing  short"]
    assert shown(columns, [(*run, LONG)], 54)[3:] == [first, "    nothing", f"    {LONG}"]


def test_a_row_that_begins_with_a_long_cell_is_broken_behind_it():
    assert shown(SERIES, [("short", "1"), (LONG, "12")], 30) == [
        "SCENARIO                  RUNS",
        "short                        1",
        LONG,
        "                            12",
    ]


@pytest.mark.parametrize("text", [LONG, "注文" * 20])
def test_what_is_piped_has_a_line_for_each_row(text):
    (_, line) = shown(SERIES, [(text, "1")], 30, terminal=False)
    assert line.startswith(text)
    assert cell_len(line) == cell_len(text) + 2 + 4
