"""Responses as bytes: awsit says of them what curl says, or refuses them plainly; the next answer is never theirs.

llhttp and curl are the judges: what one of them refuses, awsit may refuse.
"""

from contextlib import closing
from pathlib import Path

import pytest
from tests.authorities import curl
from tests.authorities.http.llhttp import judge
from tests.authorities.http.responses import cases
from tests.authorities.scripted import NEXT, Request, scripted

from awsit.errors import ActionError, ErrorKind
from awsit.http.transport import Urllib3Transport
from awsit.model.http import HttpRequest, HttpResponse

CASES = dict(cases())
SWITCHED = "awsit speaks nothing but HTTP: of a 101 it tells the head, and closes the connection"
ANSWERED_OTHERWISE = {
    "101": SWITCHED,
    "101 and the other protocol": SWITCHED,
}
"""What awsit answers otherwise than curl, on purpose, or knowingly."""

CUT_OFF = "RFC 9112, section 8: what ends within its head is incomplete, though curl shows its status"
REFUSED = {
    "version 2": "a server that speaks HTTP/2 to a request in HTTP/1.1 may mean anything",
    "half a head": CUT_OFF,
    "a status line and no more": CUT_OFF,
    "half a value": CUT_OFF,
    "a head without its end": CUT_OFF,
    "half an interim head": CUT_OFF,
    "chunked twice": "RFC 9112, section 6.1: chunked is applied once",
}
"""What awsit refuses though curl and llhttp take it."""


def sent(transport: Urllib3Transport, url: str) -> HttpResponse | ActionError:
    try:
        return transport.send(HttpRequest("GET", url, follow_redirects=False))
    except ActionError as error:
        return error


@pytest.mark.parametrize("name", CASES)
def test_a_response_is_what_curl_says_or_is_refused(name: str, tmp_path: Path) -> None:
    def answer(request: Request) -> bytes:
        return CASES[name] if request.target == "/case" else NEXT

    with scripted(answer) as server:
        (code, status, body), _ = curl.bodies([f"{server.url}/case", f"{server.url}/next"], tmp_path)
    with scripted(answer) as server, closing(Urllib3Transport()) as transport:
        first = sent(transport, f"{server.url}/case")
        following = transport.send(HttpRequest("GET", f"{server.url}/next"))

    assert following.body == b"next"
    if isinstance(first, ActionError):
        assert first.kind in {ErrorKind.VALIDATION, ErrorKind.CONNECTION}
        assert first.hint
        assert code or judge(CASES[name]).error or name in REFUSED, f"curl and llhttp take it: {first.message}"
    else:
        same = code == 0 and (first.status, first.body) == (status, body)
        assert same or name in ANSWERED_OTHERWISE, f"curl: {code} {status} {body!r}; awsit: {first}"


@pytest.mark.parametrize("name", CASES)
def test_curl_and_llhttp_agree_with_what_awsit_answers(name: str) -> None:
    """A complete message of llhttp's has the same status and body in awsit, whatever curl makes of it."""
    with scripted(lambda _: CASES[name]) as server, closing(Urllib3Transport()) as transport:
        first = sent(transport, server.url)
    verdict = judge(CASES[name])
    if isinstance(first, HttpResponse) and verdict.is_complete:
        assert (first.status, first.body) == (verdict.status, verdict.body)


def test_the_exceptions_are_cases() -> None:
    assert len(CASES) >= 100
    assert {*ANSWERED_OTHERWISE, *REFUSED} <= CASES.keys()
