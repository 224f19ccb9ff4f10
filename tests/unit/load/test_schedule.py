"""When the iterations of a load start."""

from __future__ import annotations

from itertools import pairwise

import pytest

from awsit.load.result import LoadRate
from awsit.load.schedule import number_of_starts, planned_rate, starts


def test_starts_come_evenly_and_none_at_the_end() -> None:
    assert list(starts(LoadRate(4, 1))) == [0, 0.25, 0.5, 0.75]


@pytest.mark.parametrize(
    ("load", "number"),
    [
        (LoadRate(20, 300), 6000),
        (LoadRate(20, 300, 60), 5400),
        (LoadRate(20, 60, 60), 600),
        (LoadRate(0.5, 1), 1),
        (LoadRate(0.1, 1, 1), 1),
        (LoadRate(1 / 60, 3600), 60),
        (LoadRate(1000, 86_400), 86_400_000),
    ],
)
def test_a_ramp_takes_half_of_what_its_time_would_have(load: LoadRate, number: int) -> None:
    assert number_of_starts(load) == number


@pytest.mark.parametrize(("seconds", "rate"), [(4, 7.5), (2, 5), (1, 3), (3, 20 / 3)])
def test_a_load_that_was_cut_off_is_compared_with_what_it_was_to_do_until_then(seconds: float, rate: float) -> None:
    assert planned_rate(LoadRate(10, 4, 2), seconds) == pytest.approx(rate)


def test_during_the_ramp_they_come_ever_faster_and_then_at_the_rate() -> None:
    times = list(starts(LoadRate(10, 4, 2)))
    assert len(times) == 30
    gaps = [after - before for before, after in pairwise(times)]
    assert gaps[:9] == sorted(gaps[:9], reverse=True)
    assert gaps[10:] == pytest.approx([0.1] * 19)
    assert times == sorted(times)
    assert times[-1] < 4
