"""A sandbox with a few lines of Python as its server, and a fake HTTP transport."""

import contextlib
import os
import signal
import sys
import time

import pytest

from awsit.errors import ActionError, ErrorKind
from awsit.model import json
from awsit.model.http import HttpResponse
from awsit.sandbox.sandbox import Sandbox
from awsit.sandbox.server import SandboxOptions
from awsit.system.clock import SystemClock
from awsit.system.randomness import SeededRandomness

LIVES = "import signal; print('the server is ready', flush=True); signal.pause()"


def says_ready(log):
    return log.exists() and "ready" in log.read_text()


class FakeHttp:
    """The health page of the server: healthy once its log says `ready`, or from then on silent when `silent` is set."""

    def __init__(self, folder):
        self.folder = folder
        self.silent = False
        self.stranger = False
        self.reset_status = 200
        self.sent = []

    def send(self, request):
        self.sent.append((request.method, request.url))
        record = self.folder / "sandbox" / "server.json"
        log = self.folder / "sandbox" / "server.log"
        deadline = time.monotonic() + 30
        while self.silent and time.monotonic() < deadline and not says_ready(log):
            time.sleep(0.005)
        if self.silent or not record.exists() or not says_ready(log):
            raise ActionError("connection refused", kind=ErrorKind.CONNECTION)
        if request.url.endswith("/reset"):
            return HttpResponse(self.reset_status, {}, b"{}", request.url)
        token = "another" if self.stranger else json.loads(record.read_text())["token"]
        health = {"edition": token, "ready_scripts": {"status": "completed"}}
        return HttpResponse(200, {}, json.dumps(health).encode(), request.url)


@pytest.fixture
def http(tmp_path):
    return FakeHttp(tmp_path)


@pytest.fixture
def make(tmp_path, http):
    """A function that makes sandboxes of one state folder, with `code` as their server."""
    made = []

    def make(code=LIVES, **options):
        settings = {"ready_within_seconds": 30.0, "ended_within_seconds": 0.3, **options}
        sandbox = Sandbox(
            tmp_path,
            http,
            SystemClock(),
            SeededRandomness(),
            options=SandboxOptions(**settings),
            command=(sys.executable, "-S", "-E", "-c", code),
            needed_modules=(),
        )
        made.append(sandbox)
        return sandbox

    yield make
    for sandbox in made:
        sandbox.stop()


@pytest.fixture
def murder():
    """A function that kills a server without the sandbox, and collects its exit status."""

    def kill(info):
        os.kill(info.pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(info.pid, 0)

    return kill
