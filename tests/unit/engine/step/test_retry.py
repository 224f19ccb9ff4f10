import pytest

from awsit.engine.step.retry import poll_delay, retries, retry_delay
from awsit.model.plan import Retry, Until
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
