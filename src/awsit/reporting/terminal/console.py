"""Events and results for a person: live on a terminal, line by line elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.text import Text

from awsit.model.events import (
    Event,
    RunFinished,
    RunStarted,
    StepAttempted,
    StepFinished,
    StepStarted,
)
from awsit.model.plan import Phase
from awsit.model.result import RunResult, RunStatus, Status, StepResult
from awsit.reporting.failure_context import NOTHING, FailureContext
from awsit.reporting.terminal.exchange import show_exchange
from awsit.reporting.terminal.live import Progress
from awsit.reporting.terminal.steps import HEADINGS, NAME_COLUMN, column, step_line
from awsit.reporting.terminal.summary import (
    is_fine,
    run_line,
    show_assertions,
    show_failures,
    show_left_behind,
    show_summary,
    show_verdict,
)
from awsit.reporting.terminal.terminal import INDENT, count, duration, is_ascii, is_live, plain, show
from awsit.reporting.terminal.values import Limits


class ConsoleReporter:
    """Shows runs. `verbosity`: -1 failures only, 0 normal, 1 requests and responses too.

    One run, or one after the other, is shown step by step. Of several that were expected, each has a line, and explains
    itself if it did not pass; with verbosity 1 it is shown whole when it is over, so that runs may go on side by side.
    `elapsed` is a clock for how long things take (seconds that never go backwards). Use it as a context manager: the
    live part of the screen is removed when it ends, however it ends.
    """

    def __init__(self, console: Console, verbosity: int = 0, elapsed: Callable[[], float] = lambda: 0.0) -> None:
        self._console = console
        self._verbosity = verbosity
        self._limits = Limits.of(console.width, everything=verbosity > 0)
        self._elapsed = elapsed
        self._progress = Progress(console, elapsed) if is_live(console) and verbosity >= 0 else None
        self._several = False
        self._phase = ""
        self._runs = 0
        self._told: set[tuple[str, int]] = set()
        self._again: set[tuple[str, int]] = set()
        self._held: defaultdict[str, list[Event]] = defaultdict(list)

    def expect(self, runs: int) -> None:
        """Get ready for so many runs, before the first of them."""
        self._several = runs > 1
        if self._progress:
            self._progress = Progress(self._console, self._elapsed, runs)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._progress:
            self._progress.stop()

    def starting(self, name: str) -> None:
        """A run was asked for; until its first event there is nothing but its name."""
        if self._progress:
            self._progress.starting(name)

    def notice(self, text: str) -> None:
        """Something that the person must know now, whatever the verbosity."""
        show(self._console, f"  {plain(text)}", style="yellow")

    def handle(self, event: Event, around: FailureContext = NOTHING) -> None:
        """Show one event; `around` is what is known beside the result of a run that is over."""
        if self._progress:
            self._progress.handle(event)
        if isinstance(event, RunFinished):
            for held in self._held.pop(event.run_id, ()):
                self._follow(held)
            self._finish(event.result, around)
        elif self._verbosity >= 0 and not self._several:
            self._follow(event)
        elif self._verbosity > 0 and not isinstance(event, StepStarted):
            self._held[event.run_id].append(event)

    def summary(self, results: Sequence[RunResult]) -> None:
        """Show several results on one page; nothing for a single one."""
        if len(results) > 1 and (self._verbosity >= 0 or any(r.status is not RunStatus.PASSED for r in results)):
            show_summary(results, self._console, passed_too=not self._several or self._verbosity > 0)

    def _follow(self, event: Event) -> None:
        match event:
            case RunStarted():
                self._header(event)
            case StepStarted() if not self._progress and self._verbosity > 0:
                self._heading(event.phase)
                self._began(event.name)
            case StepAttempted() if self._verbosity > 0:
                self._attempt(event)
            case StepAttempted() if not self._progress and (event.phase, event.index) not in self._again:
                self._again.add((event.phase, event.index))
                self._heading(event.phase)
                self._began(event.name, f"not yet: {event.attempt.message}".removesuffix(": "))
            case StepFinished():
                self._step(event.result)
            case _:
                pass

    def _began(self, name: str, note: str = "") -> None:
        text = Text(INDENT).append(">" if is_ascii(self._console) else "»", style="cyan")
        text.append(f" {column(name, NAME_COLUMN) if note else plain(name)}")
        show(self._console, text.append(f" {plain(note)}" if note else "", style="dim"))

    def _header(self, event: RunStarted) -> None:
        if self._runs:
            show(self._console)
        self._runs += 1
        self._phase = ""
        self._told.clear()
        self._again.clear()
        text = Text().append(plain(event.scenario), style="bold")
        steps = f"{count(event.total_steps, 'action')}, " if event.total_steps else ""
        text.append(f"  {steps}{plain(event.engine)}, {plain(event.run_id)}", style="dim")
        show(self._console, text)

    def _heading(self, phase: str) -> None:
        if phase == self._phase:
            return
        if self._phase or phase != Phase.ACTIONS:
            show(self._console, f"  {HEADINGS.get(phase, plain(phase))}", style="bold")
        self._phase = phase

    def _attempt(self, event: StepAttempted) -> None:
        attempt = event.attempt
        wait = "" if attempt.delay_seconds is None else f", again in {duration(attempt.delay_seconds)}"
        reason = f": {attempt.message}" if attempt.message else ""
        show(self._console, f"      attempt {attempt.number} {attempt.status.value}{plain(reason)}{wait}", style="dim")

    def _step(self, step: StepResult) -> None:
        self._told.add((step.phase, step.index))
        self._heading(step.phase)
        show(self._console, step_line(step, self._console))
        if self._verbosity > 0 and step.status is Status.PASSED:  # one that is not passed is explained at the end
            show_exchange(step, self._console, self._limits)

    def _not_run(self, result: RunResult) -> None:
        """The steps that nothing was said of: what came before them failed."""
        names = [step.name for step in result.steps if (step.phase, step.index) not in self._told]
        if names and self._told:
            show(self._console, f"  not run: {plain(', '.join(names))}", style="dim")

    def _finish(self, result: RunResult, around: FailureContext) -> None:
        if self._progress and not self._several:
            self._progress.stop()
        fine = is_fine(result)
        if fine and (self._verbosity < 0 or (self._several and self._verbosity == 0)):
            if self._verbosity == 0:
                show(self._console, run_line(result, self._console))
            return
        if self._several and self._verbosity <= 0:
            show(self._console, run_line(result, self._console))
        self._not_run(result)
        show_failures(result, self._console, self._limits, around)
        brief = self._several or self._verbosity < 0
        show_assertions(result, self._console, self._limits, around, failed_only=brief)
        show_left_behind(result.cleanup, self._console, self._limits)
        show_verdict(result, self._console, around)
        if self._several:
            show(self._console)
