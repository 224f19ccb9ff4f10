"""Why a scenario failed, as pytest shows it: the reason in the short summary and in JUnit, the rest in its section."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

if TYPE_CHECKING:
    import pytest


_OPTION = re.compile(
    r"`(?:awsit|aws|cdk) [^`]*`|awsit .*|--(engine|stack|state-machine-arn|region|profile|sandbox|var)(?![\w-])"
)
"""An option of `awsit run` that pytest has under a name of its own; or a command, in which options are its own."""


def with_pytest_options(text: str) -> str:
    """What an error says, with the options of pytest in the place of those of `awsit run`."""
    return _OPTION.sub(lambda match: f"--awsit-{match[1]}" if match[1] else match[0], text)


class TextOutput(Protocol):
    """What pytest writes a failure to."""

    def line(self, text: str) -> None:
        """Write a line."""


class Crash(Struct, frozen=True):
    """What pytest and its plugins read of a failure: where it is, and why in one line."""

    path: str
    lineno: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.lineno}: {self.message}"  # what `--tb=line` shows


class FailureText:
    """A reason in one line and an explanation, in the form of pytest's own failures (`reprcrash`, `toterminal`)."""

    def __init__(self, reason: str, explanation: str, path: str, lineno: int) -> None:
        self._explanation = explanation
        self.reprcrash = Crash(path, lineno, reason)

    def __str__(self) -> str:
        return f"{self.reprcrash.message}\n\n{self._explanation}"

    def toterminal(self, output: TextOutput) -> None:
        """Write the explanation."""
        output.line(self._explanation)


def restore(report: pytest.TestReport) -> None:
    """Give a failed scenario's report, which came as plain text from a process of pytest-xdist, its form again."""
    if not ("awsit" in report.keywords and isinstance(report.longrepr, str)):
        return
    path, line, _ = report.location
    reason, _, explanation = report.longrepr.partition("\n\n")
    if explanation:
        failure = FailureText(reason, explanation, path, (line or 0) + 1)
        report.longrepr = failure  # type: ignore[assignment]  # pytest's class for it, TerminalRepr, is private
