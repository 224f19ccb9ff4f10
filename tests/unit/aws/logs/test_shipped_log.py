"""Lines that are sent to CloudWatch Logs, and what keeps them from it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from moto import mock_aws
from tests.measured import measured

from awsit.aws.logs import shipped_log
from awsit.aws.logs.shipped_log import ShippedLog

GROUP = "/awsit/awsit/cli"


@pytest.fixture
def logs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield boto3.client("logs", region_name="eu-west-1")


def ship(client: Any, *messages: str) -> ShippedLog:
    handler = ShippedLog(client, GROUP, "2030/01/01/abc", logging.Formatter("%(levelname)s %(message)s"))
    for message in messages:
        handler.handle(line(message))
    return handler


def line(message: str) -> logging.LogRecord:
    return logging.LogRecord("awsit.run", logging.INFO, "", 0, message, (), None)


def test_lines_arrive_in_a_new_stream_of_the_group(logs: Any) -> None:
    logs.create_log_group(logGroupName=GROUP)
    handler = ship(logs, "one", "two")
    handler.close()

    events = logs.get_log_events(logGroupName=GROUP, logStreamName="2030/01/01/abc")["events"]
    assert [event["message"] for event in events] == ["INFO one", "INFO two"]
    assert handler.problem == ""


def test_a_group_that_is_not_there_is_told_and_not_made(logs: Any) -> None:
    handler = ship(logs, "one")
    handler.close()

    assert GROUP in handler.problem
    assert "ResourceNotFoundException" in handler.problem
    assert logs.describe_log_groups()["logGroups"] == []


class Hanging:
    """A client of a service that does not answer."""

    def __init__(self) -> None:
        self.asked, self.released = threading.Event(), threading.Event()
        self.exceptions = SimpleNamespace(ClientError=OSError)
        self.meta = SimpleNamespace(events=SimpleNamespace(register=lambda *_: None))

    def put_log_events(self, **_: Any) -> Any:
        self.asked.set()
        self.released.wait(30)
        return {}


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hanging]:
    monkeypatch.setattr(shipped_log, "CLOSE_SECONDS", 0.1)
    monkeypatch.setattr(shipped_log, "SEND_SECONDS", 0)
    before = set(threading.enumerate())
    client = Hanging()
    yield client
    client.released.set()
    for sender in set(threading.enumerate()) - before:
        sender.join(10)  # one that does not end would look for lines without a pause, beside all later tests
        assert not sender.is_alive()


def seconds(work: Callable[[], None]) -> float:
    with measured() as took:
        work()
    return took.own_seconds


def test_a_service_that_hangs_delays_nothing_but_the_end_and_that_shortly(hanging: Hanging) -> None:
    handler = ship(hanging, "one")
    assert hanging.asked.wait(10)
    assert seconds(lambda: handler.emit(line("more"))) < 1
    assert seconds(handler.close) < 2
    assert "no answer within 0.1 s" in handler.problem


def test_no_more_lines_wait_than_there_is_room_for(hanging: Hanging, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipped_log, "MOST_WAITING", 5)
    handler = ship(hanging, "one")
    assert hanging.asked.wait(10)
    for _ in range(100):
        handler.handle(line("more"))

    assert sum(queue.qsize() for queue in handler._sender.queues.values()) == 5
    hanging.released.set()
    handler.close()
