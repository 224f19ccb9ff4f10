"""Addresses of metadata, credentials and this machine in every notation, in a URL, a redirect or a name's look-up."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from functools import partial
from typing import Any
from unittest import mock

from tests.attack.commands import awsit, call, scenario, write
from tests.attack.payload import Payload

from awsit.errors import ActionError
from awsit.http.addressing.destinations import Destinations
from awsit.http.transport import Urllib3Transport
from awsit.model.http import HttpRequest

METADATA = (
    *("169.254.169.254", "169.254.170.2", "169.254.170.23", "169.254.0.1", "169.254.255.255", "169.254.169.254."),
    *(
        "2852039166",
        "2852039166.",
        "0xa9fea9fe",
        "0xA9FEA9FE",
        "025177524776",
        "0251.0376.0251.0376",
        "0xa9.0xfe.0xa9.0xfe",
    ),
    *("169.254.43518", "169.16689662", "0xa9.254.43518", "0251.254.0xa9.254", "00000251.0376.0251.0376"),
    *(
        "[fe80::1]",
        "[fe80::1%25lo]",
        "[fe80::a9fe:a9fe]",
        "[fd00:ec2::254]",
        "[fd00:ec2::23]",
        "[fd00:0ec2:0:0:0:0:0:254]",
    ),
    *(
        "[::ffff:169.254.169.254]",
        "[::ffff:a9fe:a9fe]",
        "[0:0:0:0:0:ffff:a9fe:a9fe]",
        "[::169.254.169.254]",
        "[::a9fe:a9fe]",
    ),
    *("[::ffff:0:169.254.169.254]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::a9fe:a9fe]", "[2002:a9fe:a9fe::1]"),
    *(
        "metadata.test",
        "METADATA.test",
        "metadata.test.",
        "both.test",
        "six.test",
        "mapped.test",
        "one%36%39.254.169.254",
    ),
    *("user@169.254.169.254", "a.test@169.254.169.254", "169.254.169.254#@a.test", "169.254.169.254\\@a.test"),
    *("①⑥⑨.②⑤④.①⑥⑨.②⑤④", "169。254。169。254", "\uff11\uff16\uff19.254.169.254", "169%2e254%2e169%2e254"),
)
HERE = (
    *(
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "017700000001",
        "0.0.0.0",
        "0",
        "0x0",
        "127.255.255.254",
    ),
    *(
        "localhost",
        "LOCALHOST",
        "localhost.",
        "api.localhost",
        "[::1]",
        "[::]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
    ),
    *("[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "here.test", "[::127.0.0.1]"),
)
_NAMES = {
    "metadata.test": ["169.254.169.254"],
    "both.test": ["10.255.255.1", "169.254.169.254"],
    "six.test": ["fd00:ec2::254"],
    "mapped.test": ["::ffff:169.254.169.254"],
    "here.test": ["127.0.0.1"],
}
_SCHEMES = (
    "file:///etc/passwd",
    "ftp://a.test/",
    "gopher://a.test/",
    "dict://a.test:11211/",
    "unix:///run/docker.sock",
    "data:,x",
    "jar:http://a.test!/",
    "//169.254.169.254/",
    "http:169.254.169.254",
    "http:///169.254.169.254/",
    "ldap://169.254.169.254/",
)


def payloads() -> Iterator[Payload]:
    for host in METADATA:
        yield Payload(f"to {host}", partial(_sent, f"http://{host}/latest/meta-data/"))
        yield Payload(f"by a redirect to {host}", partial(_redirected, f"http://{host}/latest/meta-data/"))
    for host in HERE:
        yield Payload(f"in the account to {host}", partial(_in_the_account, f"http://{host}:9001/"))
    for url in _SCHEMES:
        yield Payload(f"to {url}", partial(_sent, url))
        yield Payload(f"by a redirect to {url}", partial(_redirected, url))
    for when in ("after the check", "between two requests"):
        yield Payload(f"rebinding {when}", partial(_rebound, when))


def _watched(*, allowed: str = "") -> list[Any]:
    """The addresses to which this process connects from now on; names of attackers lead where they say."""
    connected: list[Any] = []
    look_up, connect = socket.getaddrinfo, socket.socket.connect

    def looked_up(host: Any, *arguments: Any, **options: Any) -> Any:
        name = (host.decode() if isinstance(host, bytes) else host or "").lower().rstrip(".")
        return [entry for each in _NAMES.get(name, [host]) for entry in look_up(each, *arguments, **options)]

    def connecting(self: socket.socket, address: Any) -> None:
        if str(address[0]) == allowed:
            connect(self, address)
            return
        connected.append(address)
        raise ConnectionRefusedError(errno.ECONNREFUSED, "refused")

    mock.patch.object(socket, "getaddrinfo", looked_up).start()
    mock.patch.object(socket.socket, "connect", connecting).start()
    return connected


def _fallen(connected: list[Any]) -> str:
    forbidden = [address for address in connected if not str(address[0]).startswith("10.")]
    return f"it connected to {forbidden}" if forbidden else ""


def _sent(url: str) -> str:
    connected = _watched()
    awsit(
        "run",
        write("s.json", scenario({"name": "A", "type": "http_call", "params": {"url": url}, "timeout_seconds": 3})),
    )
    return _fallen(connected)


def _redirected(url: str) -> str:
    connected = _watched(allowed="127.0.0.1")
    head = f"HTTP/1.1 307 Temporary Redirect\r\nLocation: {url}\r\nContent-Length: 0\r\n\r\n"
    call(lambda _: head.encode(), params={"follow_redirects": True}, timeout_seconds=3)
    return _fallen(connected)


def _in_the_account(url: str) -> str:
    connected = _watched()
    try:
        Urllib3Transport(destinations=Destinations(loopback=False)).send(HttpRequest("GET", url, timeout_seconds=3))
    except ActionError:
        return _fallen(connected)
    return "it was answered"


def _rebound(when: str) -> str:
    connected = _watched()
    _NAMES["rebinding.test"] = ["10.255.255.1"]
    transport, check = Urllib3Transport(destinations=Destinations()), Destinations.check

    def checked(self: Destinations, host: str, port: int, address: str) -> None:
        check(self, host, port, address)
        _NAMES["rebinding.test"] = ["169.254.169.254"]

    mock.patch.object(Destinations, "check", checked).start()
    for _ in range(1 if when == "after the check" else 3):
        try:
            transport.send(HttpRequest("GET", "http://rebinding.test/", timeout_seconds=3))
        except ActionError:
            continue
    return _fallen(connected)
