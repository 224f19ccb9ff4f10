"""Where in the scenario's file stands what did not hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from awsit.errors import Position, Problem
from awsit.model.result import AssertionResult, RunResult, Status, StepResult
from awsit.scenario.source import Source


def places(result: RunResult, source: Source) -> list[Problem]:
    """The step or assertion behind every failure of a run, with its position in the file."""
    steps = [step for step in (*result.steps, *result.cleanup.steps) if step.status in {Status.FAILED, Status.ERROR}]
    found = [place for step in steps for place in _of_step(step, source)]
    found += _of_checks(result.assertions, "assertions", "the scenario", source)
    return list(dict.fromkeys(found))


def _of_step(step: StepResult, source: Source) -> Iterator[Problem]:
    """The assertions that do not hold, where they can be told apart; else the action itself."""
    lists = (f"{step.source}.assert", f"{step.source}.until.assert")
    checks = [place for path in lists for place in _of_checks(step.assertions, path, step.name, source)]
    if checks and step.source:
        yield from checks
    elif step.source:
        words = "failed" if step.status is Status.FAILED else "could not be carried out"
        yield Problem(step.status, f"{step.name} {words}", step.source, position=_name_of(step.source, source))


def _of_checks(checks: Sequence[AssertionResult], path: str, owner: str, source: Source) -> Iterator[Problem]:
    """Those that do not hold, if the list at `path` has as many entries as were checked."""
    last = len(checks) - 1
    if f"{path}[{last}]" not in source.positions or f"{path}[{last + 1}]" in source.positions:
        return
    for index, check in enumerate(checks):
        if not check.passed:
            place = f"{path}[{index}]"
            words = check.name or f"`{check.operator}` at {check.path}".removesuffix(" at ")
            yield Problem(
                "assertion", f"{owner}: {words} does not hold", place, position=_expected(place, check, source)
            )


def _expected(place: str, check: AssertionResult, source: Source) -> Position:
    """What was expected, else the whole assertion."""
    value = f"{place}.{check.operator}"
    return source.position(value if value in source.positions else place)


def _name_of(path: str, source: Source) -> Position:
    named = f"{path}.name"
    return source.position(named if named in source.positions else path)
