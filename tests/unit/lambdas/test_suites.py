"""How long a suite waits for the runs within its setups, whatever it waits for."""

from types import SimpleNamespace

import pytest

from awsit.lambdas import suites
from awsit.system.clock import FakeClock, iso


@pytest.mark.parametrize(("age", "delay"), [(0, 2), (7, 2), (40, 10), (10_000, 60)])
def test_the_longer_it_takes_the_less_often_it_is_looked_for(monkeypatch, age, delay):
    setup = SimpleNamespace(run_id="run-1", keep=False)
    looks = SimpleNamespace(held=lambda _: [setup], open_within=lambda *_: ["run-2"])
    monkeypatch.setattr(suites, "Setups", lambda *_: looks)
    clock = FakeClock()
    since = iso(clock.now())
    clock.sleep(age)
    host = SimpleNamespace(aws=None, store=None, services=SimpleNamespace(clock=clock))

    answer = suites.look_for_open_runs(host, {"suite": "suite-1", "since": since})

    assert answer == {"next": "wait", "delay_seconds": delay, "setups": []}
