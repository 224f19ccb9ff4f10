"""The live part of the screen: what runs now, for how long, in which attempt, and how much is done.

Imported where lines are redrawn, for it brings rich.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct, field
from rich import text as rich_text
from rich.console import Console
from rich.live import Live

from awsit.model.events import CleanupStarted, Event, RunFinished, RunStarted, StepAttempted, StepFinished, StepStarted
from awsit.model.plan import Phase
from awsit.model.result import RunStatus
from awsit.model.run import SuiteProgress
from awsit.model.text.counts import count
from awsit.reporting.terminal.steps import NAME_COLUMN, column, running_line
from awsit.reporting.terminal.styled import as_rich
from awsit.reporting.terminal.terminal import INDENT, duration, is_ascii, plain
from awsit.reporting.terminal.text import Text

FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
ASCII_FRAMES = "|/-\\"
FRAMES_PER_SECOND = 8
BAR, SMALL_BAR = 24, 10
STARTING = "starting"


class StepProgress(Struct):
    """A step that runs now. `since` is when it began, on the reporter's clock."""

    name: str
    type: str
    since: float
    note: str = ""


class RunProgress(Struct):
    """A run that is under way: how many of its steps have ended, those that run now, and its state while none does."""

    name: str
    since: float
    total: int = 0
    ended: int = 0
    state: str = STARTING
    steps: dict[tuple[str, int], StepProgress] = field(default_factory=dict)


class LiveProgress:
    """Redraws the progress of runs until it is stopped; the console writes finished lines above it.

    A single run shows its steps. Each of several shows one line, and a last line counts those that are over.
    """

    def __init__(self, console: Console, elapsed: Callable[[], float], expected: int = 1) -> None:
        """`expected` is the number of runs."""
        self._console = console
        self._elapsed = elapsed
        self._ascii = is_ascii(console)
        self._expected = expected
        self._since = elapsed()
        self._over = 0
        self._not_passed = 0
        self._runs: dict[str, RunProgress] = {}
        self._suite: SuiteProgress | None = None
        self._live = Live(
            console=console, get_renderable=self.render, refresh_per_second=FRAMES_PER_SECOND, transient=True
        )
        self._started = False

    def starting(self, name: str) -> None:
        """Show that a run of this scenario is being started."""
        self._runs[f"{STARTING} {name}"] = RunProgress(name, self._elapsed())
        self._draw()

    def suite(self, progress: SuiteProgress) -> None:
        """Show what a suite in the account runs now, in the place of what was shown of its runs, and what waits."""
        now = self._elapsed()
        self._suite = progress
        self._runs = {
            name: self._runs.get(name) or RunProgress(name, now, state="under way") for name in progress.running
        }
        self._draw()

    def handle(self, event: Event) -> None:
        """Show the event's step or run; the first event starts the drawing."""
        if isinstance(event, RunFinished):
            self._over += 1
            self._not_passed += event.result.status is not RunStatus.PASSED
            self._runs.pop(event.run_id, None)
        elif self._suite is None:  # in a suite, only runs that are over have events
            self._update(event)
        self._draw()

    def stop(self) -> None:
        """Remove the live part from the screen."""
        self._runs.clear()
        if self._started:
            self._live.stop()
            self._started = False

    def render(self) -> rich_text.Text:
        """The live part as it is now, cut to the width and the height of the screen."""
        lines = list(self._one_run() if self._expected == 1 else self._many_runs())
        room = max(self._console.height - 1, 2)
        if len(lines) > room:
            note = Text(f"{INDENT}... and {len(lines) - room + 1} more", style="dim")
            lines = [*lines[: room - 2], note, lines[-1]]
        cut = [as_rich(line) for line in lines]
        for line in cut:
            line.truncate(self._console.width - 1, overflow="crop" if self._ascii else "ellipsis")
        return rich_text.Text("\n").join(cut)

    def _update(self, event: Event) -> None:
        now = self._elapsed()
        if isinstance(event, RunStarted):
            self._runs.pop(f"{STARTING} {event.scenario}", None)
            self._runs[event.run_id] = RunProgress(
                event.scenario, now, event.total_steps, 0, "waiting for the first action"
            )
            return
        run = self._runs.setdefault(event.run_id, RunProgress("", now))
        match event:
            case CleanupStarted():
                run.state = "cleaning up"
                run.steps.clear()  # one that was cut off has no end
            case StepStarted():
                run.steps[event.phase, event.index] = StepProgress(event.name, event.type, now)
            case StepAttempted() if (event.phase, event.index) in run.steps:
                attempt = event.attempt
                note = f"attempt {attempt.number + 1}" + (f", not yet: {attempt.message}" if attempt.message else "")
                run.steps[event.phase, event.index].note = note
            case StepFinished(result=step):
                run.steps.pop((step.phase, step.index), None)
                run.ended += step.phase in {Phase.SETUP, Phase.ACTIONS}
                run.state = "cleaning up" if step.phase == Phase.CLEANUP else "waiting for the next action"
            case _:
                pass

    def _one_run(self) -> Iterator[Text]:
        now = self._elapsed()
        for run in self._runs.values():
            for step in run.steps.values():
                yield running_line(step.name, step.type, self._sign(now), now - step.since, step.note)
            if not run.steps:
                state = f"{STARTING} {run.name}" if run.state == STARTING else run.state
                yield running_line(state, "", self._sign(now), now - run.since)
            if run.total:
                done = f"{run.ended} of {count(run.total, 'action')}, {duration(now - run.since)}"
                yield self._bar(run.ended, run.total, BAR).append(f"  {done}", style="dim")

    def _many_runs(self) -> Iterator[Text]:
        now = self._elapsed()
        for run in self._runs.values():
            line = Text(f"{INDENT}").append(self._sign(now), style="cyan")
            line.append(f" {column(run.name, NAME_COLUMN)}")
            line.append_text(self._bar(run.ended, run.total, SMALL_BAR, indent=" "))
            line.append(f" {duration(now - run.since).rjust(8)}  ", style="dim")
            yield line.append(self._activity(run), style="dim")
        not_passed = f", {self._not_passed} not passed" if self._not_passed else ""
        if self._suite is None:
            words = f"{self._over} of {count(self._expected, 'scenario')}{not_passed}, {duration(now - self._since)}"
            yield self._bar(self._over, self._expected, BAR).append(f"  {words}", style="dim")
        else:
            words = f"{self._over} of {self._expected}{not_passed}"
            others = f"{len(self._suite.running)} under way, {self._suite.waiting} waiting"
            line = self._bar(self._over, self._expected, SMALL_BAR)
            yield line.append(f"  {words}, {others}, {self._time_left(now)}", style="dim")

    def _time_left(self, now: float) -> str:
        """What is left of a suite in the account, going by what is over; the time that has passed while nothing is."""
        passed = now - self._since
        if not self._over:
            return duration(passed)
        return f"{duration(passed / self._over * (self._expected - self._over))} left"

    @staticmethod
    def _activity(run: RunProgress) -> str:
        names = (f"{step.name} {step.note}".strip() for step in run.steps.values())
        return plain(", ".join(names) or run.state).replace("\n", " ")

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
