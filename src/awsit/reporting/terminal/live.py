"""The moving part of the screen: what runs now, for how long, in which attempt, and how much is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from rich.console import Console
from rich.live import Live
from rich.text import Text

from awsit.model.events import CleanupStarted, Event, RunFinished, RunStarted, StepAttempted, StepFinished, StepStarted
from awsit.model.plan import Phase
from awsit.model.result import RunStatus
from awsit.reporting.terminal.steps import NAME_COLUMN, column, running_line
from awsit.reporting.terminal.terminal import INDENT, count, duration, is_ascii, plain

FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
ASCII_FRAMES = "|/-\\"
FRAMES_PER_SECOND = 8
BAR, SMALL_BAR = 24, 10


@dataclass(slots=True)
class Running:
    """A step under way. `since` is the moment it began, on the reporter's clock."""

    name: str
    type: str
    since: float
    note: str = ""


@dataclass(slots=True)
class Going:
    """A run under way: how many of its steps ended, which ones go on, and what it does between them."""

    name: str
    since: float
    total: int = 0
    ended: int = 0
    words: str = "starting"
    running: dict[tuple[str, int], Running] = field(default_factory=dict)


class Progress:
    """Redraws what goes on until it is stopped; finished lines are written above it.

    One run shows its steps; of several, each shows a line, and the last line tells how many are over.
    """

    def __init__(self, console: Console, elapsed: Callable[[], float], runs: int = 1) -> None:
        self._console = console
        self._elapsed = elapsed
        self._ascii = is_ascii(console)
        self._runs = runs
        self._since = elapsed()
        self._over = 0
        self._bad = 0
        self._going: dict[str, Going] = {}
        self._live = Live(
            console=console, get_renderable=self.render, refresh_per_second=FRAMES_PER_SECOND, transient=True
        )
        self._started = False

    def starting(self, name: str) -> None:
        """Draw that a run is being started."""
        self._going[f"starting {name}"] = Going(name, self._elapsed())
        self._draw()

    def handle(self, event: Event) -> None:
        """Take an event in, and begin to draw with the first one."""
        if isinstance(event, RunFinished):
            self._over += 1
            self._bad += event.result.status is not RunStatus.PASSED
            self._going.pop(event.run_id, None)
        else:
            self._take(event)
        self._draw()

    def stop(self) -> None:
        """Remove the moving part."""
        self._going.clear()
        if self._started:
            self._live.stop()
            self._started = False

    def render(self) -> Text:
        """The moving part as it is now, no wider and no higher than the screen."""
        lines = list(self._of_one() if self._runs == 1 else self._of_many())
        room = max(self._console.height - 1, 2)
        if len(lines) > room:
            more = Text(f"{INDENT}... and {len(lines) - room + 1} more", style="dim")
            lines = [*lines[: room - 2], more, lines[-1]]
        for line in lines:
            line.truncate(self._console.width - 1, overflow="crop" if self._ascii else "ellipsis")
        return Text("\n").join(lines)

    def _take(self, event: Event) -> None:
        now = self._elapsed()
        if isinstance(event, RunStarted):
            self._going.pop(f"starting {event.scenario}", None)
            self._going[event.run_id] = Going(event.scenario, now, event.total_steps, 0, "waiting for the first action")
            return
        going = self._going.setdefault(event.run_id, Going("", now))
        match event:
            case CleanupStarted():
                going.words = "cleaning up"
            case StepStarted():
                going.running[event.phase, event.index] = Running(event.name, event.type, now)
            case StepAttempted() if (event.phase, event.index) in going.running:
                attempt = event.attempt
                note = f"attempt {attempt.number + 1}" + (f", not yet: {attempt.message}" if attempt.message else "")
                going.running[event.phase, event.index].note = note
            case StepFinished(result=step):
                going.running.pop((step.phase, step.index), None)
                going.ended += step.phase in {Phase.SETUP, Phase.ACTIONS}
                going.words = "cleaning up" if step.phase == Phase.CLEANUP else "waiting for the next action"
            case _:
                pass

    def _of_one(self) -> Iterator[Text]:
        now = self._elapsed()
        for going in self._going.values():
            for step in going.running.values():
                yield running_line(step.name, step.type, self._sign(now), now - step.since, step.note)
            if not going.running:
                words = f"starting {going.name}" if going.words == "starting" else going.words
                yield running_line(words, "", self._sign(now), now - going.since)
            if going.total:
                done = f"{going.ended} of {count(going.total, 'action')}, {duration(now - going.since)}"
                yield self._bar(going.ended, going.total, BAR).append(f"  {done}", style="dim")

    def _of_many(self) -> Iterator[Text]:
        now = self._elapsed()
        for going in self._going.values():
            line = Text(f"{INDENT}").append(self._sign(now), style="cyan")
            line.append(f" {column(going.name, NAME_COLUMN)}")
            line.append_text(self._bar(going.ended, going.total, SMALL_BAR, indent=" "))
            line.append(f" {duration(now - going.since).rjust(8)}  ", style="dim")
            yield line.append(self._doing(going), style="dim")
        bad = f", {self._bad} not passed" if self._bad else ""
        words = f"  {self._over} of {count(self._runs, 'scenario')}{bad}, {duration(now - self._since)}"
        yield self._bar(self._over, self._runs, BAR).append(words, style="dim")

    @staticmethod
    def _doing(going: Going) -> str:
        names = (f"{step.name} {step.note}".strip() for step in going.running.values())
        return plain(", ".join(names) or going.words).replace("\n", " ")

    def _sign(self, now: float) -> str:
        frames = ASCII_FRAMES if self._ascii else FRAMES
        return frames[int(now * FRAMES_PER_SECOND) % len(frames)]

    def _bar(self, done: int, total: int, width: int, indent: str = INDENT) -> Text:
        full = min(width, width * done // total) if total else 0
        sign, rest = ("#", ".") if self._ascii else ("━", "─")
        return Text(indent).append(sign * full, style="green").append(rest * (width - full), style="dim")

    def _draw(self) -> None:
        if not self._started:
            self._started = True
            self._live.start()
        self._live.refresh()
