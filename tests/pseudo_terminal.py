"""A program in a pseudo terminal, with a person before it."""

import os
import pty
import subprocess
import sys
import termios
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from fcntl import ioctl
from struct import pack

CTRL_C = b"\x03"
CONTROLLED = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execvp(sys.argv[1], sys.argv[1:])
"""
"""Makes its standard input the terminal that controls the session, then becomes the program."""


class Terminal:
    """What was written to the terminal so far, and what is typed into it."""

    def __init__(self, descriptor: int, process: "subprocess.Popen[bytes]") -> None:
        self._descriptor = descriptor
        self._process = process
        self.shown = ""

    def until(self, text: str) -> None:
        """Wait until the text is shown. What the program ends without is a failure."""
        while text not in self.shown:
            assert self._read(), f"{text!r} was never shown:\n{self.shown}"

    def press(self, keys: bytes) -> None:
        """Type."""
        os.write(self._descriptor, keys)

    def end(self) -> int:
        """Wait until the program ends; its exit code."""
        while self._read():
            pass
        return self._process.wait(60)

    def _read(self) -> bytes:
        block = b""
        with suppress(OSError):  # the other end was closed: Linux tells it so
            block = os.read(self._descriptor, 65536)
        self.shown += block.decode(errors="replace")
        return block


@contextmanager
def terminal(command: Sequence[str], environment: Mapping[str, str], columns: int = 80) -> Iterator[Terminal]:
    """Run the command in a terminal, from which Ctrl-C reaches it as a signal."""
    parent, child = pty.openpty()
    ioctl(child, termios.TIOCSWINSZ, pack("HHHH", 24, columns, 0, 0))
    started = [sys.executable, "-c", CONTROLLED, *command]
    streams = {"stdin": child, "stdout": child, "stderr": child}
    with subprocess.Popen(started, env=environment, start_new_session=True, **streams) as process:
        os.close(child)
        try:
            yield Terminal(parent, process)
        finally:
            process.kill()
            os.close(parent)
