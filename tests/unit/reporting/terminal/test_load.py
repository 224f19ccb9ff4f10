"""A load on the terminal."""

from __future__ import annotations

import io

import pytest
from tests.unit.reporting.loads import load

from awsit.load.result import Iterations, LoadInterval, LoadRate
from awsit.records import replace
from awsit.reporting.terminal.load import progress_words, rate_words, show_load
from awsit.reporting.terminal.styled import StyledConsole
from awsit.reporting.terminal.terminal import Console


@pytest.mark.parametrize(("rate", "words"), [(1.0, "1 start a second"), (0.5, "0.5 starts a second")])
def test_a_rate_agrees_with_its_noun(rate: float, words: str) -> None:
    assert rate_words(LoadRate(rate, 60)).startswith(f"{words} for ")


@pytest.mark.parametrize("is_terminal", [True, False])
def test_it_fits_a_terminal_and_has_a_chart_only_there(is_terminal: bool) -> None:
    made = StyledConsole if is_terminal else Console
    console = made({"COLUMNS": "80", "TERM": "xterm", "FORCE_COLOR": "1", "NO_COLOR": "1"}, file=io.StringIO())
    show_load(load(), console)
    shown = console.file.getvalue()
    assert ("▁" in shown or "█" in shown) is is_terminal
    assert "20 starts a second for 3.0 s, of which the ramp takes 2.0 s" in shown
    assert "30 iterations of 40: 28 passed, 2 failed, 10 dropped; 10/s of 13.33/s" in shown
    assert "4 dropped since this machine was late" in shown
    assert "6 dropped while max_concurrency iterations went on" in shown
    assert "2 x Create  http_status  answered 500" in shown
    assert "p95_ms  at most 200, got 200.5" in shown
    table = [line for line in shown.splitlines() if line.startswith(("  whole", "    Create"))]
    assert all("200.5" in line and len(line) <= 80 for line in table)


def test_it_says_how_to_have_the_same_fake_data_again() -> None:
    made, console = load(), Console({}, file=io.StringIO())
    errors = tuple(replace(each, seed="a b:17") for each in made.errors)
    show_load(replace(made, seed="a b", errors=errors), console)
    shown = console.file.getvalue()
    assert "--seed 'a b' makes the same again" in shown
    assert "awsit run --seed 'a b:17'" in shown
    show_load(made, console)
    assert console.file.getvalue().count("--seed") == 2


def test_a_peak_is_seen_however_narrow_the_terminal_is() -> None:
    times = [LoadInterval(at, 1, 0, 0, 1, 100 if at == 33 else 1) for at in range(60)]
    console = StyledConsole({"COLUMNS": "40", "TERM": "xterm", "FORCE_COLOR": "1", "NO_COLOR": "1"}, file=io.StringIO())
    show_load(replace(load(), intervals=tuple(times)), console)
    (p95,) = (line for line in console.file.getvalue().splitlines() if line.startswith("  p95 "))
    assert p95.count("█") == 1
    assert len(p95) < 40


def test_progress_is_a_line() -> None:
    words = progress_words(2.04, LoadRate(20, 60), Iterations(40, 38, 30, 3, 0, 2), 5)
    assert words == "2.0 s of 1 m 00 s: 38 started, 5 under way, 3 failed, 2 dropped"
