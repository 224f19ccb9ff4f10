"""Followers, whose looks share a pace."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.aws.fakes import FakeAws, client_error

from awsit.aws.stepfunctions.follower import LOOKS_PER_DESCRIBE, Follower, looks_of_all
from awsit.errors import EnvironmentFailure
from awsit.model.run import RunRequest, StartedRun
from awsit.quotas.catalogue import DESCRIBE_EXECUTION
from awsit.system.clock import FakeClock

ARN = "arn:aws:states:eu-central-1:123456789012:execution:flow:run-1"
RUN = StartedRun("run-1", ARN, RunRequest("run-1", "it", {}))


class NothingYet:
    """A store in which a run has no items."""

    def items(self, *_: Any) -> list[Any]:
        return []


@pytest.mark.parametrize(("followers", "first"), [(1, 0.12), (350, 1.0)])
def test_many_runs_side_by_side_are_looked_at_less_often(followers: int, first: float) -> None:
    clock, store = FakeClock(), NothingYet()
    looks = looks_of_all("eu-central-1", clock)
    for _ in range(followers - 1):
        looks.take()

    with pytest.raises(EnvironmentFailure):
        list(Follower(FakeAws(), store, clock, RUN, looks).events(wait_seconds=0.5))

    assert clock.slept[0] == pytest.approx(first)


def test_all_looks_together_describe_no_more_often_than_the_account_may() -> None:
    clock = FakeClock()
    looks = looks_of_all("eu-central-1", clock)
    number = 10_000
    for _ in range(number):
        clock.sleep(looks.take())

    described = number / LOOKS_PER_DESCRIBE
    quota = DESCRIBE_EXECUTION.amount("eu-central-1")
    assert described <= quota.burst + quota.value * clock.monotonic()
    assert clock.monotonic() == pytest.approx((number - quota.burst) / (quota.value * LOOKS_PER_DESCRIBE))


class Unseen:
    """Step Functions that shows no execution."""

    def __init__(self) -> None:
        self.looks = 0

    def describe_execution(self, **_: Any) -> Any:
        self.looks += 1
        raise client_error("ExecutionDoesNotExist", "Execution Does Not Exist")


def test_a_run_that_was_just_started_need_not_be_shown_at_once() -> None:
    clock, account = FakeClock(), Unseen()
    follower = Follower(FakeAws(stepfunctions=account), NothingYet(), clock, RUN, looks_of_all("eu-central-1", clock))

    with pytest.raises(EnvironmentFailure) as raised:
        list(follower.events())

    assert raised.value.code == "unknown_execution"
    assert account.looks > 1
    assert 30 < clock.monotonic() < 60
