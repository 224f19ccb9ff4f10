"""What a service may answer: bombs of compression, endless bodies and headers, framing that lies, odd JSON."""

from __future__ import annotations

import gzip
import socket
import threading
import zlib
from collections.abc import Iterator
from functools import cache, partial

from tests.attack.commands import awsit, call, response, scenario, write
from tests.attack.payload import Payload

_BOMB = 64 * 1024 * 1024
_ACTION = {"name": "A", "type": "http_call", "timeout_seconds": 3}


@cache
def _zeros(kind: str, times: int = 1) -> bytes:
    """Zeros that are small when compressed, `times` one inside the other."""
    content = b"[" + b"0," * (_BOMB // 2) + b"0]"
    for _ in range(times):
        content = gzip.compress(content, 6) if kind == "gzip" else zlib.compress(content, 6)
    return content


def _encoded(encoding: str, body: bytes) -> bytes:
    return response(body, f"Content-Encoding: {encoding}")


def _body(text: str, *headers: str, status: str = "200 OK", kind: str = "application/json") -> bytes:
    return response(text.encode("utf-8", "surrogatepass"), *headers, status=status, kind=kind)


_WHOLE: dict[str, bytes] = {
    "deep JSON": _body("[" * 200000 + "]" * 200000),
    "deep objects": _body('{"a":' * 100000 + "1" + "}" * 100000),
    "a number of a million digits": _body("9" * 1000000),
    "an exponent": _body('{"a": 1e999999999, "b": -1e-999999999}'),
    "keys twice": _body("{" + '"a": 1,' * 99999 + '"a": 2}'),
    "NaN": _body('{"a": NaN, "b": Infinity, "c": -Infinity}'),
    "surrogates": _body('{"a": "\\ud800", "\\udfff": "\\ud800\\ud800"}'),
    "no UTF-8": response(b'{"a": "\xff\xfe\xc0\x80"}'),
    "UTF-16": response('{"a": 1}'.encode("utf-16"), kind="application/json; charset=utf-16"),
    "UTF-7": response(b"+ADw-script+AD4-", kind="text/html; charset=utf-7"),
    "a charset that is a codec": response(b"QUJD", kind="text/plain; charset=base64"),
    "a charset that compresses": response(zlib.compress(b"0" * 10**7), kind="text/plain; charset=zlib"),
    "a charset of rot13": response(b"nop", kind="text/plain; charset=rot13"),
    "a charset that is none": response(b"abc", kind="text/plain; charset=" + "x" * 9000),
    "a long content type": response(b"{}", kind="application/json" + "; a=b" * 9000),
    "zero bytes": response(b"\0" * 100000, kind="text/plain"),
    "a hundred thousand lines": _body("a\n" * 100000, kind="text/plain"),
    "one long line": _body("a" * 5000000, kind="text/plain"),
    "many values": _body("[" + "1," * 1500000 + "1]"),
    "many keys": _body("{" + ",".join(f'"k{n}": {n}' for n in range(200000)) + "}"),
    "XML entities": _body('<!DOCTYPE a [<!ENTITY b "' + "c" * 999 + '">]><a>' + "&b;" * 9999 + "</a>", kind="text/xml"),
    "a redirect to itself": _body("", "Location: /x", status="302 Found"),
    "a redirect to a file": _body("", "Location: file:///etc/passwd", status="302 Found"),
    "a redirect of a megabyte": _body("", "Location: http://a.test/" + "a" * 60000, status="302 Found"),
    "a redirect to metadata": _body("", "Location: http://169.254.169.254/latest/", status="307 Temporary Redirect"),
    "a status of nine digits": b"HTTP/1.1 200000000 OK\r\nContent-Length: 0\r\n\r\n",
    "a status below zero": b"HTTP/1.1 -1 OK\r\nContent-Length: 0\r\n\r\n",
    "no status": b"HTTP/1.1\r\n\r\n",
    "HTTP/0.9": b"hello",
    "HTTP/9.9": b"HTTP/9.9 200 OK\r\nContent-Length: 0\r\n\r\n",
    "another protocol": b"SSH-2.0-OpenSSH_9.9\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00" * 9,
    "a length below zero": b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nab",
    "a length of exabytes": b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nab",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
    "a length and chunks": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a chunk of exabytes": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nab",
    "a chunk below zero": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nab",
    "a chunk's extension": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;"
    + b"a" * 10**6
    + b"\r\na\r\n0\r\n\r\n",
    "many headers": b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 90000 + b"Content-Length: 0\r\n\r\n",
    "a long header": b"HTTP/1.1 200 OK\r\nX-A: " + b"b" * 10**7 + b"\r\nContent-Length: 0\r\n\r\n",
    "a long name of a header": b"HTTP/1.1 200 OK\r\n" + b"b" * 10**6 + b": c\r\nContent-Length: 0\r\n\r\n",
    "folded headers": b"HTTP/1.1 200 OK\r\nX-A: b\r\n" + b" c\r\n" * 50000 + b"Content-Length: 0\r\n\r\n",
    "a long reason": b"HTTP/1.1 200 " + b"O" * 10**7 + b"\r\nContent-Length: 0\r\n\r\n",
    "many cookies": b"HTTP/1.1 200 OK\r\n"
    + b"".join(b"Set-Cookie: a%d=b\r\n" % n for n in range(90))
    + b"Content-Length: 0\r\n\r\n",
    "a cookie of a megabyte": b"HTTP/1.1 200 OK\r\nSet-Cookie: a=" + b"b" * 60000 + b"\r\nContent-Length: 0\r\n\r\n",
    "a cookie for another host": _body("{}", "Set-Cookie: a=b; Domain=.com; Path=/../.."),
    "continue, without end": b"HTTP/1.1 100 Continue\r\n\r\n" * 50000,
    "early hints, without end": b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 50000,
    "switching protocols": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
    "gzip that is none": _encoded("gzip", b"no gzip"),
    "an encoding that is none": _encoded("a" * 5000, b"x"),
    "a hundred encodings": _encoded(", ".join(["gzip"] * 100), b"x"),
    "a hundred identities": _encoded(", ".join(["identity"] * 100), b"x"),
    "retry after a century": _body("", "Retry-After: 3153600000", status="503 Service Unavailable"),
    "a date that is none": _body("", "Retry-After: Mon, 99 Foo 99999 99:99:99 GMT", status="503 Service Unavailable"),
}
_BOMBS = {f"{encoding}, {times} times": (encoding, times) for encoding in ("gzip", "deflate") for times in (1, 2, 3)}
_ENDLESS: dict[str, tuple[bytes, bytes]] = {
    "an endless body": (b"HTTP/1.1 200 OK\r\n\r\n", b"a" * 65536),
    "an endless line of JSON": (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[", b"1," * 30000),
    "endless chunks": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"400\r\n" + b"a" * 1024 + b"\r\n"),
    "endless small chunks": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n" * 1000),
    "endless trailers": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"X-A: b\r\n" * 1000),
    "endless headers": (b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n" * 1000),
    "an endless header": (b"HTTP/1.1 200 OK\r\nX-A: ", b"b" * 65536),
    "an endless reason": (b"HTTP/1.1 200 ", b"b" * 65536),
    "endless continues": (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
    "endless blanks": (b"", b"\r\n" * 1000),
    "endless gzip": (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", gzip.compress(b"0" * 10**6)),
}


def payloads() -> Iterator[Payload]:
    for name, content in _WHOLE.items():
        yield Payload(name, partial(_answered, content))
    for name, (encoding, times) in _BOMBS.items():
        yield Payload(name, partial(_bomb, encoding, times), mebibytes=2 * _BOMB // 1024 // 1024 + 100)
    for name, (head, rest) in _ENDLESS.items():
        yield Payload(name, partial(_endless, head, rest))


def _answered(content: bytes) -> str:
    checks = [{"path": "$.body", "equals": 1}, {"path": "$.status", "equals": 200}]
    call(lambda _: content, "-v", params={"follow_redirects": True}, timeout_seconds=3, **{"assert": checks})
    awsit("status")
    return ""


def _bomb(encoding: str, times: int) -> str:
    body = _zeros("gzip" if encoding == "gzip" else "zlib", times)
    call(lambda _: _encoded(", ".join([encoding] * times), body), timeout_seconds=3)
    return ""


def _endless(head: bytes, rest: bytes) -> str:
    """A server that never stops sending; what it sends in three seconds is not counted as awsit's time."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_send, args=(server, head, rest), daemon=True).start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        awsit("run", write("s.json", scenario({**_ACTION, "params": {"url": url}})))
    return ""


def _send(server: socket.socket, head: bytes, rest: bytes) -> None:
    client, _ = server.accept()
    with client:
        try:
            client.recv(65536)
            client.sendall(head)
            while True:
                client.sendall(rest)
        except OSError:
            return
