"""Bars in text."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsit.reporting.terminal.sparkline import ASCII_BARS, BARS, bar, sparkline
from awsit.reporting.terminal.terminal import Console


def console(encoding: str = "utf-8") -> Console:
    return Console({}, file=io.TextIOWrapper(io.BytesIO(), encoding=encoding))


@pytest.mark.parametrize(("encoding", "bars"), [("utf-8", "▁▅█"), ("ascii", "_=#")])
def test_bars_are_as_high_as_the_values(encoding, bars):
    assert sparkline([0.0, 5.0, 10.0], console(encoding)) == bars


@given(values=st.lists(st.floats(0, 1e6), max_size=60), encoding=st.sampled_from(["utf-8", "ascii"]))
def test_a_larger_value_never_has_a_lower_bar(values, encoding):
    bars = BARS if encoding == "utf-8" else ASCII_BARS
    heights = [bars.index(drawn) for drawn in sparkline(values, console(encoding))]
    assert len(heights) == len(values)
    pairs = sorted(zip(values, heights, strict=True))
    assert [height for _, height in pairs] == sorted(heights)
    assert not any(values) or max(heights) == len(bars) - 1


@pytest.mark.parametrize(("share", "drawn"), [(0.0, ""), (0.001, "#"), (0.5, "#####"), (1.0, "##########")])
def test_a_share_is_a_part_of_the_width_and_seen_when_it_is_not_nothing(share, drawn):
    assert bar(share, 10, console("ascii")) == drawn
