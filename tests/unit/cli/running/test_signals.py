"""What signals do while runs go on."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from awsit.cli.running.signals import handle_interrupts


@pytest.fixture
def hangup(request: pytest.FixtureRequest) -> Iterator[signal.Handlers]:
    before = signal.signal(signal.SIGHUP, request.param)
    yield request.param
    signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("hangup", [signal.SIG_DFL], indirect=True)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_each_signal_interrupts_and_lets_the_run_clean_up(number, hangup):
    seen = []
    before = signal.getsignal(number)

    def interrupt() -> bool:
        seen.append("interrupted")
        return True

    with handle_interrupts(interrupt, lambda: seen.append("told")):
        assert signal.getsignal(number) is not before  # else the signal would end the tests
        signal.raise_signal(number)
    assert seen == ["interrupted", "told"]
    assert signal.getsignal(number) is before


@pytest.mark.parametrize("hangup", [signal.SIG_IGN], indirect=True)
def test_a_hangup_that_nohup_ignores_stays_ignored(hangup):
    seen = []
    with handle_interrupts(lambda: bool(seen.append("interrupted"))):
        signal.raise_signal(signal.SIGHUP)
    assert seen == []
