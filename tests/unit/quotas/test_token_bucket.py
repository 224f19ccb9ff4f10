"""Token buckets, by a clock that only the test moves."""

from __future__ import annotations

import pytest

from awsit.quotas.catalogue import Amount
from awsit.quotas.token_bucket import SLOWEST, TokenBucket
from awsit.system.clock import FakeClock

QUOTA = Amount(10, 5)


def waits(bucket: TokenBucket, calls: int) -> list[float]:
    return [round(bucket.take(), 3) for _ in range(calls)]


def test_a_burst_waits_for_nothing_and_the_next_come_one_by_one() -> None:
    bucket = TokenBucket(QUOTA, FakeClock())
    assert waits(bucket, 8) == [0, 0, 0, 0, 0, 0.1, 0.2, 0.3]


def test_no_more_calls_are_made_than_a_service_with_this_quota_takes() -> None:
    clock = FakeClock()
    bucket, service_tokens, at = TokenBucket(QUOTA, clock), 5.0, 0.0
    for _ in range(200):
        clock.sleep(bucket.take())
        service_tokens = min(5.0, service_tokens + (clock.monotonic() - at) * 10) - 1
        at = clock.monotonic()
        assert service_tokens > -0.001
    assert clock.monotonic() == pytest.approx((200 - 5) / 10)


def test_tokens_come_back_up_to_the_burst() -> None:
    clock = FakeClock()
    bucket = TokenBucket(QUOTA, clock)
    waits(bucket, 5)
    clock.sleep(60)
    assert waits(bucket, 6) == [0, 0, 0, 0, 0, 0.1]


def test_a_refusal_empties_the_bucket_and_halves_the_rate() -> None:
    bucket = TokenBucket(QUOTA, FakeClock())
    bucket.refused()
    assert waits(bucket, 3) == [0.2, 0.4, 0.6]


def test_a_service_that_refuses_everything_is_still_asked_now_and_then() -> None:
    bucket = TokenBucket(QUOTA, FakeClock())
    for _ in range(100):
        bucket.refused()
    assert bucket.take() == pytest.approx(1 / (10 * SLOWEST))


def test_the_rate_of_the_quota_comes_back_with_the_calls_that_are_taken() -> None:
    clock = FakeClock()
    bucket = TokenBucket(QUOTA, clock)
    for _ in range(10):
        bucket.refused()
    for _ in range(50):
        clock.sleep(bucket.take())
        bucket.accepted()
    before = clock.monotonic()
    for _ in range(10):
        clock.sleep(bucket.take())
    assert clock.monotonic() - before == pytest.approx(1, abs=0.2)


def test_a_quota_without_a_burst_lets_one_call_go_at_once() -> None:
    assert waits(TokenBucket(Amount(4), FakeClock()), 3) == [0, 0.25, 0.5]


@pytest.mark.parametrize(("quota", "expected"), [(Amount(20, 8), [0, 0, 0, 0.05]), (Amount(5, 2), [0.8, 1.0])])
def test_another_quota_holds_from_the_next_call_on(quota: Amount, expected: list[float]) -> None:
    bucket = TokenBucket(QUOTA, FakeClock())
    waits(bucket, 5)

    bucket.change(quota)

    assert waits(bucket, len(expected)) == expected
