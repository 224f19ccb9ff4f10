"""When a topic is told of a scheduled run, and what."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.unit.aws.fakes import FakeAws, client_error

from awsit.aws.standings import Standing, Standings
from awsit.errors import AwsitError
from awsit.lambdas.notifications import LONGEST_SUBJECT, Topic
from awsit.model.result import CleanupResult, CleanupVerdict, LeftBehind, RunResult, RunStatus, Status, StepResult
from awsit.records import replace
from awsit.system.clock import SystemClock

ARN = "arn:aws:sns:eu-west-1:123456789012:developers"


class Kept(Standings):
    """Standings in memory. `rival` is written between a read and the next change, as by a run that ends at once."""

    def __init__(self) -> None:
        self.by_schedule: dict[str, Standing] = {}
        self.rival: Standing | None = None

    def read(self, schedule: str) -> Standing:
        before = self.by_schedule.get(schedule, Standing())
        if self.rival:
            self.by_schedule[schedule] = self.rival
        return before

    def change(self, schedule: str, before: Standing, now: Standing, at: float) -> bool:
        if self.by_schedule.get(schedule, before).run_id != before.run_id:
            return False
        self.by_schedule[schedule] = now
        return True


class Sns:
    """An SNS that keeps what was published, unless it fails."""

    def __init__(self) -> None:
        self.published: list[dict[str, Any]] = []
        self.error: ClientError | None = None

    def publish(self, **message: Any) -> None:
        if self.error:
            raise self.error
        self.published.append(message)


@pytest.fixture
def sns() -> Sns:
    return Sns()


@pytest.fixture
def topic(sns: Sns) -> Topic:
    aws: Any = FakeAws(sns=sns)
    return Topic(aws, SystemClock(), ARN, Kept(), "awsit")


def run(number: int, *failing: str, status: RunStatus | None = None, left: tuple[str, ...] = ()) -> RunResult:
    at = f"2026-01-01T00:00:{number:02}.000Z"
    steps = tuple(StepResult(0, "actions", name, "http_call", Status.FAILED) for name in failing)
    status = status or (RunStatus.FAILED if failing else RunStatus.PASSED)
    kept = tuple(LeftBehind(name, "http_call", None, "refused", "") for name in left)
    cleanup = CleanupResult(CleanupVerdict.LEFT_BEHIND if kept else CleanupVerdict.CLEAN, left_behind=kept)
    return RunResult(f"run-{number}", "orders", status, "stepfunctions", at, at, 1.0, steps=steps, cleanup=cleanup)


def test_a_success_is_no_news(topic: Topic, sns: Sns) -> None:
    assert not topic.tell("orders", run(1))
    assert not topic.tell("orders", run(2))
    assert sns.published == []


def test_a_report_that_is_made_again_tells_once(topic: Topic, sns: Sns) -> None:
    failed = run(1, "Look")
    assert [topic.tell("orders", failed), topic.tell("orders", failed)] == [True, False]
    assert [each["Subject"] for each in sns.published] == ["awsit: orders fails"]


def test_of_two_runs_that_end_at_once_one_tells(topic: Topic, sns: Sns) -> None:
    kept: Any = topic.standings
    kept.rival = Standing("run-9", "2026-01-01T00:00:09.000Z", "another failure")
    assert not topic.tell("orders", run(1, "Look"))
    assert sns.published == []


def test_an_older_run_that_ends_later_is_no_news(topic: Topic) -> None:
    assert topic.tell("orders", run(2, "Look"))
    assert not topic.tell("orders", run(1))


@pytest.mark.parametrize("status", [RunStatus.CANCELLED, RunStatus.SKIPPED])
def test_a_run_that_somebody_stopped_is_no_news(topic: Topic, status: RunStatus) -> None:
    assert not topic.tell("orders", run(1, status=status))


def test_a_topic_that_cannot_be_told_is_told_by_the_next_run(topic: Topic, sns: Sns) -> None:
    sns.error = client_error("AuthorizationError", "no permission", "Publish")
    with pytest.raises(AwsitError, match=ARN):
        topic.tell("orders", run(1, "Look"))
    sns.error = None
    assert topic.tell("orders", run(2, "Look"))
    assert len(sns.published) == 1


def test_each_subscriber_gets_what_it_can_read(topic: Topic, sns: Sns) -> None:
    topic.tell("orders", run(1, "Look\x1b[31m", left=("Cancel",)))
    (message,) = sns.published
    texts = json.loads(message["Message"])
    assert (message["TopicArn"], message["MessageStructure"]) == (ARN, "json")
    assert texts["default"].splitlines() == [
        "awsit: orders fails",
        "",
        r"Look\x1b[31m: failed",
        "Left behind: Cancel",
        "Run: awsit status run-1 --stack awsit",
    ]
    assert json.loads(texts["https"])["content"]["title"] == "awsit: orders fails"
    document = json.loads(texts["sqs"])
    assert (document["run_id"], document["verdict"], document["left_behind"]) == ("run-1", "failed", ["Cancel"])
    assert texts["lambda"] == texts["sqs"]


def test_a_subject_is_no_longer_than_sns_takes(topic: Topic, sns: Sns) -> None:
    topic.tell("orders", replace(run(1, "Look"), scenario="a\n" * 200))
    subject = sns.published[0]["Subject"]
    assert len(subject) <= LONGEST_SUBJECT < 100
    assert subject.isprintable()
    assert subject.endswith(" fails")


def test_a_message_about_very_much_that_was_left_is_no_larger_than_sns_takes(topic: Topic, sns: Sns) -> None:
    topic.tell("orders", run(1, left=tuple(f"{number:080}" for number in range(2_000))))
    (message,) = sns.published
    assert len(message["Message"].encode()) < 256 * 1024
    assert len(json.loads(json.loads(message["Message"])["sqs"])["left_behind"]) == 100
