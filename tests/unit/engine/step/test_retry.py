import pytest
from tests.unit.engine.world import World, answer

from awsit.engine.step.retry import look_delay, of_cleanup, poll_delay, retries, retry_delay
from awsit.errors import ActionError, ErrorKind
from awsit.model.plan import During, Retry, Until
from awsit.model.result import RunStatus, Status
from awsit.system.randomness import SeededRandomness

POLICY = Retry(max_attempts=5, interval_seconds=1, backoff_rate=2, max_delay_seconds=10, jitter=False)


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 10)])
def test_delays_double_up_to_the_cap(attempt: int, seconds: float) -> None:
    assert retry_delay(POLICY, attempt, SeededRandomness(), None) == seconds


def test_full_jitter_spreads_from_zero_to_the_delay() -> None:
    randomness = SeededRandomness(1)
    policy = Retry(max_attempts=9, interval_seconds=8, jitter=True)

    delays = [retry_delay(policy, 1, randomness, None) for _ in range(200)]

    assert 0 <= min(delays) < 1
    assert 7 < max(delays) <= 8


def test_what_the_service_asks_for_is_the_least_within_the_cap() -> None:
    assert retry_delay(POLICY, 1, SeededRandomness(), 5) == 5
    assert retry_delay(POLICY, 1, SeededRandomness(), 500) == 10


@pytest.mark.parametrize(
    ("retry_on", "names", "expected"),
    [
        ((), {"timeout"}, True),
        ((), {"service", "InternalError"}, False),
        ((), {"assertion", "503"}, True),
        ((), {"assertion", "404"}, False),
        (("404",), {"assertion", "404"}, True),
        (("404",), {"timeout"}, False),
        (("assertion",), {"assertion"}, True),
    ],
)
def test_only_what_the_policy_names_is_retried(retry_on: tuple[str, ...], names: set[str], expected: bool) -> None:
    assert retries(Retry(max_attempts=2, retry_on=retry_on), frozenset(names), 1) is expected


def test_the_last_attempt_is_the_last() -> None:
    assert not retries(Retry(max_attempts=2), frozenset({"timeout"}), 2)


def test_a_poll_keeps_its_interval_unless_told_otherwise() -> None:
    assert [poll_delay(Until(()), attempt) for attempt in (1, 2, 9)] == [1, 1, 1]
    assert poll_delay(Until((), backoff_rate=2, max_interval_seconds=5), 9) == 5


HOLD = """
name: hold
actions:
  - name: Look
    type: http_call
    params: {url: "https://x.test/orders"}
    during: {seconds: 3, assert: [{path: $.body, length: 1}]}
"""


def test_what_must_hold_is_looked_at_the_whole_time_and_when_it_is_over() -> None:
    world = World(*[answer(body=[1])] * 4)

    result = world.run(HOLD.replace("seconds: 3,", "seconds: 2.5,"))

    assert result.status is RunStatus.PASSED
    assert [each.status for each in result.steps[0].attempts] == [Status.PASSED] * 4
    assert world.clock.slept == [1, 1, 0.5]


def test_the_first_look_that_does_not_hold_ends_it_and_tells_what_was_seen_and_when() -> None:
    step = World(answer(body=[1]), answer(body=[1]), answer(body=[1, 2])).run(HOLD).steps[0]

    assert (step.status, len(step.attempts), step.duration_seconds) == (Status.FAILED, 3, 2.0)
    assert step.error
    assert step.error.code == "during"
    assert step.error.message.startswith("It did not hold for 3 s, but ended after 2.0 s: $.body")
    assert step.assertions[0].actual == [1, 2]
    first = World(answer(body=[1, 2])).run(HOLD).steps[0]
    assert first.error
    assert "at the first look" in first.error.message


def test_what_the_action_itself_expects_must_hold_at_every_look() -> None:
    step = World(answer(body=[1]), answer(503, body=[1])).run(HOLD).steps[0]

    assert (step.status, len(step.attempts)) == (Status.FAILED, 2)
    assert step.error
    assert (step.error.code, "after 1.0 s: " in step.error.message) == ("503", True)


def test_it_must_hold_from_when_a_poll_has_ended() -> None:
    text = HOLD + "    until: {assert: [{path: '$.body[0]', equals: 1}], timeout_seconds: 5}\n"
    world = World(*[answer(body=[0])] * 3, answer(body=[1]), *[answer(body=[2])] * 3)

    result = world.run(text)

    assert result.status is RunStatus.PASSED
    assert [each.status for each in result.steps[0].attempts] == [Status.FAILED] * 3 + [Status.PASSED] * 4
    assert sum(world.clock.slept) == 6


def test_a_violation_is_not_tried_again_but_an_error_of_a_look_is() -> None:
    text = HOLD + "    retry: {max_attempts: 2, interval_seconds: 0.5, jitter: false, retry_on: ['*']}\n"
    gone = ActionError("reset", kind=ErrorKind.CONNECTION)
    one = answer(body=[1])

    assert World(gone, one, gone, one, one, one).run(text).status is RunStatus.PASSED
    assert World(one, gone, gone).run(text).status is RunStatus.ERROR
    assert World(one, answer(body=[])).run(text).status is RunStatus.FAILED


def test_the_last_look_begins_when_the_time_is_over() -> None:
    during = During(10, (), 4)

    assert look_delay(during, 0, 0.5) == 4
    assert look_delay(during, 9, 0.4) == pytest.approx(0.6)
    assert look_delay(during, 9, 3) == 0
    assert look_delay(during, 9.9996, 0) is None


@pytest.mark.parametrize("own", [Retry(max_attempts=1, is_own=True), Retry(max_attempts=2), Retry(5, is_own=True)])
def test_a_clean_up_step_is_tried_as_often_as_its_own_retry_says(own: Retry) -> None:
    assert of_cleanup(own) is own
    assert of_cleanup(Retry()).max_attempts == 3


@pytest.mark.parametrize(
    ("named", "status", "again"),
    [("5xx", "500", True), ("5XX", "599", True), ("5xx", "404", False), ("4xx", "404", True), ("5xx", "5xx0", False)],
)
def test_a_class_of_statuses_is_retried(named: str, status: str, again: bool) -> None:
    policy = Retry(max_attempts=2, retry_on=("timeout", named))
    assert retries(policy, frozenset({"assertion", status}), 1) is again
