"""Which console a stream gets, and that what is piped is what rich writes without styles."""

import io
import sys

import pytest
from rich.console import Console as RichConsole

from awsit.reporting.terminal.consoles import make_console
from awsit.reporting.terminal.styled import StyledConsole, as_rich
from awsit.reporting.terminal.terminal import Console, show
from awsit.reporting.terminal.text import Text


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("variables", "written"),
    [
        ({"TERM": "xterm"}, "\x1b[31mx\x1b[0m\n"),
        ({"TERM": "xterm", "NO_COLOR": "1"}, "x\n"),
        ({"TERM": "xterm", "CI": "true"}, "\x1b[31mx\x1b[0m\n"),
        ({"TERM": "dumb"}, "x\n"),
        ({"TERM": "xterm", "TTY_COMPATIBLE": "0"}, "x\n"),
    ],
)
def test_a_terminal_has_the_colours_that_it_can_show(monkeypatch, variables, written):
    monkeypatch.setattr(sys, "stdout", Terminal())
    show(make_console(variables), "x", style="red")
    assert sys.stdout.getvalue() == written


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [
        ({"TERM": "xterm"}, False),
        ({"FORCE_COLOR": "1", "TERM": "xterm"}, True),
        ({"TTY_COMPATIBLE": "1", "TERM": "xterm"}, True),
        ({"FORCE_COLOR": "", "TERM": "xterm"}, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
    ],
)
def test_what_is_piped_has_the_colours_that_the_environment_asks_for(capsys, variables, coloured):
    show(make_console(variables), "x", style="red")
    assert ("\x1b[31m" in capsys.readouterr().out) is coloured


def test_only_a_terminal_outside_of_ci_that_shows_colours_is_redrawn(monkeypatch):
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert make_console({"TERM": "xterm"}).live
    for variables in ({"TERM": "dumb"}, {"TERM": "xterm", "CI": "1"}, {"TERM": "xterm", "NO_COLOR": "1"}):
        assert make_console(variables).live is None
    assert make_console({"TERM": "xterm"}, color=False).live is None
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert make_console({"TERM": "xterm", "FORCE_COLOR": "1"}).live is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "an ARN " * 40,
        "two\nlines  ",
        "ends\n",
        "a\tb",
        "[bold]no markup[/] :smile: 1.5",
        "✓ 注文",
        "\x1b[31mred\u202e",
        "::add-mask::x\n ::error::y\n##[group]z",
    ],
)
def test_what_is_piped_is_what_rich_writes_without_styles(text):
    ours = Console({"COLUMNS": "40"}, file=io.StringIO())
    theirs = StyledConsole({"COLUMNS": "40", "FORCE_COLOR": ""}, file=io.StringIO())
    for console in (ours, theirs):
        show(console, text, style="bold red")
        show(console, Text("  ", style="dim").append(text, style="green"))
    assert ours.file.getvalue() == theirs.file.getvalue()


@pytest.mark.parametrize("variables", [{"COLUMNS": "40"}, {"COLUMNS": "wide"}, {}])
def test_what_is_piped_is_as_wide_as_rich_says(variables):
    assert Console(variables).width == RichConsole(_environ=variables, file=io.StringIO()).width


@pytest.mark.parametrize("columns", ["0", "²", "-1", "", "9" * 5000], ids=["0", "²", "-1", "none", "too many"])
def test_columns_that_are_no_width_are_as_if_nobody_had_said_so(columns):
    usual = Console({}).width
    for kind in (Console, StyledConsole):
        console = kind({"COLUMNS": columns, "FORCE_COLOR": "1", "TERM": "xterm"}, file=io.StringIO())
        show(console, "an ARN")
        assert console.width == usual
        assert "an ARN" in console.file.getvalue()


def test_a_text_that_is_wider_than_the_screen_is_left_to_it():
    console = StyledConsole({"COLUMNS": "10", "TERM": "xterm", "FORCE_COLOR": "1"}, file=io.StringIO())
    console.write(Text("arn:aws:states:" + "x" * 30))
    assert console.file.getvalue().count("\n") == 1
    assert as_rich(Text("a", style="bold")).style == "bold"
