"""A service that gives secrets away: in bodies, headers, cookies and error messages."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ISSUED = "c4nary-issued-by-the-service"
CODE = "c4nary-code-that-redact-names"
COOKIE = "c4nary-cookie-of-the-service"


class Handler(BaseHTTPRequestHandler):
    """`/login` issues, `/fail` complains of what it was sent, anything else repeats it."""

    protocol_version = "HTTP/1.1"

    def handle_any(self) -> None:
        """Answer one request."""
        sent = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        asked = {"path": self.path, "headers": dict(self.headers), "body": sent}
        if self.path.startswith("/login"):
            self.answer(
                200, {"session_token": ISSUED, "code": CODE, "status": "in"}, [("Set-Cookie", f"sid={COOKIE}; Path=/")]
            )
        elif self.path.startswith("/fail"):
            self.answer(500, {"message": f"cannot use {asked}", "status": "broken"})
        else:
            self.answer(200, {"asked": asked, "text": f"you sent {sent}"})

    do_GET = do_POST = do_PUT = do_DELETE = handle_any  # noqa: N815 - http.server's names

    def answer(self, status: int, document: Any, headers: list[tuple[str, str]] | None = None) -> None:
        """Send a document."""
        body = json.dumps(document).encode()
        self.send_response(status)
        for name, value in [("Content-Type", "application/json"), ("Content-Length", str(len(body))), *(headers or [])]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[str]:
    """The service's URL, for as long as the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
