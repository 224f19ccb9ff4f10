"""Flaky, slower than usual, median and percentiles of many runs."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsit.history.series import flaky_versions, percentile, series_of, slow_limit, slower_than_usual
from awsit.model.result import RunStatus
from awsit.model.run import HistoryEntry
from awsit.records import replace

LETTERS = {
    "p": RunStatus.PASSED,
    "f": RunStatus.FAILED,
    "e": RunStatus.ERROR,
    "t": RunStatus.TIMED_OUT,
    "c": RunStatus.CANCELLED,
}
SECONDS = st.floats(0.001, 1e5)
VERDICTS = st.text("pfetc", max_size=20)


def runs(letters: str, version: str = "v1", first: int = 0) -> list[HistoryEntry]:
    """A run for each letter, the oldest first."""
    return [
        HistoryEntry(f"run-{n:04}", "orders", LETTERS[letter], "local", f"2030-01-01T00:{n:02}:00.000Z", 1.0, version)
        for n, letter in enumerate(letters, start=first)
    ]


def lasting(*seconds: float) -> list[HistoryEntry]:
    return [
        replace(entry, duration_seconds=each) for entry, each in zip(runs("p" * len(seconds)), seconds, strict=True)
    ]


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ("ppp", None),
        ("fff", None),
        ("ppcpp", None),
        ("ppf", (2, 1, 1)),
        ("fpp", (2, 1, 1)),
        ("pfpfp", (3, 2, 4)),
        ("pept", None),
        ("pefpt", (2, 1, 2)),
        ("pcf", (1, 1, 1)),
        ("", None),
    ],
)
def test_flaky_is_a_version_that_passed_and_failed_on_a_check(letters, expected):
    found = flaky_versions(runs(letters))
    assert [(each.passed, each.failed, each.changes) for each in found] == ([expected] if expected else [])


def test_a_scenario_that_was_changed_between_is_not_flaky():
    assert flaky_versions(runs("fff", "v1") + runs("ppp", "v2", 3)) == ()
    assert [each.fingerprint for each in flaky_versions(runs("pf", "v1") + runs("fp", "v2", 2))] == ["v2", "v1"]


def test_runs_of_an_unknown_version_are_not_flaky():
    assert flaky_versions(runs("pfp", "")) == ()


@given(letters=VERDICTS)
def test_flaky_and_only_flaky_ones_have_both_verdicts(letters):
    assert bool(flaky_versions(runs(letters))) == ({"p", "f"} <= set(letters))


@given(letters=VERDICTS, data=st.data())
def test_a_series_does_not_depend_on_the_order_in_which_runs_are_read(letters, data):
    entries = runs(letters)
    shuffled = data.draw(st.permutations(entries))
    assert series_of(shuffled + shuffled[:3], 50) == series_of(entries, 50)


def test_a_series_is_of_the_newest_runs():
    (series,) = series_of(runs("fffpp"), 2)
    assert (series.runs, series.passed, series.failed) == (2, 2, 0)
    assert [entry.run_id for entry in series.entries] == ["run-0003", "run-0004"]


def test_durations_are_those_of_passed_runs_with_the_newest_engine():
    entries = lasting(1.0, 2.0, 3.0, 40.0)
    entries[3] = replace(entries[3], engine="stepfunctions")
    assert series_of(entries, 50)[0].median_seconds == 40.0
    assert series_of(entries[:3], 50)[0].median_seconds == 2.0
    assert series_of(runs("ff"), 50)[0].median_seconds is None


@given(values=st.lists(SECONDS, min_size=1, max_size=200), percent=st.floats(1, 100))
def test_a_percentile_is_one_of_the_values_with_that_share_below_or_at_it(values, percent):
    found = percentile(values, percent)
    assert found in values
    assert sum(each <= found for each in values) >= percent / 100 * len(values)
    assert sum(each < found for each in values) < percent / 100 * len(values)


@pytest.mark.parametrize(
    ("before", "newest", "is_slower"),
    [
        ([1.0] * 5, 1.6, True),
        ([1.0] * 5, 1.5, False),  # half a second is nothing
        ([1.0] * 4, 99.0, False),  # too few to say
        ([10.0] * 5, 12.1, True),  # more than a fifth
        ([10.0] * 5, 11.9, False),
        ([8.0, 9.0, 10.0, 11.0, 12.0], 14.0, False),  # within three robust deviations
        ([8.0, 9.0, 10.0, 11.0, 12.0], 14.5, True),
        ([1.0, 1.0, 1.0, 1.0, 1.0, 60.0], 5.0, True),  # one that was slow once does not hide it
    ],
)
def test_slower_than_usual(before, newest, is_slower):
    assert bool(slower_than_usual(lasting(*before, newest))) == is_slower


def test_only_a_newest_run_that_passed_can_be_slower_and_only_than_its_own_engine():
    entries = lasting(*[1.0] * 6, 50.0)
    assert slower_than_usual(entries)
    assert slower_than_usual([*entries[:6], replace(entries[6], status=RunStatus.FAILED)]) is None
    assert slower_than_usual([*entries[:6], replace(entries[6], engine="stepfunctions")]) is None
    assert slower_than_usual([]) is None


@given(values=st.lists(SECONDS, min_size=5, max_size=50))
def test_the_limit_is_above_the_median_and_grows_with_time_itself(values):
    assert slow_limit(values) >= statistics.median(values) + 0.5
    assert slow_limit([each + 10 for each in values]) >= slow_limit(values)
