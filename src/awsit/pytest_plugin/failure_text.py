"""Why a scenario failed, as pytest shows it: the reason in the short summary and in JUnit, the rest in its section."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

if TYPE_CHECKING:
    import pytest


class TextOutput(Protocol):
    """What pytest writes a failure to."""

    def line(self, text: str) -> None:
        """Write a line."""


class Crash(Struct, frozen=True):
    """What pytest and its plugins read of a failure: where it is, and why in one line."""

    path: str
    lineno: int
    message: str


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
