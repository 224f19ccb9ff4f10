"""Coded bodies: awsit reads what `curl --compressed` reads, and refuses what curl refuses, and what ends too early."""

from contextlib import closing
from pathlib import Path

import pytest
from tests.authorities import curl
from tests.authorities.http.codings import CASES, CUT, EMPTY, PLAIN, WHOLE, response
from tests.authorities.scripted import NEXT, scripted

from awsit.errors import ActionError, ErrorKind
from awsit.http.transport import Urllib3Transport
from awsit.model.http import HttpRequest

READ_THOUGH_CURL_REFUSES = {
    "gzip twice": "RFC 1952, section 2.2: a file in gzip consists of a series of members",
    "compress": "the body is left as it is, as browsers leave it, and the header says so",
    "a coding nobody knows": "the same",
    "a charset": "the same",
    "what S3 keeps of an upload": "the same",
}
REFUSED_THOUGH_CURL_READS = {
    **dict.fromkeys(CUT, "curl takes a coded body that ends early for a whole one, and exits with 0"),
    "one byte after bare deflate": "curl passes over up to four bytes, for the sake of old servers",
    "bare deflate, and more": "the same",
    "zlib, called gzip": "curl looks at the bytes, not at the name",
}


def read(wire: bytes) -> bytes | ActionError:
    """The body that awsit reads, or its error; what it reads next on the connection is right."""
    answers = [NEXT, wire]
    with scripted(lambda _: answers.pop()) as server, closing(Urllib3Transport()) as transport:
        try:
            return transport.send(HttpRequest("GET", server.url)).body
        except ActionError as error:
            return error
        finally:
            assert transport.send(HttpRequest("GET", server.url)).body == b"next"


@pytest.mark.parametrize("name", CASES)
def test_a_coded_body_is_what_curl_says(name: str, tmp_path: Path) -> None:
    with scripted(lambda _: response(name)) as server:
        (code, _, body), *_ = curl.bodies([server.url], tmp_path, "--compressed")
    mine = read(response(name))
    if isinstance(mine, ActionError):
        assert code or name in REFUSED_THOUGH_CURL_READS, f"curl reads {body!r}: {mine.message}"
    else:
        assert (code, body) == (0, mine) or name in READ_THOUGH_CURL_REFUSES


@pytest.mark.parametrize("name", CASES)
def test_chunks_change_nothing(name: str) -> None:
    by_length, in_chunks = (read(response(name, chunked=chunked)) for chunked in (False, True))
    if isinstance(by_length, ActionError):
        assert isinstance(in_chunks, ActionError)
        assert in_chunks.kind is by_length.kind
    else:
        assert in_chunks == by_length


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_body_is_read(name: str) -> None:
    assert read(response(name)) == PLAIN


@pytest.mark.parametrize("name", EMPTY)
def test_no_bytes_have_no_coding(name: str) -> None:
    assert read(response(name)) == b""


@pytest.mark.parametrize("name", CUT)
def test_a_body_that_ends_before_its_coding_is_an_error(name: str) -> None:
    error = read(response(name))
    assert isinstance(error, ActionError)
    assert error.kind is ErrorKind.CONNECTION
    assert "the compressed body of the response is cut off" in error.message
    assert "compression" in error.hint


def test_the_exceptions_are_cases() -> None:
    assert {*READ_THOUGH_CURL_REFUSES, *REFUSED_THOUGH_CURL_READS} <= CASES.keys()
