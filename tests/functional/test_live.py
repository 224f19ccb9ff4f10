"""The moving part of the screen, in a pseudo terminal: well-formed at the end, and nowhere else."""

import os
import pty
import re
import subprocess
import sys
import termios
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fcntl import ioctl
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from struct import pack

import pytest

AWSIT = Path(sys.executable).with_name("awsit")
SCENARIO = """
name: NAME
actions:
  - {name: First, type: http_call, params: {url: "URL/first"}}
  - name: Polled
    type: http_call
    params: {url: "URL/NAME"}
    until: {assert: [{path: $.body.calls, greater_than: 2}], interval_seconds: 0.1}
  - {name: Last, type: http_call, params: {url: "URL/last"}, assert: [{path: $.status, equals: STATUS}]}
"""
MOVES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


class Handler(BaseHTTPRequestHandler):
    """Counts the calls of each path."""

    calls: dict[str, int]

    def do_GET(self) -> None:
        """Answer with the count."""
        self.calls[self.path] = self.calls.get(self.path, 0) + 1
        body = b'{"calls": %d}' % self.calls[self.path]
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[str]:
    handler = type("Counting", (Handler,), {"calls": {}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def on_a_terminal(tmp_path: Path):
    """Run `awsit` in a terminal of 80 columns; what is sent to it, and its exit code."""

    def call(*arguments: str, **variables: str) -> tuple[str, int]:
        parent, child = pty.openpty()
        ioctl(child, termios.TIOCSWINSZ, pack("HHHH", 24, 80, 0, 0))
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TERM": "xterm-256color", "LANG": "C.UTF-8"}
        command = [str(AWSIT), *arguments]
        with subprocess.Popen(command, env={**environment, **variables}, stdout=child, stderr=child) as process:
            os.close(child)
            sent = b""
            with suppress(OSError):  # the other end was closed: Linux tells it so
                while block := os.read(parent, 65536):
                    sent += block
            os.close(parent)
        return sent.decode(), process.returncode

    with serving() as url:
        for name, status in (("fine", "200"), ("broken", "201")):
            path = tmp_path / "scenarios" / f"{name}.yaml"
            path.parent.mkdir(exist_ok=True)
            path.write_text(SCENARIO.replace("NAME", name).replace("URL", url).replace("STATUS", status))
        yield call


def screen(sent: str) -> list[str]:
    """What stands on the screen in the end: rich moves up, erases lines, and writes again."""
    lines, row = [""], 0
    for part in re.split(r"(\x1b\[[0-9;?]*[A-Za-z]|\r|\n)", sent):
        if part == "\n":
            row += 1
            lines += [""] * (row + 1 - len(lines))
        elif part.endswith("A") and part.startswith("\x1b["):
            row -= int(part[2:-1] or 1)
        elif part == "\x1b[2K":
            lines[row] = ""
        elif part and not MOVES.fullmatch(part):
            lines[row] += part
    return [line.rstrip() for line in lines]


def test_what_moved_is_gone_in_the_end(on_a_terminal):
    sent, code = on_a_terminal("run", "scenarios/fine.yaml")
    assert code == 0
    assert "attempt 2, not yet" in sent
    assert re.search("[━─]{24}", sent)
    assert sent.count("\x1b[?25l") == sent.count("\x1b[?25h") > 0  # the cursor is hidden, and comes back
    shown = "\n".join(screen(sent))
    assert not re.search("[\u2800-\u28ff━]", shown)
    assert [line.split()[1] for line in screen(sent) if line.startswith("  ✓")] == ["First", "Polled", "Last"]
    assert "PASSED  fine" in shown


def test_several_have_a_bar_each_while_they_run(on_a_terminal):
    sent, code = on_a_terminal("run", "scenarios", "--jobs", "2")
    assert code == 1
    assert "of 2 scenarios" in sent
    shown = "\n".join(screen(sent))
    assert not re.search("[\u2800-\u28ff━]", shown)
    assert "  ✓ fine " in shown
    assert "  awsit run scenarios/broken.yaml" in shown
    assert "2 scenarios: 1 failed, 1 passed" in shown


@pytest.mark.parametrize("variables", [{"CI": "true"}, {"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_where_nothing_may_move_no_line_is_written_over(on_a_terminal, variables):
    sent, code = on_a_terminal("run", "scenarios/fine.yaml", **variables)
    assert code == 0
    assert not re.search(r"\x1b\[\d*[A-HJKS-T]|\x1b\[\?25l", sent)
    shown = MOVES.sub("", sent)
    assert "» Polled" in shown
    assert "not yet: $.body.calls should be greater than 2" in shown
    assert bool(re.search(r"\x1b\[\d*;?3\dm", sent)) is ("CI" in variables)  # a colour
