"""What a run that was reported adds to the metrics of its stack (`awsit.metrics.catalogue`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

from awsit.errors import ErrorKind
from awsit.metrics import catalogue
from awsit.metrics.catalogue import Measurement, Metric
from awsit.model.result import Attempt, CleanupVerdict, RunResult, RunStatus, StepResult
from awsit.system.clock import parse_iso

Values = Mapping[Metric, tuple[float, ...]]

_THROTTLED = frozenset({str(ErrorKind.THROTTLING), "429"})
"""The codes of attempts that a service throttled: of AWS's, and of an HTTP API (RFC 6585, section 4)."""

MOST_CHARACTERS = 1_024
"""Of the value of a dimension (CloudWatch API Reference, "Dimension")."""

_ROUNDING, _SHORTEST = timedelta(milliseconds=1), timedelta(microseconds=1)


def measure(result: RunResult, stack: str, events_used: int = 0, *, by_scenario: bool = False) -> list[Measurement]:
    """The measurements of a run, those of its clean-up's actions included.

    `events_used` are the events of its execution, 0 where they are not known. Counts that are zero are among them, so
    that a rate can be made of any; an action type that the run does not use has none.
    """
    stack = stack or catalogue.NAMESPACE
    of_run = _of_run(result, events_used)
    measurements = list(_measurements(of_run, {catalogue.STACK: stack}))
    if by_scenario:
        scenario = {catalogue.STACK: stack, catalogue.SCENARIO: _dimension(result.scenario) or "unknown"}
        measurements += _measurements(of_run, scenario)
    for action_type, steps in _steps_by_type(result).items():
        dimensions = {catalogue.STACK: stack, catalogue.ACTION_TYPE: action_type}
        measurements += _measurements(_of_steps(steps), dimensions)
    return measurements


def _dimension(text: str) -> str:
    """The value of a dimension, which holds printable ASCII characters only (CloudWatch API Reference, "Dimension")."""
    return "".join(each if " " <= each <= "~" else "?" for each in text)[:MOST_CHARACTERS]


def _measurements(values: Values, dimensions: Mapping[str, str]) -> Iterator[Measurement]:
    return (Measurement(metric, dimensions, each) for metric, each in values.items() if each)


def _of_run(result: RunResult, events_used: int) -> Values:
    attempts = [attempt for step in result.steps for attempt in step.attempts]
    return {
        catalogue.RUNS: (1,),
        catalogue.RUNS_NOT_PASSED: (int(result.status is not RunStatus.PASSED),),
        catalogue.RUNS_FAILED: (int(result.status is RunStatus.FAILED),),
        catalogue.RUN_ERRORS: (int(result.status is RunStatus.ERROR),),
        catalogue.RUNS_TIMED_OUT: (int(result.status is RunStatus.TIMED_OUT),),
        catalogue.RUNS_CANCELLED: (int(result.status is RunStatus.CANCELLED),),
        catalogue.LEFT_BEHIND: (int(result.cleanup.verdict is CleanupVerdict.LEFT_BEHIND),),
        catalogue.DURATION: (result.duration_seconds,),
        catalogue.CACHE_HITS: (sum(attempt.cached for attempt in attempts),),
        catalogue.CONCURRENCY: (_most_at_once(attempts),),
        catalogue.EVENTS_USED: (events_used,) if events_used else (),
    }


def _steps_by_type(result: RunResult) -> Mapping[str, list[StepResult]]:
    """The steps of which an attempt was made."""
    by_type: defaultdict[str, list[StepResult]] = defaultdict(list)
    for step in (*result.steps, *result.cleanup.steps):
        if step.attempts:
            by_type[step.type].append(step)
    return by_type


def _of_steps(steps: list[StepResult]) -> Values:
    attempts = [attempt for step in steps for attempt in step.attempts]
    failed = [each for each in attempts if each.failed]
    return {
        catalogue.ATTEMPTS: (len(attempts),),
        catalogue.FAILED_ATTEMPTS: (len(failed),),
        catalogue.RETRIES: (sum(each.failed for step in steps for each in step.attempts[:-1]),),
        catalogue.THROTTLES: (sum(each.code in _THROTTLED for each in failed),),
        catalogue.LATENCY: tuple(each.duration_seconds for each in attempts if not each.cached),
    }


def _most_at_once(attempts: Iterable[Attempt]) -> int:
    """The most attempts that went on at one time.

    Times are rounded: one that ends within a millisecond of the beginning of another was before it.
    """
    changes: list[tuple[float, int]] = []
    for attempt in attempts:
        began = parse_iso(attempt.started_at)
        ended = began + max(timedelta(seconds=attempt.duration_seconds) - _ROUNDING, _SHORTEST)
        changes += [(began.timestamp(), 1), (ended.timestamp(), -1)]
    at_once = most = 0
    for _, change in sorted(changes):
        at_once += change
        most = max(most, at_once)
    return most
