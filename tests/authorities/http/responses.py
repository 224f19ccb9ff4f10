"""Responses as servers send them, right and wrong: names, and the bytes on the wire."""

from collections.abc import Iterator

OK = "HTTP/1.1 200 OK\r\n"
CHUNKED = OK + "Transfer-Encoding: chunked\r\n"


def _with_headers(*lines: str, body: str = "hello") -> str:
    return OK + "".join(f"{line}\r\n" for line in lines) + "\r\n" + body


RESPONSES = {
    # status lines
    "a plain answer": _with_headers("Content-Length: 5"),
    "no reason": "HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello",
    "an empty reason": "HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nhello",
    "a reason of several words": "HTTP/1.1 404 Not here, sorry\r\nContent-Length: 5\r\n\r\nhello",
    "a reason in Latin-1": "HTTP/1.1 200 trouv\xe9\r\nContent-Length: 5\r\n\r\nhello",
    "a status nobody knows": "HTTP/1.1 799 Own\r\nContent-Length: 5\r\n\r\nhello",
    "HTTP 1.0": "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "HTTP 1.0, kept alive": "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello",
    "HTTP 1.0 to the end": "HTTP/1.0 200 OK\r\n\r\nhello",
    "another minor version": "HTTP/1.2 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "two digits of a minor version": "HTTP/1.11 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "version 2": "HTTP/2.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "version 0.9": "HTTP/0.9 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "no version": "HTTP 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "another protocol": "RTSP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "a letter too many": "HTTPS/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "lower case": "http/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "no status": "HTTP/1.1 OK\r\nContent-Length: 5\r\n\r\nhello",
    "a status of two digits": "HTTP/1.1 20 OK\r\nContent-Length: 5\r\n\r\nhello",
    "a status of four digits": "HTTP/1.1 2000 OK\r\nContent-Length: 5\r\n\r\nhello",
    "a status with a letter": "HTTP/1.1 2x0 OK\r\nContent-Length: 5\r\n\r\nhello",
    "a negative status": "HTTP/1.1 -200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "a tab for a space": "HTTP/1.1\t200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "two spaces": "HTTP/1.1  200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "a blank line before": "\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "no HTTP at all": "hello\r\n",
    "nothing": "",
    "half a status line": "HTTP/1.1 2",
    "half a head": OK + "Content-Len",
    # ends of lines
    "line feeds alone": "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello",
    "line feeds here and there": "HTTP/1.1 200 OK\r\nA: 1\nContent-Length: 5\r\n\nhello",
    "a carriage return in a value": _with_headers("A: one\rtwo", "Content-Length: 5"),
    "a carriage return for an end": "HTTP/1.1 200 OK\rContent-Length: 5\r\rhello",
    # headers
    "no headers": OK + "\r\nhello",
    "no space after the colon": _with_headers("Content-Length:5"),
    "space around the value": _with_headers("Content-Length: \t 5 \t"),
    "an empty value": _with_headers("A:", "Content-Length: 5"),
    "a colon in the value": _with_headers("A: b:c", "Content-Length: 5"),
    "a name of odd characters": _with_headers("A!#$%&'*+-.^_`|~1: b", "Content-Length: 5"),
    "a value in UTF-8": _with_headers("A: \xc3\xa9", "Content-Length: 5"),
    "space before the colon": _with_headers("Content-Length : 5"),
    "a space in the name": _with_headers("A b: c", "Content-Length: 5"),
    "an empty name": _with_headers(": b", "Content-Length: 5"),
    "no colon": _with_headers("what", "Content-Length: 5"),
    "a folded value": _with_headers("A: one", " two", "Content-Length: 5"),
    "a folded line first": OK + " A: b\r\nContent-Length: 5\r\n\r\nhello",
    "a zero byte in a value": _with_headers("A: b\0c", "Content-Length: 5"),
    "the same header often": _with_headers("A: 1", "A: 2", "A: 3", "Content-Length: 5"),
    # Content-Length
    "a length of zero": _with_headers("Content-Length: 0", body=""),
    "the same length twice": _with_headers("Content-Length: 5", "Content-Length: 5"),
    "two lengths": _with_headers("Content-Length: 3", "Content-Length: 5"),
    "a list of one length": _with_headers("Content-Length: 5, 5"),
    "a list of lengths": _with_headers("Content-Length: 5, 6"),
    "a length with a plus": _with_headers("Content-Length: +5"),
    "a negative length": _with_headers("Content-Length: -5"),
    "a length with a letter": _with_headers("Content-Length: 5a"),
    "a length in hexadecimal": _with_headers("Content-Length: 0x5"),
    "an empty length": _with_headers("Content-Length:"),
    "a length with a space in it": _with_headers("Content-Length: 1 5"),
    "a length past all numbers": _with_headers("Content-Length: 99999999999999999999999"),
    "a length with zeros before": _with_headers("Content-Length: 0005"),
    "less than its length": _with_headers("Content-Length: 9"),
    "more than its length": _with_headers("Content-Length: 3"),
    # Transfer-Encoding
    "chunks": CHUNKED + "\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
    "one chunk": CHUNKED + "\r\n5\r\nhello\r\n0\r\n\r\n",
    "no chunk": CHUNKED + "\r\n0\r\n\r\n",
    "chunk sizes in both cases": CHUNKED + "\r\na\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n",
    "chunk sizes with zeros before": CHUNKED + "\r\n0005\r\nhello\r\n000\r\n\r\n",
    "chunk extensions": CHUNKED + "\r\n5;a=b\r\nhello\r\n0;c\r\n\r\n",
    "a quoted chunk extension": CHUNKED + '\r\n5;a="b;c"\r\nhello\r\n0\r\n\r\n',
    "trailers": CHUNKED + "Trailer: A\r\n\r\n5\r\nhello\r\n0\r\nA: b\r\n\r\n",
    "Chunked in another case": OK + "Transfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "chunks without an end": CHUNKED + "\r\n5\r\nhello\r\n",
    "half a chunk": CHUNKED + "\r\n9\r\nhello",
    "a chunk size that is none": CHUNKED + "\r\nx\r\nhello\r\n0\r\n\r\n",
    "a negative chunk size": CHUNKED + "\r\n-5\r\nhello\r\n0\r\n\r\n",
    "an empty chunk size": CHUNKED + "\r\n\r\nhello\r\n0\r\n\r\n",
    "a chunk size past all numbers": CHUNKED + "\r\nfffffffffffffffffffff\r\nhello\r\n0\r\n\r\n",
    "a chunk longer than its size": CHUNKED + "\r\n3\r\nhello\r\n0\r\n\r\n",
    "a sign before a chunk size": CHUNKED + "\r\n+5\r\nhello\r\n0\r\n\r\n",
    "a sign before the last chunk size": CHUNKED + "\r\n5\r\nhello\r\n-0\r\n\r\n",
    "a chunk size as in Python": CHUNKED + "\r\n0x5\r\nhello\r\n0\r\n\r\n",
    "a chunk size with a line in it": CHUNKED + "\r\n0_5\r\nhello\r\n0\r\n\r\n",
    "a chunk two bytes longer than its size": CHUNKED + "\r\n5\r\nhello!!0\r\n\r\n",
    "spaces after a chunk size": CHUNKED + "\r\n5  \r\nhello\r\n0 \r\n\r\n",
    "a space before a chunk size": CHUNKED + "\r\n 5\r\nhello\r\n0\r\n\r\n",
    "chunks and a length": CHUNKED + "Content-Length: 3\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "another transfer coding": OK + "Transfer-Encoding: identity\r\n\r\nhello",
    "two transfer codings": OK + "Transfer-Encoding: gzip, chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "chunked, and then another": OK + "Transfer-Encoding: chunked, gzip\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "chunked twice": CHUNKED + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "nearly chunked": OK + "Transfer-Encoding: xchunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    # statuses without a body, and interim ones
    "204 with a length": "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n",
    "204 with chunks": "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n",
    "204 with a body": "HTTP/1.1 204 No Content\r\n\r\nhello",
    "304 with a length": "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
    "304 with chunks": "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n",
    "205 with a body": "HTTP/1.1 205 Reset\r\nContent-Length: 5\r\n\r\nhello",
    "100 before": "HTTP/1.1 100 Continue\r\n\r\n" + _with_headers("Content-Length: 5"),
    "102 and 103 before": "HTTP/1.1 102 P\r\n\r\nHTTP/1.1 103 E\r\nLink: </a>\r\n\r\n"
    + _with_headers("Content-Length: 5"),
    "103 with a length before": "HTTP/1.1 103 E\r\nContent-Length: 3\r\n\r\n" + _with_headers("Content-Length: 5"),
    "103 and nothing": "HTTP/1.1 103 E\r\n\r\n",
    "101": "HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
    "101 and the other protocol": "HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nbytes",
    # what is left on the connection
    "two answers at once": _with_headers("Content-Length: 5") * 2,
    "closed": _with_headers("Connection: close", "Content-Length: 5"),
    "closed, without a length": _with_headers("Connection: close"),
    "neither length nor close": _with_headers("Content-Type: text/plain"),
}


def cases() -> Iterator[tuple[str, bytes]]:
    for name, text in RESPONSES.items():
        yield name, text.encode("latin-1")
