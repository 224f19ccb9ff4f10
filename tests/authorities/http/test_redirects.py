"""The request that follows a redirect: curl decides, and the Fetch standard where curl has no word of its own."""

import re
from contextlib import closing

import pytest
from tests.authorities import curl
from tests.authorities.scripted import NEXT, Request, scripted

from awsit.errors import ActionError, ErrorKind
from awsit.http.transport import Urllib3Transport
from awsit.model.http import HttpRequest

START = "/start/here?a=1"
STATUSES = [301, 302, 303, 307, 308]
LOCATIONS = [
    b"/after",
    b"after",
    b"../after",
    b"/a/./b/../after",
    b"?only=query",
    b"//127.0.0.1:PORT/after",
    b"http://127.0.0.1:PORT/after?x=1",
    b"HTTP://127.0.0.1:PORT/after",
    b"/after#fragment",
    "/grüße?q=ä".encode(),
    "/grüße?q=ä".encode("latin-1"),
    b"/gr%c3%bc?q=%c3%a4",
    b"/with space?q=a b",
    b"",
]


def answering(status: int, location: bytes):
    def answer(request: Request) -> bytes:
        if request.target != START:
            return NEXT
        line = location.replace(b"PORT", (request.header("host") or "").rpartition(":")[2].encode())
        return b"HTTP/1.1 %d X\r\nContent-Length: 3\r\nLocation: %s\r\n\r\nend" % (status, line)

    return answer


def seen(requests: list[Request]) -> list[tuple[str, str, bytes, str | None]]:
    return [(each.method, each.target, each.body, each.header("content-type")) for each in requests]


def _in_upper_case(target: str) -> str:
    return re.sub("%..", lambda found: found[0].upper(), target)


def by_awsit(status: int, location: bytes, method: str, body: bytes | None, **options: bool) -> list[Request]:
    headers = {"Content-Type": "text/plain"} if body else {}
    with scripted(answering(status, location)) as server, closing(Urllib3Transport()) as transport:
        transport.send(HttpRequest(method, f"{server.url}{START}", headers, body, **options))
    return server.requests


def by_curl(status: int, location: bytes, *options: str) -> list[Request]:
    with scripted(answering(status, location)) as server:
        curl.run("-L", *options, f"{server.url}{START}")
    return server.requests


@pytest.mark.parametrize("status", STATUSES)
def test_a_get_is_sent_where_curl_sends_it(status: int) -> None:
    assert seen(by_awsit(status, b"/after", "GET", None)) == seen(by_curl(status, b"/after"))


@pytest.mark.parametrize("status", [300, 304, 305])
def test_other_statuses_are_answers(status: int) -> None:
    """Fetch knows five redirect statuses; curl follows each 3xx that has a `Location`."""
    assert len(by_awsit(status, b"/after", "GET", None)) == 1


@pytest.mark.parametrize("status", STATUSES)
def test_a_post_becomes_what_curl_makes_of_it(status: int) -> None:
    options = ["-d", "body", "-H", "Content-Type: text/plain"]
    theirs = by_curl(status, b"/after", *options)
    ours = by_awsit(status, b"/after", "POST", b"body")

    assert [each[:3] for each in seen(ours)] == [each[:3] for each in seen(theirs)]
    assert seen(ours)[1][3] == ("text/plain" if status >= 307 else None)  # what a body was, nobody asks of a GET


@pytest.mark.parametrize("location", LOCATIONS, ids=repr)
def test_a_location_means_what_curl_takes_it_for(location: bytes) -> None:
    """Escapes are the same in either case (RFC 3986, section 6.2.2.1); a space in a query is `%20`, as in Fetch."""
    ours, theirs = by_awsit(302, location, "GET", None), by_curl(302, location)
    assert [each.target for each in ours] == [_in_upper_case(each.target).replace("+", "%20") for each in theirs]


@pytest.mark.parametrize(("method", "status", "following"), [
    ("PUT", 301, "PUT"),
    ("PUT", 302, "PUT"),
    ("PUT", 303, "GET"),
    ("PUT", 307, "PUT"),
    ("DELETE", 303, "GET"),
    ("DELETE", 308, "DELETE"),
    ("PATCH", 302, "PATCH"),
    ("HEAD", 303, "HEAD"),
])  # fmt: skip
def test_other_methods_as_fetch_says(method: str, status: int, following: str) -> None:
    assert by_awsit(status, b"/after", method, None)[1].method == following


@pytest.mark.parametrize("status", [301, 302, 303])
def test_the_method_is_kept_where_that_is_asked_for(status: int) -> None:
    request = by_awsit(status, b"/after", "POST", b"body", keep_method=True)[1]
    assert (request.method, request.body, request.header("content-type")) == ("POST", b"body", "text/plain")


@pytest.mark.parametrize(
    "location", [b"ftp://127.0.0.1/x", b"file:///etc/passwd", b"http://", b"http://a:b@127.0.0.1/"]
)
def test_what_cannot_be_followed_is_told(location: bytes) -> None:
    with pytest.raises(ActionError) as raised:
        by_awsit(302, location, "GET", None)
    assert raised.value.kind is ErrorKind.VALIDATION


def test_secrets_do_not_go_to_another_origin() -> None:
    headers = {"Authorization": "Bearer x", "X-Session": "secret", "Cookie": "a=b", "X-Trace": "1", "Host": "api.test"}
    with scripted(lambda _: NEXT) as other:

        def answer(_: Request) -> bytes:
            return b"HTTP/1.1 307 X\r\nContent-Length: 0\r\nLocation: " + other.url.encode() + b"/there\r\n\r\n"

        with scripted(answer) as server, closing(Urllib3Transport()) as transport:
            request = HttpRequest("GET", server.url, headers, is_secret=lambda name, value: name == "X-Session")
            transport.send(request)
    sent = {name for name, _ in other.requests[0].headers}
    assert "X-Trace" in sent
    assert not sent & {"Authorization", "X-Session", "Cookie"}
    assert other.requests[0].header("host") == f"127.0.0.1:{other.port}"
