"""Events as lines of JSON."""

import io
from typing import get_args

import pytest
from tests.unit.reporting.results import PASSED, events_of

from awsit.errors import EnvironmentFailure
from awsit.model import json
from awsit.model.codec import decode
from awsit.model.events import Event, StepAttempted
from awsit.model.result import Attempt, RunResult, Status
from awsit.reporting.events_file import EventsFile, line


class Followed(io.StringIO):
    """A file whose reader sees what was flushed."""

    seen = ""

    def flush(self):
        self.seen = self.getvalue() if not self.closed else self.seen


def written(events):
    stream = Followed()
    with EventsFile(stream) as file:
        for event in events:
            file.handle(event)
    return stream


def test_every_event_is_one_line_named_after_it():
    attempted = StepAttempted("run-1", 0, "actions", "Read", Attempt(1, "", 0.25, Status.FAILED, "a\nb", 1.5))
    lines = [json.loads(each) for each in written([*events_of(PASSED), attempted]).seen.splitlines()]
    names = [each["event"] for each in lines]
    assert names[:3] == ["run_started", "step_started", "step_finished"]
    assert names[-2:] == ["run_finished", "step_attempted"]
    assert len(set(names)) == len(get_args(Event))


def test_a_line_is_there_as_soon_as_it_was_written():
    stream = Followed()
    file = EventsFile(stream)
    for number, event in enumerate(events_of(PASSED), start=1):
        file.handle(event)
        assert stream.seen.count("\n") == number


def test_the_last_line_holds_the_whole_report():
    *_, last = events_of(PASSED)
    assert decode(RunResult, json.loads(line(last))["result"]).scenario == PASSED.scenario


def test_the_file_is_closed_however_it_ends():
    assert written([]).closed


class Full(io.StringIO):
    """A file on a disk that is full."""

    def flush(self):
        raise OSError(28, "No space left on device")


def test_an_event_that_cannot_be_written_raises_when_it_is_asked_for():
    with EventsFile(Full()) as file:
        for event in events_of(PASSED):
            file.handle(event)
    with pytest.raises(EnvironmentFailure, match="could not be written: No space left on device"):
        file.check()
