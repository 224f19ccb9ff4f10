"""Content codings, undone piece by piece. What each body is, curl says: `tests/authorities/http`."""

import gzip
import zlib
from collections.abc import Iterator

import brotli
import pytest
from backports import zstd

from awsit.http import decoding
from awsit.http.decoding import DecodingError, TruncatedBody, codings_of, decoded

ENCODERS = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstd.compress}
MEGABYTE = 1024 * 1024


def read(body: bytes, *codings: str, size: int = 1000, is_part: bool = False) -> bytes:
    chunks = (body[start : start + size] for start in range(0, len(body), size))
    return b"".join(decoded(chunks, codings, is_part=is_part))


@pytest.mark.parametrize(
    ("header", "codings"),
    [
        ("", []),
        ("gzip", ["gzip"]),
        (" GZIP , br", ["br", "gzip"]),
        ("identity, x-gzip, none", ["x-gzip"]),
        ("what", []),
        ("what, gzip", ["gzip"]),
        ("gzip, what", []),
    ],
)
def test_codings_are_undone_from_the_last_that_was_applied(header: str, codings: list[str]) -> None:
    assert codings_of(header) == codings


@pytest.mark.parametrize("coding", ENCODERS)
def test_a_body_is_whole_at_no_place_but_its_end(coding: str) -> None:
    body = ENCODERS[coding](b"hello, world. " * 20)
    assert read(body, coding, size=1) == b"hello, world. " * 20
    for end in range(1, len(body)):
        with pytest.raises(TruncatedBody, match=f"it ends before {coding} does"):
            read(body[:end], coding)


@pytest.mark.parametrize("coding", ENCODERS)
def test_the_content_of_a_206_may_end_anywhere(coding: str) -> None:
    body = ENCODERS[coding](bytes(range(256)) * 4)
    assert (bytes(range(256)) * 4).startswith(read(body[:-1], coding, is_part=True))


@pytest.mark.parametrize("coding", ENCODERS)
def test_a_small_body_unfolds_in_small_pieces(coding: str) -> None:
    bomb = ENCODERS[coding](bytes(10 * MEGABYTE))
    lengths = [len(piece) for piece in decoded(iter([bomb]), [coding])]
    assert max(lengths) <= MEGABYTE
    assert sum(lengths) == 10 * MEGABYTE


def test_no_more_of_a_body_is_read_than_is_asked_for() -> None:
    """A bomb in a bomb: neither the inner nor the outer one is unfolded before somebody wants it."""
    bomb = gzip.compress(gzip.compress(bytes(20 * MEGABYTE), 1) * 50, 1)
    pulled = 0

    def chunks() -> Iterator[bytes]:
        nonlocal pulled
        for start in range(0, len(bomb), 1000):
            pulled += 1
            yield bomb[start : start + 1000]

    pieces = decoded(chunks(), ["gzip", "gzip"])
    assert sum(len(next(pieces)) for _ in range(20)) <= 20 * 64 * 1024
    assert pulled < 10


def test_more_than_five_codings_are_refused() -> None:
    with pytest.raises(DecodingError, match="6 codings are more than 5"):
        read(b"x", *["gzip"] * 6)


def test_a_library_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(decoding, "import_module", missing)
    for coding in ("br", "zstd"):
        with pytest.raises(DecodingError, match=f"{coding}, which is not read here"):
            read(ENCODERS[coding](b"x"), coding)
    assert read(b"", "br") == b""
