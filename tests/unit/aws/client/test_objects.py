"""Objects of S3 whose download breaks off half-way: a server on loopback counts the requests."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest
from botocore.exceptions import ClientError, IncompleteReadError, ReadTimeoutError, ResponseStreamingError

from awsit.aws.client.clients import AwsClients
from awsit.aws.client.deadline import within
from awsit.aws.client.objects import read_object

CONTENT = bytes(range(256)) * 300


class Bucket(ThreadingHTTPServer):
    """One object; so many downloads break off after half of it."""

    def __init__(self, broken: int) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.broken = broken
        self.methods: list[str] = []
        self.go_on = Event()
        self.go_on.set()


class Handler(BaseHTTPRequestHandler):
    server: Bucket
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.methods.append("GET")
        if not self.path.startswith("/bucket/a%20key"):
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        breaks_off = len(self.server.methods) <= self.server.broken
        self._begin()
        self.wfile.write(CONTENT[: len(CONTENT) // 2] if breaks_off else CONTENT)
        self.server.go_on.wait(20)
        self.close_connection = breaks_off

    def do_HEAD(self) -> None:
        self.server.methods.append("HEAD")
        self._begin()

    def _begin(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.send_header("ETag", '"1"')
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def bucket(broken: int) -> Iterator[Bucket]:
    with Bucket(broken) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.go_on.set()
            server.shutdown()
            thread.join()


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")


def read(server: Bucket, key: str = "a key", seconds: float = 60) -> bytes:
    aws = AwsClients(region="eu-west-1", endpoint_url=f"http://127.0.0.1:{server.server_port}")
    s3 = aws.client("s3")
    aws.session.get_credentials()
    try:
        with within(seconds):
            return read_object(s3, "bucket", key)
    finally:
        aws.close()


@pytest.mark.parametrize("broken", [0, 1, 2, 4])
def test_an_object_comes_whole_though_downloads_break_off(broken: int) -> None:
    with bucket(broken) as server:
        assert read(server) == CONTENT
        assert server.methods.count("GET") == broken + 1
        assert broken or server.methods == ["GET"]


def test_a_download_that_always_breaks_off_is_an_error() -> None:
    with bucket(99) as server:
        with pytest.raises((IncompleteReadError, ResponseStreamingError)):
            read(server)
        assert 2 < server.methods.count("GET") < 10


def test_an_object_that_is_not_there_is_not_looked_for_again() -> None:
    with bucket(0) as server:
        with pytest.raises(ClientError):
            read(server, "another")
        assert server.methods == ["GET"]


def test_a_download_that_the_time_ends_is_not_begun_anew() -> None:
    with bucket(99) as server:
        server.go_on.clear()
        with pytest.raises(ReadTimeoutError):
            read(server, seconds=1)
        assert server.methods == ["GET"]
