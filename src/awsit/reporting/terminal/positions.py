"""The positions of failures in the scenario's files."""

from __future__ import annotations

from collections.abc import Iterator

from awsit.errors import MISSING_OUTPUT, Position, Problem
from awsit.model.result import AssertionResult, ErrorInfo, RunResult, Status, StepResult
from awsit.reporting.terminal.source_frame import Excerpt, excerpt
from awsit.reporting.verdicts import BAD
from awsit.scenario.reading.source import Source


def failures(result: RunResult, source: Source) -> list[Problem]:
    """Each step or assertion that failed, as a problem with its position; those without a position are left out."""
    steps = [step for step in (*result.steps, *result.cleanup.steps) if step.status in BAD]
    problems = [problem for step in steps for problem in _of_step(step, source)]
    problems += _of_checks(result.assertions, "the scenario", source)
    problems += _of_run(result.error, source)
    return list(dict.fromkeys(problems))


def position_of_check(check: AssertionResult, source: Source) -> Position | None:
    """The position of the assertion's expected value, else of the assertion; None when it is not in the source."""
    if not check.source or check.source not in source.positions:
        return None
    expected = f"{check.source}.{check.operator.partition(', ')[0]}"
    return source.position(expected if expected in source.positions else check.source)


def position_of_step(step: StepResult, source: Source) -> Position | None:
    """The position of the field that the step's error is about, else of its name; None when it is not in the source."""
    if not step.source or step.source not in source.positions:
        return None
    paths = (f"{step.source}.{each}" for each in (_field_of(step.error), "name"))
    return source.position(next((path for path in paths if path in source.positions), step.source))


def place_of_error(error: ErrorInfo | None, source: Source) -> str | None:
    """The path of what a run's own error is about: of the template that reads what its stack does not have."""
    if error is None or error.code != MISSING_OUTPUT:
        return None
    from awsit.scenario.compile.compile import place_of_missing_output  # such an error is rare

    return place_of_missing_output(error.message, source.document)


def excerpt_of_error(error: ErrorInfo, source: Source) -> Excerpt | None:
    """The line that a run's own error is about; None where it is about none."""
    place = place_of_error(error, source)
    return None if place is None else excerpt(source.position(place), source, place)


def excerpt_of_check(check: AssertionResult, source: Source) -> Excerpt | None:
    """The lines of the assertion, up to its expected value; None when they are not in the source."""
    return excerpt(position_of_check(check, source), source, check.source)


def excerpt_of_step(step: StepResult, source: Source) -> Excerpt | None:
    """The lines that the step's error is about; None where it has none, or its failed assertions say more."""
    if step.error is None or (any(not check.passed for check in step.assertions) and not is_about_a_field(step.error)):
        return None
    return excerpt(position_of_step(step, source), source, step.source)


def is_about_a_field(error: ErrorInfo) -> bool:
    """Whether the error is about one field of the action: the status that it expects, or what ends its polling."""
    return _field_of(error) != "name"


def _field_of(error: ErrorInfo | None) -> str:
    """The field of the action that the error is about. An HTTP status that was not expected is a code of digits."""
    code = error.code if error else ""
    return "until.fail_when" if code == "fail_when" else "params.expected_status" if code.isdigit() else "name"


def _of_run(error: ErrorInfo | None, source: Source) -> Iterator[Problem]:
    place = place_of_error(error, source)
    if error and place is not None:
        yield Problem(error.code, error.message, place, position=source.position(place))


def _of_step(step: StepResult, source: Source) -> Iterator[Problem]:
    checks = list(_of_checks(step.assertions, step.name, source))
    position = position_of_step(step, source)
    if checks or position is None:
        yield from checks
        return
    words = "failed" if step.status is Status.FAILED else "could not be carried out"
    yield Problem(step.status, f"{step.name} {words}", step.source, position=position)


def _of_checks(checks: tuple[AssertionResult, ...], owner: str, source: Source) -> Iterator[Problem]:
    for check in checks:
        position = None if check.passed else position_of_check(check, source)
        if position is not None:
            words = check.name or f"`{check.operator}` at {check.path}".removesuffix(" at ")
            yield Problem("assertion", f"{owner}: {words} does not hold", check.source, position=position)
