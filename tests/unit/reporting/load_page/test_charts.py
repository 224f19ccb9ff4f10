"""The charts of a load."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from tests.unit.reporting.loads import load

from awsit.records import replace
from awsit.reporting.load_page.charts import HEIGHT, WIDTH, starts_chart, times_chart

INTERVALS = load().intervals


def test_bars_are_as_high_as_what_was_to_start_and_stand_on_one_another() -> None:
    bars = [each for each in ET.fromstring(starts_chart(INTERVALS, 1)).iter("rect") if "bar" in each.attrib["class"]]
    heights = [(each.attrib["class"], float(each.attrib["height"])) for each in bars]
    passed, failed, later, dropped = heights
    assert [name for name, _ in heights] == ["bar-passed", "bar-failed", "bar-passed", "bar-dropped"]
    assert abs(passed[1] / failed[1] - 4) < 0.01
    assert abs(later[1] / dropped[1] - 2) < 0.01
    assert all(float(each.attrib["y"]) + float(each.attrib["height"]) < HEIGHT for each in bars)


def test_lines_have_a_point_for_each_interval_with_times() -> None:
    drawn = ET.fromstring(times_chart(INTERVALS, 1))
    points = {each.attrib["class"]: each.attrib["points"].split() for each in drawn.iter("polyline")}
    assert [len(set(each)) for each in points.values()] == [2, 2]
    assert all(0 < float(point.split(",")[0]) < WIDTH for each in points.values() for point in each)


def test_a_single_interval_is_drawn_as_a_dot() -> None:
    (line, _) = ET.fromstring(times_chart(INTERVALS[:1], 1)).iter("polyline")
    first, second = line.attrib["points"].split()
    assert first == second


def test_what_an_interruption_cut_off_is_no_success() -> None:
    interval = replace(INTERVALS[1], failed=0, dropped=0, cancelled=20)
    assert "bar-cancelled" in starts_chart([interval], 1)
    assert "bar-passed" not in starts_chart([interval], 1)


def test_a_load_without_an_interval_has_empty_charts() -> None:
    assert ET.fromstring(starts_chart((), 1)).tag == ET.fromstring(times_chart((), 1)).tag == "svg"
