"""Bars in text."""

from __future__ import annotations

from collections.abc import Sequence

from awsit.reporting.terminal.terminal import Console, is_ascii

BARS, ASCII_BARS = "▁▂▃▄▅▆▇█", "_.-~=+*#"


def sparkline(values: Sequence[float], console: Console) -> str:
    """A bar for each value, its height in proportion to the largest of them."""
    bars = ASCII_BARS if is_ascii(console) else BARS
    largest = max(values, default=0.0) or 1.0
    return "".join(bars[round(value / largest * (len(bars) - 1))] for value in values)


def bar(share: float, width: int, console: Console) -> str:
    """A bar that lies, of a share of the width; at least one character of what is not nothing."""
    character = "#" if is_ascii(console) else "█"
    return character * max(round(share * width), int(share > 0))
