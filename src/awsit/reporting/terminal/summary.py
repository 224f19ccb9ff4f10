"""How runs ended: failures, final assertions, clean-up, verdict; and the summary of several runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Sequence

from awsit.model.result import (
    CleanupOutcome,
    CleanupResult,
    CleanupVerdict,
    ContractCoverage,
    LeftBehind,
    RunResult,
    RunStatus,
    Status,
    StepResult,
    UncertainAttempt,
)
from awsit.model.text.counts import count
from awsit.reporting.coverage import coverage_lines
from awsit.reporting.failure_context import NO_CONTEXT, FailureContext
from awsit.reporting.terminal.diagnostics import show_diagnostics
from awsit.reporting.terminal.steps import NAME_COLUMN, TIME_COLUMN, column
from awsit.reporting.terminal.terminal import INDENT, Console, duration, mark, plain, show, style_of
from awsit.reporting.terminal.text import Text
from awsit.reporting.terminal.values import WIDEST, Limits, document, fields, prose
from awsit.reporting.totals import Totals
from awsit.reporting.verdicts import (
    BAD,
    Verdict,
    is_to_explain,
    name_of,
    verdict_of,
)

NARROW, NARROW_NAME_COLUMN, VERDICT_COLUMN, CONTRACT_COLUMN = 80, 24, 12, 14
STATUSES = (Status.PASSED, Status.FAILED, Status.ERROR, Status.SKIPPED, Status.RUNNING)


def show_failures(result: RunResult, console: Console, limits: Limits, context: FailureContext = NO_CONTEXT) -> None:
    """Show why the run did not pass: its error, each step that failed, and the values that were captured."""
    failed = [step for step in (*result.steps, *result.cleanup.steps) if is_to_explain(step)]
    if not failed and not result.error:
        return
    from awsit.reporting.terminal.failure import (  # slow, and for failures only
        explain_step,
        show_captured,
        show_error_at,
    )

    if result.error and not _is_explained(result):
        show(console)
        show_error_at(result.error, console, limits, context.source)
    for step in failed:
        explain_step(step, console, limits, context)
    if failed and result.context:
        show_captured(result.context, console, limits)


def _is_explained(result: RunResult) -> bool:
    """Whether a failed step or assertion says what the run's error says, and more."""
    error = result.error
    named = any(error and error.message.startswith(f"{step.name}: ") for step in result.steps if step.status in BAD)
    return named or bool(error and error.code == "assertion" and any(not each.passed for each in result.assertions))


def show_assertions(
    result: RunResult,
    console: Console,
    limits: Limits,
    context: FailureContext = NO_CONTEXT,
    *,
    failed_only: bool = False,
) -> None:
    """Show the scenario's final assertions, a line each, and what was expected where one failed."""
    checks = [check for check in result.assertions if not (failed_only and check.passed)]
    if not checks:
        return
    from awsit.reporting.terminal.assertions import assertion_line, show_assertion

    show(console)
    show(console, "Assertions", style="bold")
    for check in checks:
        show(console, assertion_line(check, console))
        if not check.passed:
            show_assertion(check, console, limits, context.source, titled=False)


def explain(result: RunResult, console: Console, limits: Limits, context: FailureContext = NO_CONTEXT) -> None:
    """Show all that tells why a run did not pass cleanly."""
    show_failures(result, console, limits, context)
    show_diagnostics(result, console, limits)
    show_assertions(result, console, limits, context, failed_only=True)
    show_left_behind(result.cleanup, console, limits, explained=True)


def show_left_behind(cleanup: CleanupResult, console: Console, limits: Limits, *, explained: bool = False) -> None:
    """Show what is still there or may be, what would have removed it, and the command that does it now.

    Where the steps that failed are `explained` above, the explanation is not repeated.
    """
    if cleanup.verdict is CleanupVerdict.CLEAN:
        return
    show(console)
    show(console, "Left behind", style="bold yellow")
    show_left(cleanup.left_behind, console, limits, _explained(cleanup) if explained else frozenset())
    if cleanup.left_behind and cleanup.left_behind[-1].command:
        command = plain(cleanup.left_behind[-1].command)
        is_there = any(item.outcome is not CleanupOutcome.MAY_BE_THERE for item in cleanup.left_behind)
        show(console, f"{INDENT}{'to remove it' if is_there else 'to look again'}: {command}", style="yellow")
        show(console, f"{INDENT}when you have seen to it yourself: {command} --forget", style="dim")


def _explained(cleanup: CleanupResult) -> frozenset[str]:
    """The names of the clean-up steps of which the explanation has shown the reason and the request."""
    return frozenset(step.name for step in cleanup.steps if is_to_explain(step) and step.request is not None)


def show_left(
    items: Sequence[LeftBehind], console: Console, limits: Limits, explained: Container[str] = frozenset()
) -> None:
    """Show each thing with its outcome, why it was not undone, how it would be, and the attempts to look for.

    Of the failed steps whose names are in `explained`, all but the outcome was shown before.
    """
    for item in items:
        title = Text(f"{INDENT}{plain(item.name)}")
        title.append(f"  {plain(item.type)}", style="dim")
        title.append(f"  {item.outcome.words}", style="yellow")
        show(console, title)
        if item.outcome is CleanupOutcome.FAILED and item.name in explained:
            continue
        width = limits.width - 14
        rows = [("reason", prose(item.reason, width))]
        if item.params is not None:
            rows.append(("undo", document(item.params, width, limits)))
        rows += [("look for", _to_look_for(each, width, limits)) for each in item.look_for]
        show(console, fields(rows, 4))


