"""Where in the scenario's files stands what did not hold."""

from __future__ import annotations

from collections.abc import Iterator

from awsit.errors import Position, Problem
from awsit.model.result import AssertionResult, ErrorInfo, RunResult, Status, StepResult
from awsit.scenario.reading.source import Source

BAD = frozenset({Status.FAILED, Status.ERROR})


def places(result: RunResult, source: Source) -> list[Problem]:
    """The step or assertion behind every failure of a run, with its position."""
    steps = [step for step in (*result.steps, *result.cleanup.steps) if step.status in BAD]
    found = [place for step in steps for place in _of_step(step, source)]
    found += _of_checks(result.assertions, "the scenario", source)
    return list(dict.fromkeys(found))


def place_of_check(check: AssertionResult, source: Source) -> Position | None:
    """Where its expected value stands, else the whole assertion."""
    if not check.source or check.source not in source.positions:
        return None
    expected = f"{check.source}.{check.operator.partition(', ')[0]}"
    return source.position(expected if expected in source.positions else check.source)


def place_of_step(step: StepResult, source: Source) -> Position | None:
    """Where what was expected of its answer stands, else its name."""
    if not step.source or step.source not in source.positions:
        return None
    paths = (f"{step.source}.{each}" for each in (_own_place(step.error), "name"))
    return source.position(next((path for path in paths if path in source.positions), step.source))


def has_own_place(error: ErrorInfo) -> bool:
    """Whether an error comes of something that the scenario says, beside its assertions."""
    return _own_place(error) != "name"


def _own_place(error: ErrorInfo | None) -> str:
    """What in an action an error points to: the HTTP status that was expected, or what ended its polling."""
    code = error.code if error else ""
    return "until.fail_when" if code == "fail_when" else "params.expected_status" if code.isdigit() else "name"


def _of_step(step: StepResult, source: Source) -> Iterator[Problem]:
    checks = list(_of_checks(step.assertions, step.name, source))
    position = place_of_step(step, source)
    if checks or position is None:
        yield from checks
        return
    words = "failed" if step.status is Status.FAILED else "could not be carried out"
    yield Problem(step.status, f"{step.name} {words}", step.source, position=position)


def _of_checks(checks: tuple[AssertionResult, ...], owner: str, source: Source) -> Iterator[Problem]:
    for check in checks:
        position = None if check.passed else place_of_check(check, source)
        if position is not None:
            words = check.name or f"`{check.operator}` at {check.path}".removesuffix(" at ")
            yield Problem("assertion", f"{owner}: {words} does not hold", check.source, position=position)
