"""Bodies with a content coding, whole and not: the value of `Content-Encoding`, and what the body is."""

import gzip
import zlib

import brotli
from backports import zstd

PLAIN = b"hello, world. " * 40


def deflated(data: bytes, window_bits: int = -zlib.MAX_WBITS) -> bytes:
    compressor = zlib.compressobj(9, zlib.DEFLATED, window_bits)
    return compressor.compress(data) + compressor.flush()


def changed(data: bytes, at: int) -> bytes:
    copy = bytearray(data)
    copy[at] ^= 0xFF
    return bytes(copy)


def often(times: int) -> bytes:
    body = PLAIN
    for _ in range(times):
        body = gzip.compress(body, mtime=0)
    return body


ENCODED = {
    "gzip": ("gzip", gzip.compress(PLAIN, mtime=0)),
    "zlib": ("deflate", zlib.compress(PLAIN)),
    "bare deflate": ("deflate", deflated(PLAIN)),
    "brotli": ("br", brotli.compress(PLAIN)),
    "zstd": ("zstd", zstd.compress(PLAIN, options={zstd.CompressionParameter.checksum_flag: 1})),
}
GZIP, ZLIB, ZSTD = ENCODED["gzip"][1], ENCODED["zlib"][1], ENCODED["zstd"][1]
SKIPPED = b"\x5a\x2a\x4d\x18\x04\0\0\0abcd"
NAMED = GZIP[:3] + b"\x08" + GZIP[4:10] + b"name\0" + GZIP[10:]

WHOLE = {
    **ENCODED,
    "x-gzip": ("x-gzip", GZIP),
    "upper case": ("GZIP", GZIP),
    "gzip with a file name": ("gzip", NAMED),
    "zstd without a checksum": ("zstd", zstd.compress(PLAIN)),
    "zstd after a frame to skip": ("zstd", SKIPPED + ZSTD),
    "identity": ("identity", PLAIN),
    "identity, then gzip": ("identity, gzip", GZIP),
    "none": ("none", PLAIN),
    "an empty value": ("", PLAIN),
    "gzip of zlib": ("deflate, gzip", gzip.compress(ZLIB)),
    "gzip of brotli": ("br,gzip", gzip.compress(ENCODED["brotli"][1])),
    "gzip of gzip": ("gzip, gzip", often(2)),
    "gzip five times": (", ".join(["gzip"] * 5), often(5)),
}
CUT = {
    f"{name}, cut at {at}": (coding, body[:at])
    for name, (coding, body) in ENCODED.items()
    for at in sorted({1, 2, len(body) // 2, len(body) - 1})
} | {
    "gzip without its trailer": ("gzip", GZIP[:-8]),
    "gzip without its length": ("gzip", GZIP[:-4]),
    "zlib without its checksum": ("deflate", ZLIB[:-4]),
    "zstd without its checksum": ("zstd", ZSTD[:-4]),
    "a second member, cut": ("gzip", GZIP + GZIP[:-9]),
    "a second member's head, cut": ("gzip", GZIP + GZIP[:3]),
    "a second frame, cut": ("zstd", ZSTD + ZSTD[:-5]),
    "a frame to skip, cut": ("zstd", SKIPPED[:-2]),
    "the outer one of two, cut": ("deflate, gzip", gzip.compress(ZLIB)[:-9]),
    "the inner one of two, cut": ("deflate, gzip", gzip.compress(ZLIB[:-6])),
}
EMPTY = {f"an empty body, {name}": (coding, b"") for name, (coding, _) in ENCODED.items()}
OTHER = {
    **{f"{name}, and more": (coding, body + b"more") for name, (coding, body) in ENCODED.items()},
    **{f"{name}, then zeros": (coding, body + bytes(8)) for name, (coding, body) in ENCODED.items()},
    **{f"{name} twice": (coding, body * 2) for name, (coding, body) in ENCODED.items()},
    **{f"{coding} of a plain text": (coding, b"plain text, not coded") for coding in ("gzip", "deflate", "br", "zstd")},
    "one byte after bare deflate": ("deflate", ENCODED["bare deflate"][1] + b"x"),
    "gzip with a wrong length": ("gzip", changed(GZIP, -1)),
    "gzip with a wrong checksum": ("gzip", changed(GZIP, -6)),
    "zlib with a wrong checksum": ("deflate", changed(ZLIB, -1)),
    "zstd with a wrong checksum": ("zstd", changed(ZSTD, -1)),
    "zlib, called gzip": ("gzip", ZLIB),
    "gzip, called deflate": ("deflate", GZIP),
    "gzip, called br": ("br", GZIP),
    "gzip, called zstd": ("zstd", GZIP),
    "brotli, called gzip": ("gzip", ENCODED["brotli"][1]),
    "gzip seven times": (", ".join(["gzip"] * 7), often(7)),
    "compress": ("compress", PLAIN),
    "a coding nobody knows": ("what", PLAIN),
    "a charset": ("utf-8", PLAIN),
    "what S3 keeps of an upload": ("aws-chunked", PLAIN),
}
CASES = WHOLE | CUT | EMPTY | OTHER


def response(name: str, *, chunked: bool = False) -> bytes:
    """The response on the wire; its framing is right."""
    coding, body = CASES[name]
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\n"
    if chunked:
        pieces = [body[start : start + 7] for start in range(0, len(body), 7)]
        wire = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in [*pieces, b""])
        return f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + wire
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
