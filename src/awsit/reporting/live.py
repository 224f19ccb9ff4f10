"""The moving part of the screen: what runs now, for how long, in which attempt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rich.console import Console
from rich.live import Live
from rich.text import Text

from awsit.model.events import CleanupStarted, Event, RunStarted, StepAttempted, StepFinished, StepStarted
from awsit.reporting.steps import running_line
from awsit.reporting.terminal import is_ascii

FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
ASCII_FRAMES = "|/-\\"
FRAMES_PER_SECOND = 8


@dataclass(slots=True)
class Running:
    """A step under way. `since` is the moment it began, on the reporter's clock."""

    name: str
    type: str
    since: float
    note: str = ""


class Progress:
    """Redraws the steps that run until it is stopped; finished lines are written above it."""

    def __init__(self, console: Console, elapsed: Callable[[], float]) -> None:
        self._elapsed = elapsed
        self._frames = ASCII_FRAMES if is_ascii(console) else FRAMES
        self._running: dict[tuple[str, int], Running] = {}
        self._waiting = Running("starting", "", elapsed())
        self._live = Live(
            console=console, get_renderable=self.render, refresh_per_second=FRAMES_PER_SECOND, transient=True
        )
        self._started = False

    def starting(self, name: str) -> None:
        """Draw that a run is being started."""
        self._waiting = Running(f"starting {name}", "", self._elapsed())
        self._draw()

    def handle(self, event: Event) -> None:
        """Take an event in, and begin to draw with the first one."""
        match event:
            case RunStarted() | CleanupStarted():
                words = "cleaning up" if isinstance(event, CleanupStarted) else "waiting for the first action"
                self._waiting = Running(words, "", self._elapsed())
            case StepStarted():
                self._running[event.phase, event.index] = Running(event.name, event.type, self._elapsed())
            case StepAttempted():
                self._again(event)
            case StepFinished(result=step):
                self._running.pop((step.phase, step.index), None)
                self._waiting = Running("waiting for the next action", "", self._elapsed())
            case _:
                pass
        self._draw()

    def stop(self) -> None:
        """Remove the moving part."""
        self._running.clear()
        if self._started:
            self._live.stop()
            self._started = False

    def render(self) -> Text:
        """The moving part as it is now."""
        now = self._elapsed()
        sign = self._frames[int(now * FRAMES_PER_SECOND) % len(self._frames)]
        running = list(self._running.values()) or [self._waiting]
        return Text("\n").join(
            running_line(step.name, step.type, sign, now - step.since, step.note) for step in running
        )

    def _again(self, event: StepAttempted) -> None:
        running = self._running.get((event.phase, event.index))
        if running:
            running.note = f"attempt {event.attempt.number + 1}"

    def _draw(self) -> None:
        if not self._started:
            self._started = True
            self._live.start()
        self._live.refresh()
