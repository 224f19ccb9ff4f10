"""What is on this machine, and what may be anywhere."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.forecast.plans import call, foreseen

from awsit.cli.running.load.permission import elsewhere, is_this_machine
from awsit.forecast.document import Resource


@pytest.mark.parametrize("host", ["localhost", "localhost:8080", "127.0.0.1", "127.1:80", "[::1]:8080", "2130706433"])
def test_loopback_has_many_spellings(host: str) -> None:
    assert is_this_machine(host)


@pytest.mark.parametrize(
    "host",
    [
        "api.example.com",
        "localhost.example.com",
        "10.0.0.1",
        "{{ vars.host }}",
        "<orders.Url>",
        "",
        "127.0.0.1.nip.io",
        "[",
    ],
)
def test_anything_else_may_be_anywhere(host: str) -> None:
    assert not is_this_machine(host)


def test_a_sandbox_is_aws_and_no_more() -> None:
    hosts = ["127.0.0.1:80", "a1.execute-api.eu-west-1.amazonaws.com", "<orders.ApiUrl>", "api.example.com"]
    used = [Resource("table", "orders", ()), *(Resource("host", host, ()) for host in hosts)]
    assert list(elsewhere(used, sandbox=True)) == ["api.example.com"]
    assert list(elsewhere(used, sandbox=False)) == ["orders", *hosts[1:]]


HERE = "http://127.0.0.1/orders"
OAUTH2 = {"oauth2": {"token_url": "https://auth.example.com/t", "client_id": "me", "client_secret": "hush"}}
COGNITO = {"cognito": {"client": "shop", "username": "ada", "password": "hush"}}


def listen(url: str, **params: Any) -> dict[str, Any]:
    return {"name": "Hear", "type": "listen", "params": {"websocket": url, **params}}


@pytest.mark.parametrize(
    ("action", "with_sandbox", "without"),
    [
        (call(HERE), [], []),
        (call(HERE, auth=OAUTH2), ["auth.example.com"], ["auth.example.com"]),
        (call(HERE, auth=COGNITO), [], ["shop"]),
        (listen("wss://api.example.com/live"), ["api.example.com"], ["api.example.com"]),
        (listen("ws://127.0.0.1:8080/live"), [], []),
        (listen("ws://127.0.0.1/live", auth=OAUTH2), ["auth.example.com"], ["auth.example.com"]),
        ({"name": "Trace", "type": "trace", "params": {"visits": ["orders"]}}, [], ["X-Ray"]),
    ],
)
def test_whatever_an_action_sends_requests_to_is_asked_for(
    action: dict[str, Any], with_sandbox: list[str], without: list[str]
) -> None:
    used = foreseen(action).resources
    assert list(elsewhere(used, sandbox=True)) == with_sandbox
    assert list(elsewhere(used, sandbox=False)) == without
