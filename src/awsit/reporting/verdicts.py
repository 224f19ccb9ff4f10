"""The verdict of a run and its reason in one line: the words that all reports share."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from awsit.history.differences import differences
from awsit.model import json
from awsit.model.result import (
    AssertionResult,
    CleanupOutcome,
    CleanupVerdict,
    LeftBehind,
    RunResult,
    RunStatus,
    Status,
    StepResult,
)

BAD = frozenset({Status.FAILED, Status.ERROR})
"""The statuses of a step that needs an explanation."""

LONGEST_MESSAGE = 160
"""Characters of the message of an assertion on two documents that a reason repeats."""

MOST_COUNTED = 20
"""Differences of two documents that are counted; of a long document, a report holds only a part."""

LONGEST_VALUE = 80
"""Characters of a JSON value in a reason."""


class Verdict(StrEnum):
    """How a run ended, clean-up included; the worst is listed first."""

    FAILED = "failed"
    ERROR = "error"
    TIMED_OUT = "timed_out"
    LEFT_BEHIND = "left_behind"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"
    RUNNING = "running"
    PASSED = "passed"

    @property
    def words(self) -> str:
        """The verdict for people, such as `timed out`."""
        return self.value.replace("_", " ")


def verdict_of(result: RunResult) -> Verdict:
    """The run's status, or `left_behind` where it passed but something of it is still there."""
    if result.status is RunStatus.PASSED and result.cleanup.verdict is CleanupVerdict.LEFT_BEHIND:
        return Verdict.LEFT_BEHIND
    return Verdict(result.status.value)


def passed_cleanly(result: RunResult) -> bool:
    """Whether the run passed and left nothing behind."""
    return verdict_of(result) is Verdict.PASSED


def is_to_explain(step: StepResult) -> bool:
    """Whether a step needs an explanation of its own; what may be there is told among what was left behind."""
    return step.status in BAD and step.outcome is not CleanupOutcome.MAY_BE_THERE


def name_of(result: RunResult) -> str:
    """The scenario's name, with a repetition's number: `priced (2 of 3)`. The run ID where it could not be read."""
    name = result.scenario or result.run_id
    return f"{name} ({result.repetition})" if result.repetition else name


def reason(result: RunResult) -> str:
    """Why the run did not pass cleanly, in one line; empty for one that did."""
    verdict = verdict_of(result)
    if verdict is Verdict.PASSED:
        return ""
    if verdict is Verdict.LEFT_BEHIND:
        return "; ".join(
            f"{words}: {', '.join(items)}" for words, items in _left_by_words(result.cleanup.left_behind).items()
        )
    bad = next((step for step in result.steps if step.status in BAD), None)
    check = next((each for each in result.assertions if not each.passed), None)
    if verdict in {Verdict.FAILED, Verdict.ERROR} and bad:
        return f"{bad.name}: {step_reason(bad)}"
    if verdict is Verdict.FAILED and check:
        return check_reason(check)
    return _line(result.error.message) if result.error else verdict.words


def _left_by_words(left: Sequence[LeftBehind]) -> dict[str, list[str]]:
    """The names of what was left, by what is known of it: `left behind`, `may be there`."""
    names: dict[str, list[str]] = {}
    for item in left:
        is_doubtful = item.outcome is CleanupOutcome.MAY_BE_THERE
        names.setdefault(item.outcome.words if is_doubtful else Verdict.LEFT_BEHIND.words, []).append(item.name)
    return names


def step_reason(step: StepResult) -> str:
    """Why a step did not pass, in one line."""
    check = next((each for each in step.assertions if not each.passed), None)
    if check and (step.error is None or step.error.code == "assertion"):
        return check_reason(check)
    if step.error:
        return _line(step.error.message)
    return next((_line(each.message) for each in reversed(step.attempts) if each.message), step.status.value)


def likely_cause(result: RunResult) -> str:
    """What AWS knew of the first failure, in one line; empty where it explains nothing."""
    causes = (each for step in result.steps for each in step.evidence if each.kind.explains)
    first = next(causes, None)
    return f"{first.resource}: {_line(first.text)}" if first else ""


def check_reason(check: AssertionResult) -> str:
    """Why an assertion does not hold, in one line."""
    name = _line(check.name)
    title = name or f"{check.path} {check.operator}".strip()
    if difference := _first_difference(check):
        return f"{name}: {difference}" if name else difference
    if check.message:  # which begins with the path itself, where there is no name
        return f"{name}: {_line(check.message)}" if name else _line(check.message)
    actual = _short(check.actual) if check.actual_present else "nothing"
    return f"{title}: expected {_short(check.expected)}, got {actual}"


def _first_difference(check: AssertionResult) -> str:
    """The first difference of two documents, in place of a message that would hold both; else empty."""
    if check.operator != "equals" or not check.actual_present or len(check.message) <= LONGEST_MESSAGE:
        return ""
    different = list(differences(check.expected, check.actual, check.path))
    if not different:  # what differs was masked, or cut off
        return ""
    first, *others = different
    expected = _short(first.before) if first.in_before else "nothing"
    actual = _short(first.after) if first.in_after else "nothing"
    more = "" if not others else f" and {len(others)} more" if len(others) <= MOST_COUNTED else " and many more"
    return f"{first.path}: expected {expected}, got {actual}{more}"


def _short(value: json.Json) -> str:
    text = json.dumps(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}..."


def _line(text: str) -> str:
    return " ".join(text.split())
