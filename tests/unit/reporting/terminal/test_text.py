"""Texts are what rich makes of the same calls."""

import pytest
from rich import text as rich_text
from rich.cells import cell_len as width_of
from rich.console import Console

from awsit.reporting.terminal.styled import as_rich
from awsit.reporting.terminal.text import Text, cell_len, without_tabs

WIDE, COMBINED = "注文", "e\u0301"


@pytest.mark.parametrize("text", ["", "order 7", "a\nb", "✓ passed", WIDE, COMBINED, "\x07"])
def test_a_text_is_as_wide_as_rich_says(text):
    assert cell_len(text) == width_of(text)


@pytest.mark.parametrize("text", ["a\tb", "\t", "\t\t", f"{WIDE}\tb", "1234567\tb\tc", "a\tb\n\tc", "no tab"])
def test_tabs_are_replaced_as_by_rich(text):
    lines = rich_text.Text(text).split(allow_blank=True)
    for line in lines:
        line.expand_tabs(8)
    assert without_tabs(text) == "\n".join(line.plain for line in lines)


def test_parts_have_their_styles_and_that_of_the_text():
    inner = Text("b", style="red").append("c", style="bold")
    made = Text("a", style="dim").append("-").append_text(inner)
    as_by_rich = rich_text.Text("a", style="dim").append("-")
    as_by_rich.append_text(rich_text.Text("b", style="red").append("c", style="bold"))

    assert made.plain == as_by_rich.plain
    console = Console(force_terminal=True, color_system="standard")
    assert list(as_rich(made).render(console)) == list(as_by_rich.render(console))


def test_the_space_at_the_end_is_removed_with_the_parts_that_have_nothing_else():
    text = Text("a ").append(" ", style="red").append("\n")
    text.rstrip()
    assert text.plain == "a"
    text = Text("  ")
    text.rstrip()
    assert not text


def test_a_text_is_padded_on_the_right():
    text = Text("a")
    text.pad_right(2)
    text.pad_right(0)
    assert (text.plain, text.cell_len) == ("a  ", 3)
