"""A server on this machine that keeps what it was sent, and awsit itself, which sends it."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

AWSIT = Path(sys.executable).with_name("awsit")


@dataclass(frozen=True)
class Request:
    """A request as it came over the wire."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


class RecordingHandler(BaseHTTPRequestHandler):
    """Answers 200 to everything."""

    requests: list[Request]

    def handle_request(self) -> None:
        """Keep the request."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.path, headers, body)
        self.requests.append(request)
        self.answer(request)

    def answer(self, request: Request) -> None:
        """Say that all is well."""
        self.respond(200)

    def respond(self, status: int, body: bytes = b"") -> None:
        """Send a response."""
        self.send_response(status)
        if body:
            self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = handle_request  # noqa: N815 - http.server's names


@contextmanager
def served(handler: type[RecordingHandler]) -> Iterator[tuple[str, list[Request]]]:
    """The server's address, and the requests that have come."""
    requests: list[Request] = []
    own = type("Handler", (handler,), {"requests": requests})
    with ThreadingHTTPServer(("127.0.0.1", 0), own) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", requests
        finally:
            server.shutdown()
            thread.join()


def run_awsit(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command in a folder."""
    command = [str(AWSIT), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)


def awsit(folder: Path, *arguments: str) -> str:
    """What a command says in a folder; it has to succeed."""
    done = run_awsit(folder, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
