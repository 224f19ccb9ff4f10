"""Steps as lines of columns."""

from __future__ import annotations

from awsit.model.plan import Phase
from awsit.model.result import CleanupOutcome, Status, StepResult
from awsit.model.text.counts import count
from awsit.reporting.terminal.terminal import INDENT, Console, duration, mark, plain, style_of
from awsit.reporting.terminal.text import Text, cell_len

NAME_COLUMN = 30
TYPE_COLUMN = 14
TIME_COLUMN = 9

HEADINGS = {
    Phase.SETUP.value: "setup",
    Phase.ACTIONS.value: "actions",
    Phase.ON_FAILURE.value: "diagnostics",
    Phase.CLEANUP.value: "clean-up",
}


def step_line(step: StepResult, console: Console) -> Text:
    """The line of a finished step: mark, name, type, time, and the number of attempts where there were several."""
    text = Text(INDENT)
    text.append_text(mark(step.status, console))
    style = "" if step.status is Status.PASSED else style_of(step.status)
    text.append(f" {column(step.name, NAME_COLUMN)}", style=style)
    text.append(f" {column(step.type, TYPE_COLUMN)}", style="dim")
    if step.status in {Status.SKIPPED, Status.RUNNING}:
        text.append(("cut off" if step.was_cut_off else step.status.value).rjust(TIME_COLUMN), style="dim")
        if step.outcome is CleanupOutcome.NOTHING_TO_UNDO:
            text.append(f"  {step.outcome.words}", style="dim")
        return text
    text.append(duration(step.duration_seconds).rjust(TIME_COLUMN))
    if len(step.attempts) > 1:
        text.append(f"  {count(len(step.attempts), 'attempt')}", style="dim")
    if step.outcome is CleanupOutcome.MAY_BE_THERE:
        text.append(f"  {step.outcome.words}", style="yellow")
    return text


def running_line(name: str, kind: str, sign: str, seconds: float | None = None, note: str = "") -> Text:
    """The line of a step that runs now; `sign` is the frame of its spinner, `note` stands behind its time."""
    text = Text(INDENT)
    text.append(sign, style="cyan")
    text.append(f" {column(name, NAME_COLUMN)}")
    text.append(f" {column(kind, TYPE_COLUMN)}", style="dim")
    if seconds is not None:
        text.append(duration(seconds).rjust(TIME_COLUMN), style="dim")
    if note:
        text.append(f"  {plain(note)}", style="dim")
    text.rstrip()
    return text


def column(text: str, width: int) -> str:
    """The text padded to `width` cells, on one line; a longer text is not cut."""
    shown = plain(text).replace("\n", " ")
    return shown + " " * max(0, width - cell_len(shown))
