"""Answers with status 200 that no service gives, over real sockets."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from awsit.aws.client.clients import AwsClients
from awsit.errors import ActionError, ErrorKind

QUEUE = "http://sqs.test/000000000000/q"


class Proxy(HTTPServer):
    body = b""


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.send_response(200)
        body = self.server.body  # type: ignore[attr-defined]
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with Proxy(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def clients(proxy: Proxy) -> AwsClients:
    return AwsClients(region="eu-west-1", endpoint_url=f"http://127.0.0.1:{proxy.server_port}")


@pytest.mark.parametrize("body", [b"<html>sign in</html>", b"[]", b'{"MessageId": "cut', b"\xff\xfe"])
def test_a_page_of_a_proxy_is_no_answer(proxy: Proxy, body: bytes) -> None:
    proxy.body = body
    aws = clients(proxy)

    with pytest.raises(Exception, match="is no JSON") as caught:
        aws.client("sqs").send_message(QueueUrl=QUEUE, MessageBody="x")

    error = aws.translate(caught.value)
    assert isinstance(error, ActionError)
    assert (error.kind, error.service_code) == (ErrorKind.SERVICE, "ResponseParserError")
    assert "no answer of the service" in error.hint


def test_what_a_service_answers_passes(proxy: Proxy) -> None:
    aws = clients(proxy)
    proxy.body = b' {"MessageId": "m"}\n'
    assert aws.client("sqs").send_message(QueueUrl=QUEUE, MessageBody="x")["MessageId"] == "m"
    proxy.body = b""
    aws.client("sqs").purge_queue(QueueUrl=QUEUE)
    proxy.body = b"any text"
    assert aws.client("lambda").invoke(FunctionName="f")["Payload"].read() == b"any text"
