"""What a scenario's own diagnostics (`on_failure`) brought back: they passed, and are there to be read."""

from __future__ import annotations

from collections.abc import Mapping

from awsit.model.json import Json
from awsit.model.plan import Phase
from awsit.model.result import RunResult, Status
from awsit.reporting.terminal.terminal import INDENT, Console, plain, show
from awsit.reporting.terminal.text import Text
from awsit.reporting.terminal.values import Limits, cut, mapping


def show_diagnostics(result: RunResult, console: Console, limits: Limits) -> None:
    """Show the response of each diagnostic that passed; one that failed is explained as any other action."""
    steps = [step for step in result.steps if step.phase == Phase.ON_FAILURE and step.status is Status.PASSED]
    if not steps:
        return
    show(console)
    show(console, "Diagnostics", style="bold")
    for step in steps:
        title = Text(f"{INDENT}{plain(step.name)}")
        title.append(f"  {plain(step.type)}", style="dim")
        show(console, title)
        if lines := _log_lines(step.response):
            show(console, Text("\n".join(f"    {line}" for line in cut(lines, limits))))
        elif response := mapping(step.response, 4, limits):
            show(console, response)


def _log_lines(response: Json) -> list[str]:
    """The messages of log events, where that is what the response is (`FilterLogEvents`, `GetLogEvents`)."""
    events = response.get("events") if isinstance(response, Mapping) else None
    if not isinstance(events, list) or not all(isinstance(each, Mapping) and "message" in each for each in events):
        return []
    return [plain(line) for each in events for line in str(each["message"]).strip().splitlines()]
