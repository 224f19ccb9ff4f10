"""The reporter of the terminal: it shows events and results, live on a terminal, line by line elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self

from awsit.model.events import (
    Event,
    RunFinished,
    RunStarted,
    StepAttempted,
    StepFinished,
    StepStarted,
)
from awsit.model.plan import Phase, is_of_no_item
from awsit.model.result import Attempt, RunResult, Status, StepResult
from awsit.model.run import SuiteProgress
from awsit.model.text.counts import count
from awsit.reporting.failure_context import NO_CONTEXT, FailureContext
from awsit.reporting.terminal.diagnostics import show_diagnostics
from awsit.reporting.terminal.steps import HEADINGS, NAME_COLUMN, column, step_line
from awsit.reporting.terminal.summary import (
    run_line,
    show_assertions,
    show_failures,
    show_further,
    show_left_behind,
    show_summary,
    show_verdict,
)
from awsit.reporting.terminal.terminal import INDENT, Console, duration, is_ascii, plain, show
from awsit.reporting.terminal.text import Text
from awsit.reporting.terminal.values import Limits, prose
from awsit.reporting.totals import Totals
from awsit.reporting.verdicts import Verdict, passed_cleanly
from awsit.suggestions import first_of

if TYPE_CHECKING:
    from awsit.reporting.terminal.live import LiveProgress

MOST_NOT_RUN = 20
"""Steps that were not run, by their names."""
_PASSED = {Verdict.PASSED, Verdict.LEFT_BEHIND}


class ConsoleReporter:
    """Shows runs. `verbosity`: -1 failures only, 0 normal, 1 requests and responses too.

    A single run is shown step by step, as its events come. When several are expected, each has one line when it is
    over, and an explanation if it did not pass cleanly; with verbosity 1 it is then shown whole. So runs may be carried
    out side by side. `elapsed` is a monotonic clock, in seconds. Use the reporter as a context manager, which removes
    the live part of the screen however it ends.
    """

    def __init__(self, console: Console, verbosity: int = 0, elapsed: Callable[[], float] = lambda: 0.0) -> None:
        self._console = console
        self._verbosity = verbosity
        self._limits = Limits.of(console.width, everything=verbosity > 0)
        self._elapsed = elapsed
        self._progress = _live_progress(console, elapsed) if verbosity >= 0 else None
        self._several = False
        self._phase = ""
        self._runs = 0
        self._shown: set[tuple[str, int]] = set()
        self._polling: set[tuple[str, int]] = set()
        self._postponed: defaultdict[str, list[Event]] = defaultdict(list)

    def expect(self, runs: int) -> None:
        """Set the number of runs, before the first of them."""
        self._several = runs > 1
        if self._progress:
            self._progress = _live_progress(self._console, self._elapsed, runs)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._progress:
            self._progress.stop()

    def starting(self, name: str) -> None:
        """Show that a run of this scenario is being started; its first event comes later."""
        if self._progress:
            self._progress.starting(name)

    def suite(self, progress: SuiteProgress) -> None:
        """Show how far a suite in the account is."""
        if self._progress:
            self._progress.suite(progress)

    def notice(self, text: str) -> None:
        """Show what the person must know now, whatever the verbosity."""
        lines = prose(text, self._console.width - len(INDENT)) if self._console.is_terminal else [plain(text)]
        show(self._console, "\n".join(f"{INDENT}{line}" for line in lines), style="yellow")

    def handle(self, event: Event, context: FailureContext = NO_CONTEXT) -> None:
        """Show one event; `context` helps to explain the failures of a run that has finished."""
        if self._progress:
            self._progress.handle(event)
        if isinstance(event, RunFinished):
            for postponed in self._postponed.pop(event.run_id, ()):
                self._follow(postponed)
            self._finish(event.result, context)
        elif self._verbosity >= 0 and not self._several:
            self._follow(event)
        elif self._verbosity > 0 and not isinstance(event, StepStarted):
            self._postponed[event.run_id].append(event)

    def summary(self, results: Sequence[RunResult]) -> None:
        """Show the results of several runs together; of a single one, nothing."""
        if len(results) > 1 and (self._verbosity >= 0 or set(Totals.of(results).verdicts) - _PASSED):
            show_summary(results, self._console, passed_too=not self._several or self._verbosity > 0)

    def _follow(self, event: Event) -> None:
        match event:
            case RunStarted():
                self._show_header(event)
            case StepStarted() if not self._progress and self._verbosity > 0:
                self._show_heading(event.phase)
                self._show_begun(event.name)
            case StepAttempted() if self._verbosity > 0:
                self._show_attempt(event)
            case StepAttempted() if not self._progress and (event.phase, event.index) not in self._polling:
                self._polling.add((event.phase, event.index))
                self._show_heading(event.phase)
                self._show_begun(event.name, _look(event.attempt))
            case StepFinished():
                self._show_step(event.result)
            case _:
                pass

    def _show_begun(self, name: str, note: str = "") -> None:
        text = Text(INDENT).append(">" if is_ascii(self._console) else "»", style="cyan")
        text.append(f" {column(name, NAME_COLUMN) if note else plain(name)}")
        show(self._console, text.append(f" {plain(note)}" if note else "", style="dim"))

    def _show_header(self, event: RunStarted) -> None:
        if self._runs:
            show(self._console)
        self._runs += 1
        self._phase = ""
        self._shown.clear()
        self._polling.clear()
        text = Text().append(plain(event.scenario), style="bold")
        steps = f"{count(event.total_steps, 'action')}, " if event.total_steps else ""
        text.append(f"  {steps}{plain(event.engine)}, {plain(event.run_id)}", style="dim")
        show(self._console, text)

    def _show_heading(self, phase: str) -> None:
        if phase == self._phase:
            return
        if self._phase or phase != Phase.ACTIONS:
            show(self._console, f"  {HEADINGS.get(phase, plain(phase))}", style="bold")
        self._phase = phase

    def _show_attempt(self, event: StepAttempted) -> None:
        attempt = event.attempt
        wait = "" if attempt.delay_seconds is None else f", again in {duration(attempt.delay_seconds)}"
        reason = f": {attempt.message}" if attempt.message else ""
        show(self._console, f"      attempt {attempt.number} {attempt.status.value}{plain(reason)}{wait}", style="dim")

    def _show_step(self, step: StepResult) -> None:
        self._shown.add((step.phase, step.index))
        if is_of_no_item(step):
            return
        self._show_heading(step.phase)
        show(self._console, step_line(step, self._console))
        for warning in (check.message for check in step.assertions if check.passed and check.message):
            self.notice(f"  warning: {warning}")
        if self._verbosity > 0 and step.status is Status.PASSED:  # any other is explained at the end
            from awsit.reporting.terminal.exchange import show_exchange

            show_exchange(step, self._console, self._limits)

    def show_not_run(self, result: RunResult) -> None:
        """Show the steps that did not come to their end: those that were cut off while they waited, and the others."""
        if not self._shown:
            return
        left = [step for step in result.steps if (step.phase, step.index) not in self._shown]
        for step in left:
            if step.error and step.was_cut_off:
                message = step.error.message
                show(self._console, f"  {plain(step.name)}: {plain(message[:1].lower() + message[1:])}", style="dim")
        names = [step.name for step in left if not step.was_cut_off]
        if names:
            show(self._console, f"  not run: {plain(first_of(names, MOST_NOT_RUN))}", style="dim")

    def _finish(self, result: RunResult, context: FailureContext) -> None:
        if self._progress and not self._several:
            self._progress.stop()
        clean = passed_cleanly(result)
        if clean and self._verbosity < 0:
            return
        if self._several and self._verbosity <= 0:
            show(self._console, run_line(result, self._console))
            if clean:
                return
        self.show_not_run(result)
        brief = self._several or self._verbosity < 0
        show_failures(result, self._console, self._limits, context)
        if self._verbosity <= 0:  # else each was shown when it was over
            show_diagnostics(result, self._console, self._limits)
        show_assertions(result, self._console, self._limits, context, failed_only=brief)
        show_left_behind(result.cleanup, self._console, self._limits, explained=True)
        if self._several and self._verbosity <= 0:  # its line stands above
            show(self._console)
            show_further(result, self._console, context, is_alone=False)
        else:
            show_verdict(result, self._console, context, is_alone=not self._several)
        if self._several:
            show(self._console)


def _look(attempt: Attempt) -> str:
    """What a look at a state that is polled, or that must hold for a time, came to."""
    return "it holds so far" if attempt.status is Status.PASSED else f"not yet: {attempt.message}".removesuffix(": ")


def _live_progress(console: Console, elapsed: Callable[[], float], expected: int = 1) -> LiveProgress | None:
    if console.live is None:
        return None
    from awsit.reporting.terminal.live import LiveProgress  # brings rich, which is slow to import

    return LiveProgress(console.live, elapsed, expected)
