"""Stack traces in logs: what belongs to one, what it says, and the line of the function's own code that it leads to."""

from __future__ import annotations

import re
from collections.abc import Iterator

TRACEBACK = "Traceback (most recent call last)"
LONGEST_TRACE, LARGEST_TRACE = 200, 64 * 1024
"""Lines and characters of a stack trace that are joined."""

_PYTHON = re.compile(r'^[ \t]*File "(?P<file>[^"]+)", line (?P<line>\d+)(?:, in (?P<name>.+))?$', re.MULTILINE)
_NODE = re.compile(
    r"^[ \t]*at (?:(?P<name>[^\n(]+?) \()?(?:file://)?(?P<file>/[^\n():]+):(?P<line>\d+):\d+\)?$", re.MULTILINE
)
_JAVA = re.compile(r"^[ \t]*at (?P<name>[\w.$<>]+)\((?P<file>[\w$]+\.\w+):(?P<line>\d+)\)$", re.MULTILINE)
_LIBRARY = re.compile(r"site-packages|node_modules|/opt/python|/var/runtime|/var/lang|/_worker\.py$|/lib/python|^node:")
_FRAME = re.compile(r"^(?:\s|Caused by: |\.\.\. \d+ more)")
_CHAINED = ("During handling of the above exception", "The above exception was the direct cause")
_ENDS = re.compile(r"^(?:START|END|REPORT) RequestId: ")


def is_continued(text: str, following: str) -> bool:
    """Whether a log line belongs to the text before it: a part of its stack trace, or the trace of its message."""
    if (
        len(text) > LARGEST_TRACE
        or text.count("\n") >= LONGEST_TRACE
        or _ENDS.match(following)
        or text.lstrip().startswith("{")
    ):
        return False
    if TRACEBACK in text:
        return _is_open(text) or not following.strip() or following.startswith((*_CHAINED, TRACEBACK))
    if following.startswith(TRACEBACK):
        return "ERROR" in text or "CRITICAL" in text
    return bool(re.match(r"^\s+at \S", following) or following.startswith("Caused by: ")) and not _ENDS.match(text)


def last_line(message: str) -> str:
    """What the message says, on one line: of a stack trace, what was raised, after the text that came before it."""
    lines = [line for line in message.splitlines() if line.strip()]
    if not lines:
        return ""
    if TRACEBACK not in message:
        return lines[0].strip()
    before = lines[0].strip() if TRACEBACK not in lines[0] else ""
    raised = next((line.strip() for line in reversed(lines) if not _FRAME.match(line)), "")
    if not raised or TRACEBACK in raised or raised == before:
        return before or lines[-1].strip()
    return f"{before}: {raised}" if before else raised


def code_position(message: str) -> str:
    """The innermost frame in the function's own code, as `app.py line 4, in handler`; empty where there is none."""
    python = list(_PYTHON.finditer(message))
    frames = [*reversed(python)] if python else [*_NODE.finditer(message), *_JAVA.finditer(message)]
    own = next((frame for frame in frames if not _LIBRARY.search(frame["file"])), None)
    if own is None:
        return ""
    place = f"{own['file'].rsplit('/', 1)[-1]} line {own['line']}"
    return f"{place}, in {own['name'].strip()}" if own["name"] else place


def _is_open(text: str) -> bool:
    """Whether the trace's last line, which says what was raised, is still to come."""
    lines = _of_trace(text)
    return all(_FRAME.match(line) or not line.strip() for line in lines)


def _of_trace(text: str) -> Iterator[str]:
    """The lines after the last head of a trace."""
    yield from text.rpartition(TRACEBACK)[2].splitlines()[1:]
