"""Look-ups of hosts whose resolver does not answer, or answers with several addresses."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from time import monotonic
from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError
from tests.measured import measured
from tests.torture.things import Things, serving

from awsit.aws.client.clients import AwsClients
from awsit.errors import ActionError, Effect, ErrorKind
from awsit.http.addressing.lookup import addresses
from awsit.http.transport import Urllib3Transport
from awsit.model.http import HttpRequest

REAL = socket.getaddrinfo
SECONDS = 0.2


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A resolver that answers nothing before it is let go; `localhost` and addresses are none of its business."""
    let_go = threading.Event()

    def look_up(host: str, *arguments: Any, **options: Any) -> Any:
        if host.endswith((".test", ".amazonaws.com")):
            let_go.wait(20)
            raise socket.gaierror(-3, "Temporary failure in name resolution")
        return REAL(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    yield let_go
    let_go.set()


@pytest.fixture
def things() -> Iterator[Things]:
    with serving() as served:
        yield served


def look_ups() -> int:
    return sum(thread.name.startswith("awsit-lookup-") for thread in threading.enumerate())


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_resolver_that_hangs_takes_no_longer_than_the_time_out(resolver: threading.Event, scheme: str) -> None:
    transport = Urllib3Transport()
    with measured() as took:
        for _ in range(3):
            with pytest.raises(ActionError, match=r"slow.test was not resolved within 0\.\d+ s") as error:
                transport.send(HttpRequest("GET", f"{scheme}://slow.test/", timeout_seconds=SECONDS))
            assert (error.value.kind, error.value.effect) == (ErrorKind.TIMEOUT, Effect.NONE)
    assert took.seconds >= 3 * SECONDS
    assert took.own_seconds < 3 * SECONDS + 2
    assert look_ups() == 1


def test_a_call_of_aws_ends_in_its_time_too(resolver: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)  # of a sandbox in this process
    aws, started = AwsClients(region="eu-west-1"), monotonic()
    client = aws.client("sqs")
    with aws.within(SECONDS), pytest.raises(ConnectTimeoutError):
        client.list_queues()
    assert monotonic() - started < 8


def test_what_the_resolver_says_late_is_said_to_all_who_wait(resolver: threading.Event) -> None:
    threading.Timer(0.05, resolver.set).start()
    with pytest.raises(socket.gaierror):
        addresses("late.test", 80, 10)
    assert look_ups() == 0


def test_the_addresses_of_a_host_are_tried_in_turn(monkeypatch: pytest.MonkeyPatch, things: Things) -> None:
    def look_up(host: str, *arguments: Any, **options: Any) -> Any:
        if host != "both.test":
            return REAL(host, *arguments, **options)
        return [entry for each in ("::1", "127.0.0.1") for entry in REAL(each, 80, 0, socket.SOCK_STREAM)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    port = things.url.rpartition(":")[2]
    response = Urllib3Transport().send(HttpRequest("GET", f"http://both.test:{port}/", timeout_seconds=5))
    assert (response.status, response.url) == (404, f"http://both.test:{port}/")


def test_an_address_is_looked_up_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(socket, "getaddrinfo")
    assert [addresses(each, 80, 1) for each in ("10.0.0.1", "::1", "fe80::1%eth0")] == [
        ["10.0.0.1"],
        ["::1"],
        ["fe80::1%eth0"],
    ]
