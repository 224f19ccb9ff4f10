"""Requests to stop a run that another process carries out."""

import os

import pytest

from awsit.cli.past_runs.stop_requests import PATIENCE_SECONDS, StopRequests, ask_to_stop
from awsit.errors import EnvironmentFailure
from awsit.system import file_lock
from awsit.system.clock import FakeClock

RUN = "run-01J9ZK3M4N5P6Q7R8S9T0V1W2X"


class Engine:
    name = "fake"

    def __init__(self, *, outlives_process=False):
        self.outlives_process = outlives_process
        self.stopped = []

    def stop(self, reference):
        self.stopped.append(reference)
        return reference


class ObeyingClock(FakeClock):
    """A clock with a process that looks for requests while one waits."""

    def __init__(self, requests):
        super().__init__()
        self.requests = requests

    def sleep(self, seconds):
        super().sleep(seconds)
        self.requests.obey([RUN])


@pytest.fixture
def held(tmp_path):
    journal = tmp_path / f"{RUN}.jsonl"
    descriptor = file_lock.acquire(journal)
    yield journal
    os.close(descriptor)


def test_the_run_that_is_meant_is_stopped_once(held):
    engine = Engine()
    assert ask_to_stop(held, ObeyingClock(StopRequests(engine, held.parent)))
    StopRequests(engine, held.parent).obey([RUN])
    assert engine.stopped == [RUN]


def test_runs_that_nobody_wants_stopped_go_on(held):
    engine = Engine()
    (held.parent / "run-other.stop").touch()
    StopRequests(engine, held.parent).obey([RUN])
    assert engine.stopped == []


def test_a_process_that_does_not_answer_is_told_of_and_no_request_stays(held):
    clock = FakeClock()
    with pytest.raises(EnvironmentFailure, match="does not answer") as failure:
        ask_to_stop(held, clock)
    assert "Ctrl-C" in failure.value.hint
    assert clock.monotonic() >= PATIENCE_SECONDS
    assert list(held.parent.iterdir()) == [held]


def test_a_run_that_is_over_is_not_asked(tmp_path):
    assert not ask_to_stop(tmp_path / f"{RUN}.jsonl", FakeClock())
    assert list(tmp_path.iterdir()) == []


def test_runs_in_an_account_have_no_requests_here(held):
    engine = Engine(outlives_process=True)
    held.with_suffix(".stop").touch()
    StopRequests(engine, held.parent).obey([RUN])
    assert engine.stopped == []
