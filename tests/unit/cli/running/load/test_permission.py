"""What is on this machine, and what may be anywhere."""

from __future__ import annotations

import pytest

from awsit.cli.running.load.permission import is_this_machine


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
