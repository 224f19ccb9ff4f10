from typing import Any

import pytest

from awsit.actions.registry import BY_TYPE
from awsit.model.action.abilities import Resumable, Resumptions
from awsit.model.action.protocol import Summary
from awsit.model.json import loads


def test_the_first_attempt_asks_to_be_called_again(bench: Any) -> None:
    assert bench.run("wait", loads('{"seconds": 2.5}')).resume_after_seconds == 2.5


def test_the_second_attempt_is_done(bench: Any) -> None:
    done = bench.run("wait", loads('{"seconds": 2.5}'), attempt=2)
    assert done.resume_after_seconds is None
    assert done.result == loads('{"waited_seconds": 2.5}')


def test_no_seconds_need_no_second_attempt(bench: Any) -> None:
    done = bench.run("wait", {"seconds": 0})
    assert (done.result, done.resume_after_seconds) == ({"waited_seconds": 0}, None)


@pytest.mark.parametrize("time", ["2030-01-01T00:01:30Z", "2030-01-01T02:01:30+02:00"])
def test_until_a_time_in_any_zone(bench: Any, time: str) -> None:
    assert bench.run("wait", {"until_time": time}).resume_after_seconds == 90


def test_a_time_in_the_past_does_not_wait(bench: Any) -> None:
    assert bench.run("wait", {"until_time": "2029-12-31T23:59:59Z"}).resume_after_seconds is None


def test_more_than_a_day_is_refused_with_the_way_out(bench: Any) -> None:
    error = bench.refused("wait", {"until_time": "2030-01-03T00:00:00Z"})
    assert "more than a day ahead" in error.message
    assert "schedule" in error.hint
    assert "must be at most 86400" in bench.refused("wait", {"seconds": 86_401}).message


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({}, "exactly one of `seconds` and `until_time`"),
        ({"seconds": 1, "until_time": "2030-01-01T00:00:00Z"}, "exactly one of `seconds` and `until_time`"),
        ({"seconds": -1}, "must be at least 0"),
        ({"seconds": "5"}, 'must be a number, not "5"'),
        ({"seconds": True}, "must be a number, not true"),
        ({"until_time": "tomorrow"}, "must be an ISO 8601 time"),
        ({"until_time": "2030-01-01T00:00:00"}, "must name its time zone"),
    ],
)
def test_wrong_params_are_told(bench: Any, params: Any, told: str) -> None:
    assert told in bench.refused("wait", params).message


def test_waiting_twice_is_safe() -> None:
    action = BY_TYPE["wait"]
    assert action.is_safe_to_repeat(action.params_model(seconds=1))


@pytest.mark.parametrize(
    ("params", "text", "seconds"),
    [
        ({"seconds": 5}, "5 s", 5),
        ({"seconds": "{{ vars.pause }}"}, "{{ vars.pause }} s", None),
        ({"until_time": "2030-01-01T00:00:00Z"}, "until 2030-01-01T00:00:00Z", None),
    ],
)
def test_what_is_known_of_a_wait_before_the_run(params: Any, text: str, seconds: float | None) -> None:
    action = BY_TYPE["wait"]
    assert action.summary(params) == Summary(text)
    assert isinstance(action, Resumable)
    assert action.resumptions(params) == Resumptions(1, seconds)
