"""The request and the response of a step: as documents, as a curl command, as lines of a log."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from awsit.model import json
from awsit.model.json import Json
from awsit.model.result import StepResult
from awsit.reporting.failure_context import FailureContext
from awsit.reporting.terminal.curl import curl
from awsit.reporting.terminal.terminal import Console, plain, show
from awsit.reporting.terminal.text import Text
from awsit.reporting.terminal.values import Limits, cut, mapping

LOG_LINES = 8
"""The last lines of a log, which are shown."""


def show_exchange(step: StepResult, console: Console, limits: Limits) -> None:
    """Show the request and the response whole."""
    for name, value in (("request", step.request), ("response", step.response)):
        _show_document(name, value, console, limits)


def show_evidence(step: StepResult, console: Console, limits: Limits, context: FailureContext) -> None:
    """Show request, response, curl command and log of a step that did not pass; if brief, not what was shown before."""
    command = curl(step.request, context.aws_endpoint)
    if not limits.brief or not command:
        _show_document("request", step.request, console, limits)
    _show_document("response", _without_shown(step) if limits.brief else step.response, console, limits)
    if command:
        show(console, "  curl", style="bold")
        show(console, _command(command, limits))
    lines = [*_tail(step.response), *context.log.get((step.phase, step.index), ())]
    if lines:
        show(console, "  log", style="bold")
        kept = cut([plain(line) for line in lines[-LOG_LINES:]], limits)
        show(console, Text("\n".join(f"    {line}" for line in kept)))


def _show_document(name: str, value: Json, console: Console, limits: Limits) -> None:
    text = None if value in (None, {}, []) else mapping(value, 4, limits)
    if text:
        show(console, f"  {name}", style="bold")
        show(console, text)


def _without_shown(step: StepResult) -> Json:
    """The response without the fields that the diff of an assertion, or the message of the error, has shown."""
    shown = {check.path for check in step.assertions if check.diff and not check.passed}
    if not isinstance(step.response, Mapping) or "$" in shown:
        return {} if "$" in shown else step.response
    message = step.error.message if step.error else ""
    return {
        name: value for name, value in step.response.items() if f"$.{name}" not in shown and not _says(message, value)
    }


def _says(message: str, value: Json) -> bool:
    """Whether the message holds the value: a number as a word of its own, anything else whole."""
    text = value if isinstance(value, str) else json.dumps(value)
    if not text or text not in message:  # a pattern of a long text takes a second to compile
        return False
    return re.search(rf"(?<![\w.]){re.escape(text)}(?![\w.])", message) is not None


def _command(lines: Sequence[str], limits: Limits) -> str:
    """The command on one line where it fits, else an option a line; both can be pasted into a shell."""
    one_line = " ".join(lines)
    return f"    {one_line}" if len(one_line) + 4 <= limits.width else "    " + " \\\n      ".join(lines)


def _tail(response: Json) -> list[str]:
    """The last lines that an invoked function logged (Lambda returns them with the result)."""
    tail = response.get("log_tail") if isinstance(response, Mapping) else None
    return tail.strip().splitlines() if isinstance(tail, str) else []
