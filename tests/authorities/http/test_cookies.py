"""Which cookies the next request carries: curl decides, with its engine for cookies."""

from contextlib import closing
from dataclasses import dataclass

import pytest
from tests.authorities import curl
from tests.authorities.scripted import NEXT, Request, scripted

from awsit.http.transport import Urllib3Transport
from awsit.model.http import HttpRequest
from awsit.records import replace

SET = "/app/set"


@dataclass(frozen=True)
class Row:
    """`lines` are set by `host` at `/app/set`; the next request goes to `then` on `then_host`."""

    lines: tuple[str, ...]
    then: str = "/app/next"
    host: str = "shop.localhost"
    then_host: str = ""
    redirect: bool = False


ROWS = {
    "a session cookie": Row(("sid=1",)),
    "two cookies": Row(("sid=1", "theme=dark")),
    "the same name twice": Row(("sid=1", "sid=2")),
    "the same name on two paths": Row(("sid=1; Path=/", "sid=2; Path=/app")),
    "set again while redirected": Row(("sid=1",), redirect=True),
    "a path that fits": Row(("sid=1; Path=/app",), "/app"),
    "a path below": Row(("sid=1; Path=/app",), "/app/deep/er"),
    "a path that only begins the same": Row(("sid=1; Path=/app",), "/apple"),
    "another path": Row(("sid=1; Path=/other",)),
    "no path, elsewhere": Row(("sid=1",), "/else"),
    "the root": Row(("sid=1; Path=/",), "/else?x=1"),
    "a path that is none": Row(("sid=1; Path=app",), "/app/x"),
    "a domain": Row(("sid=1; Domain=shop.localhost",), then_host="www.shop.localhost"),
    "a domain with a dot before it": Row(("sid=1; Domain=.shop.localhost",), then_host="www.shop.localhost"),
    "a domain from below": Row(
        ("sid=1; Domain=shop.localhost",), host="www.shop.localhost", then_host="shop.localhost"
    ),
    "no domain, a host below": Row(("sid=1",), then_host="www.shop.localhost"),
    "no domain, a sibling": Row(("sid=1",), then_host="pub.localhost"),
    "a foreign domain": Row(("sid=1; Domain=pub.localhost",), then_host="pub.localhost"),
    "a domain that only ends the same": Row(("sid=1; Domain=hop.localhost",)),
    "an address": Row(("sid=1",), host="127.0.0.1"),
    "an address as domain": Row(("sid=1; Domain=127.0.0.1",), host="127.0.0.1"),
    "a name, then the address": Row(("sid=1",), host="localhost", then_host="127.0.0.1"),
    "localhost": Row(("sid=1",), host="localhost"),
    "secure, on this machine": Row(("sid=1; Secure",), host="localhost"),
    "http only": Row(("sid=1; HttpOnly",)),
    "same site": Row(("sid=1; SameSite=Strict",)),
    "an unknown attribute": Row(("sid=1; Priority=High; Partitioned",)),
    "attributes in any case": Row(("sid=1; PATH=/; hTTPoNLY; max-AGE=50",)),
    "a time to live": Row(("sid=1; Max-Age=100",)),
    "no time to live": Row(("sid=1", "sid=2; Max-Age=0")),
    "a time long ago": Row(("sid=1", "sid=; Expires=Thu, 01 Jan 1970 00:00:00 GMT")),
    "a time to come": Row(("sid=1; Expires=Fri, 01 Jan 2100 00:00:00 GMT",)),
    "hyphens in the time": Row(("sid=1; Expires=Fri, 01-Jan-2100 00:00:00 GMT",)),
    "max-age before expires": Row(("sid=1; Max-Age=100; Expires=Thu, 01 Jan 1970 00:00:00 GMT",)),
    "a time that is none": Row(("sid=1; Expires=tomorrow",)),
    "an empty value": Row(("sid=",)),
    "equal signs": Row(("sid=a=b==",)),
    "quotes": Row(('sid="a b"',)),
    "blanks inside": Row(("sid=a b",)),
    "blanks around": Row(("  sid  =  1  ;  Path = / ",)),
    "JSON": Row(('sid={"a":1}',)),
    "percent signs": Row(("sid=%7B%22a%22%7D",)),
    "a comma": Row(("sid=1,2",)),
    "not ASCII": Row(("sid=ä",)),
    "no name": Row(("=1",)),
    "nothing": Row(("",)),
    "4 KB": Row((f"sid={'x' * 4000}",)),
}


def answering(row: Row):
    def answer(request: Request) -> bytes:
        if not request.target.startswith(SET):
            return NEXT
        head = "HTTP/1.1 302 X\r\nLocation: /app/next\r\n" if row.redirect else "HTTP/1.1 200 OK\r\n"
        lines = "".join(f"Set-Cookie: {line}\r\n" for line in row.lines)
        return f"{head}Content-Length: 0\r\n{lines}\r\n".encode()

    return answer


def urls(row: Row, port: int) -> tuple[str, str]:
    return f"http://{row.host}:{port}{SET}", f"http://{row.then_host or row.host}:{port}{row.then}"


def by_curl(row: Row) -> list[set[str]]:
    with scripted(answering(row)) as server:
        curl.run("-L", "-b", "", *urls(row, server.port), "-o", "/dev/null", "-o", "/dev/null")
    return cookies(server.requests)


def by_awsit(row: Row) -> list[set[str]]:
    with scripted(answering(row)) as server, closing(Urllib3Transport()) as transport:
        first, second = urls(row, server.port)
        kept = transport.send(HttpRequest("GET", first, cookies=())).cookies
        transport.send(HttpRequest("GET", second, cookies=kept))
    return cookies(server.requests)


def cookies(requests: list[Request]) -> list[set[str]]:
    """The cookies of each request; their order is nobody's promise (RFC 6265, section 5.4)."""
    return [set((request.header("cookie") or "").split("; ")) - {""} for request in requests]


@pytest.mark.parametrize("name", ROWS)
def test_the_next_request_has_the_cookies_that_it_has_with_curl(name: str) -> None:
    assert by_awsit(ROWS[name]) == by_curl(ROWS[name])


def test_a_secure_cookie_stays_on_secure_connections() -> None:
    with scripted(answering(Row(("sid=1; Secure",)))) as server, closing(Urllib3Transport()) as transport:
        first, _ = urls(Row(()), server.port)
        (cookie,) = transport.send(HttpRequest("GET", first, cookies=())).cookies
        proxied = Urllib3Transport(http_proxy=server.url)
        away = replace(cookie, domain="shop.example.com")
        proxied.send(HttpRequest("GET", "http://shop.example.com/app/next", cookies=(away,)))
        assert server.requests[-1].header("cookie") is None
