"""Where requests may go, against every spelling of an address that leads elsewhere."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from tests.authorities.scripted import scripted
from tests.torture.things import Things, serving

from awsit.errors import ActionError, Effect, ErrorKind
from awsit.http.addressing.destinations import Destinations, RefusedAddress, literal, own_apis
from awsit.http.transport import Urllib3Transport
from awsit.model.http import HttpRequest, HttpResponse

METADATA = [
    "169.254.169.254",
    "169.254.170.2",
    "169.254.170.23",
    "169.254.0.1",
    "2852039166",
    "0xa9fea9fe",
    "0251.0376.0251.0376",
    "0xa9.254.43518",
    "[fe80::1]",
    "[fe80::1%25lo]",
    "[fd00:ec2::254]",
    "[fd00:ec2::23]",
    "[::ffff:169.254.169.254]",
    "[::ffff:a9fe:a9fe]",
    "[::169.254.169.254]",
    "[::ffff:0:169.254.169.254]",
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::a9fe:a9fe]",
    "[2002:a9fe:a9fe::1]",
    "metadata.test",
    "both.test",
]
THIS_MACHINE = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "017700000001",
    "0.0.0.0",
    "0",
    "localhost",
    "api.localhost",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "here.test",
]
IN_ACCOUNT = Destinations(loopback=False)
REAL = socket.getaddrinfo


@pytest.fixture(autouse=True)
def resolver(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """The addresses of names below `.test`: what an attacker's DNS says, for each look-up the next."""
    names = {
        "metadata.test": ["169.254.169.254"],
        "both.test": ["10.255.255.1", "169.254.169.254"],
        "here.test": ["127.0.0.1"],
    }

    def look_up(host: str | bytes, *arguments: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        addresses = names.get(name.rstrip("."), [name])
        return [entry for each in addresses for entry in REAL(each, *arguments, **options)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return names


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The addresses to which a connection was begun, none of which is made."""
    found: list[object] = []

    def connect(_: object, address: object) -> None:
        found.append(address)
        raise ConnectionRefusedError(errno.ECONNREFUSED, "refused")

    monkeypatch.setattr(socket.socket, "connect", connect)
    return found


@pytest.fixture
def things() -> Iterator[Things]:
    with serving() as served:
        yield served


def get(url: str, destinations: Destinations | None = None, **options: Any) -> HttpResponse:
    transport = Urllib3Transport(destinations=destinations or Destinations())
    return transport.send(HttpRequest("GET", url, timeout_seconds=5, **options))


@pytest.mark.parametrize("host", METADATA)
def test_nothing_is_sent_to_a_metadata_address(host: str, connected: list[object]) -> None:
    for url in (f"http://{host}/latest/meta-data/", f"https://{host}:8443/"):
        with pytest.raises(ActionError, match=r"no request may go there: .*(link-local|metadata)") as error:
            get(url)
        assert (error.value.kind, error.value.effect, connected) == (ErrorKind.VALIDATION, Effect.NONE, [])
        assert "`allowed_hosts`" in error.value.hint


@pytest.mark.parametrize("host", THIS_MACHINE)
def test_in_the_account_the_function_itself_is_refused_and_here_it_is_not(host: str, connected: list[object]) -> None:
    with pytest.raises(ActionError, match=r"no request may go there: .*this machine"):
        get(f"http://{host}:9001/", IN_ACCOUNT)
    assert connected == []
    with pytest.raises(ActionError, match="refused the connection"):
        get(f"http://{host}:9001/")
    assert connected


@pytest.mark.parametrize("host", ["10.0.0.1", "100.64.1.1", "192.168.1.1", "[fd12::1]", "[2001:db8::1]", "8.8.8.8"])
def test_private_networks_are_where_services_are(host: str, connected: list[object]) -> None:
    with pytest.raises(ActionError, match="refused the connection"):
        get(f"http://{host}/", IN_ACCOUNT)
    assert len(connected) == 1


@pytest.mark.parametrize("host", ["169.254.169.254", "0xa9fea9fe", "[::ffff:a9fe:a9fe]", "metadata.test"])
def test_a_redirect_leads_to_no_metadata_address(host: str) -> None:
    head = f"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://{host}/latest/\r\nContent-Length: 0\r\n\r\n"
    with scripted(lambda _: head.encode()) as server, pytest.raises(ActionError, match="no request may go") as error:
        get(server.url, follow_redirects=True)
    assert (error.value.kind, error.value.effect) == (ErrorKind.VALIDATION, Effect.UNKNOWN)


def test_the_connection_goes_to_the_address_that_was_checked(
    resolver: dict[str, list[str]], connected: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: the second answer of the resolver is asked for by nobody."""
    resolver["rebinding.test"] = ["10.255.255.1"]
    checked = Destinations.check

    def rebound(self: Destinations, host: str, port: int, address: str) -> None:
        checked(self, host, port, address)
        resolver["rebinding.test"] = ["169.254.169.254"]

    monkeypatch.setattr(Destinations, "check", rebound)
    with pytest.raises(ActionError, match="refused the connection"):
        get("http://rebinding.test/")
    assert connected == [("10.255.255.1", 80)]


@pytest.mark.parametrize(
    ("allowed", "host"),
    [
        ("169.254.169.254", "169.254.169.254"),
        ("169.254.0.0/16", "metadata.test"),
        ("169.254.0.0/16", "[::ffff:169.254.169.254]"),
        ("metadata.test", "metadata.test"),
        ("other.test, fe80::/10", "[fe80::1]"),
    ],
)
def test_what_is_allowed_is_reached(allowed: str, host: str, connected: list[object]) -> None:
    with pytest.raises(ActionError, match="refused the connection"):
        get(f"http://{host}/", Destinations(allowed))
    assert connected
    with pytest.raises(ActionError, match="no request may go there"):
        get("http://169.254.170.2/", Destinations("169.254.169.254 metadata.test"))


def test_a_name_below_localhost_is_allowed_by_its_name(connected: list[object]) -> None:
    with pytest.raises(ActionError, match="refused the connection"):
        get("http://api.localhost:9001/", Destinations("api.localhost", loopback=False))
    assert connected
    with pytest.raises(ActionError, match=r"other\.localhost leads to 127\.0\.0\.1, this machine"):
        get("http://other.localhost:9001/", Destinations("api.localhost", loopback=False))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0", "[::ffff:127.0.0.1]", "0x7f.1"])
@pytest.mark.parametrize("value", ["127.0.0.1:9001", "http://localhost:9001/credentials"])
def test_the_apis_of_the_process_itself_are_refused_whatever_is_allowed(
    host: str, value: str, connected: list[object]
) -> None:
    apis = own_apis({"AWS_LAMBDA_RUNTIME_API": value})
    with pytest.raises(ActionError, match="the runtime API of this function"):
        get(
            f"http://{host}:9001/2018-06-01/runtime/invocation/next",
            Destinations("127.0.0.0/8 localhost", own_apis=apis),
        )
    assert connected == []
    with pytest.raises(ActionError, match="refused the connection"):
        get(f"http://{host}:9002/", Destinations(own_apis=apis))


def test_no_variable_no_api() -> None:
    assert own_apis({}) == own_apis({"AWS_LAMBDA_RUNTIME_API": "http://[::"}) == {}


def test_behind_a_proxy_an_address_is_refused_and_a_name_is_the_proxy_s_to_look_up(things: Things) -> None:
    transport = Urllib3Transport(http_proxy=things.url)
    for host in ("169.254.169.254", "0xa9fea9fe", "[::ffff:a9fe:a9fe]"):
        with pytest.raises(ActionError, match="no request may go there"):
            transport.send(HttpRequest("GET", f"http://{host}/", timeout_seconds=5))
    assert transport.send(HttpRequest("GET", "http://metadata.test/", timeout_seconds=5)).status == 404


def test_a_name_is_no_literal() -> None:
    assert [literal(each) for each in ("localhost", "a.test", "")] == [None] * 3
    with pytest.raises(RefusedAddress, match=r"^0xa9fea9fe is a link-local address"):
        Destinations().check("0xa9fea9fe", 80, "169.254.169.254")