def _to_look_for(attempt: UncertainAttempt, width: int, limits: Limits) -> list[str]:
    what = f"{attempt.action}  {attempt.type}  attempt {attempt.attempt}, {attempt.at}"
    request = document(attempt.request, width, limits) if attempt.request is not None else []
    return [plain(what), *request, *prose(attempt.message, width)]


def show_verdict(
    result: RunResult, console: Console, context: FailureContext = NO_CONTEXT, *, is_alone: bool = True
) -> None:
    """Show the last lines of a run: verdict, counts, time, and what `show_further` shows."""
    show(console)
    text = Text().append(verdict_of(result).words.upper(), style=f"bold {_style(result)}")
    text.append(f"  {plain(name_of(result))}", style="bold")
    text.append(f"  {counts(result.steps)}, {duration(result.duration_seconds)}")
    text.append(f", {cleanup_words(result.cleanup)}")
    show(console, text)
    show_further(result, console, context, is_alone=is_alone)


def show_further(
    result: RunResult, console: Console, context: FailureContext = NO_CONTEXT, *, is_alone: bool = True
) -> None:
    """Show where to look further, and how to run a run that did not pass again.

    A run that `is_alone` has no summary after it, which would show what was called of contracts.
    """
    rows = [("run", [plain(result.run_id)])]
    failed = result.status is not RunStatus.PASSED
    undone = [step.name for step in result.cleanup.steps if step.status is Status.PASSED]
    further = [
        ("cleaned up", ", ".join(undone) if failed else ""),
        ("execution", result.execution_arn),
        ("trace", result.trace_id if failed else ""),
        ("console", context.console_link if failed else ""),
        ("report", context.report),
        ("try a path", context.try_command if failed else ""),
        ("run again", context.rerun_command if failed else ""),
    ]
    rows += [(name, [plain(text)]) for name, text in further if text]
    rows += _coverage_rows(Totals.of([result]), console) if is_alone else []
    show(console, fields(rows, 2))


def _coverage_rows(totals: Totals, console: Console) -> list[tuple[str, list[str]]]:
    """A row for each contract that the runs are held to."""
    room = min(console.width, WIDEST) - CONTRACT_COLUMN
    return [
        ("contract", [line for text in _coverage_texts(each) for line in prose(text, room)])
        for each in totals.contracts
    ]


def _coverage_texts(coverage: ContractCoverage) -> list[str]:
    called, *rest = coverage_lines(coverage)
    return [f"{coverage.document}: {called}", *rest]


def run_line(result: RunResult, console: Console) -> Text:
    """The line of one of several runs: mark, name, verdict, time, and counts where there is room."""
    text = Text(INDENT)
    text.append_text(mark(result.status, console))
    text.append(f" {column(name_of(result), NAME_COLUMN if console.width > NARROW else NARROW_NAME_COLUMN)}")
    text.append(f" {column(verdict_of(result).words, VERDICT_COLUMN)}", style=_style(result))
    text.append(duration(result.duration_seconds).rjust(TIME_COLUMN))
    numbers = f"  {counts(result.steps)}"
    return text.append(numbers if text.cell_len + len(numbers) <= console.width else "", style="dim")


def show_summary(results: Sequence[RunResult], console: Console, *, passed_too: bool = True) -> None:
    """Show a line for each run, or only for those that did not pass cleanly, and the counts of all."""
    from awsit.reporting.terminal.table import Column, show_table

    totals = Totals.of(results)
    shown = range(len(results)) if passed_too else totals.not_clean
    show(console)
    if shown:
        show(console, "Summary", style="bold")
    columns = (Column("", flexible=True), Column(""), Column("", right=True))
    show_table(columns, (_summary_row(results[place], console) for place in shown), console, len(INDENT))
    words = ", ".join(f"{number} {verdict.words}" for verdict, number in totals.tally.items())
    noun = "run" if totals.repeated else "scenario"
    show(console, f"{INDENT}{count(len(results), noun)}: {words}, {duration(totals.meta.seconds)}")
    contracts = _coverage_rows(totals, console)
    if contracts:
        show(console, fields(contracts, len(INDENT)))
    for name, (passed, of) in totals.repeated.items():
        style = "" if passed == of else "yellow" if passed else "red"
        show(console, f"{INDENT}{plain(name)}: {passed} of {of} passed", style=style)


def _summary_row(result: RunResult, console: Console) -> list[Text]:
    name = mark(result.status, console)
    name.append(f" {plain(name_of(result))}", style="default")
    time = "not run" if result.status is RunStatus.SKIPPED else duration(result.duration_seconds)
    return [name, Text(verdict_of(result).words, style=_style(result)), Text(time)]


def cleanup_words(cleanup: CleanupResult) -> str:
    """The clean-up's verdict in a few words."""
    doubtful = sum(item.outcome is CleanupOutcome.MAY_BE_THERE for item in cleanup.left_behind)
    left = len(cleanup.left_behind) - doubtful
    words = [f"left {count(left, 'thing')} behind"] if left else []
    words += [f"{count(doubtful, 'thing')} may be there"] if doubtful else []
    words = words or ["clean"]
    words += [f"{count(len(cleanup.forgotten), 'thing')} forgotten"] if cleanup.forgotten else []
    return ", ".join(words)


def counts(steps: Sequence[StepResult]) -> str:
    """The number of steps by status: `2 passed, 1 failed`."""
    numbers = Counter(step.status for step in steps)
    return ", ".join(f"{numbers[status]} {status.value}" for status in STATUSES if numbers[status]) or "no actions"


def _style(result: RunResult) -> str:
    return "yellow" if verdict_of(result) is Verdict.LEFT_BEHIND else style_of(result.status)
