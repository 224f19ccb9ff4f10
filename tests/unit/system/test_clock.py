"""The clocks, and what becomes of them when the clock of the machine is set."""

from datetime import UTC, datetime, timedelta

import pytest

from awsit.system.clock import SteadyClock, SystemClock


@pytest.mark.parametrize("hours", [-3, 3])
def test_a_steady_clock_goes_evenly_when_the_machine_s_is_set(monkeypatch, hours):
    clock = SteadyClock()
    before, started = clock.now(), SystemClock().monotonic()
    monkeypatch.setattr(SystemClock, "wall", lambda _: datetime.now(UTC) + timedelta(hours=hours))
    passed = (clock.now() - before).total_seconds()
    assert 0 <= passed <= SystemClock().monotonic() - started + 0.01
    assert abs((clock.wall() - before).total_seconds() - hours * 3600) < 60


def test_a_steady_clock_begins_at_the_time_of_the_machine():
    assert abs((SteadyClock().now() - SystemClock().now()).total_seconds()) < 60
