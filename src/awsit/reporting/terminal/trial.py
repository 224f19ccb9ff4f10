"""What came of an expression that was tried: matches with their places, assertions that hold or do not."""

from __future__ import annotations

from collections.abc import Sequence

from awsit.model import json
from awsit.model.json import Json
from awsit.model.result import AssertionResult
from awsit.reporting.terminal.assertions import assertion_line, show_assertion
from awsit.reporting.terminal.terminal import Console, plain, show
from awsit.reporting.terminal.values import Limits


def show_matches(matches: Sequence[tuple[str, Json]], console: Console) -> None:
    """Show each value whole, as JSON, below its path if it has one."""
    for path, value in matches:
        if path:
            show(console, plain(path), style="bold")
        text = plain(json.dumps(value, indent=2))
        show(console, "\n".join(f"  {line}" if path else line for line in text.splitlines()))


def show_checks(checks: Sequence[AssertionResult], console: Console, limits: Limits) -> None:
    """Show a line for each assertion, and of one that does not hold, expected, actual and diff."""
    for check in checks:
        show(console, assertion_line(check, console))
        if not check.passed:
            show_assertion(check, console, limits, titled=False)
