"""What a step of a past run answered, as its report keeps it: with secrets masked, and cut where it was large."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from itertools import islice

from msgspec import Struct

from awsit.cli.references import name_later
from awsit.config import Settings
from awsit.engine.secrets.detection import MASK
from awsit.engine.secrets.plain import MAX_ITEMS
from awsit.errors import NotFoundError
from awsit.expressions.jsonpath import query
from awsit.model.json import Json
from awsit.model.result import RunResult, Status, StepResult
from awsit.model.text.paths import child_path
from awsit.patterns import lazy_pattern
from awsit.suggestions import suggestion

_CUT = lazy_pattern(r"… \((?:\d+ (?:more characters|more) left out|deeper levels left out)\)\Z")
MOST_PLACES = 3


class Gaps(Struct, frozen=True):
    """The places of a document, at most a few, where the report holds less than came."""

    redacted: tuple[str, ...] = ()
    cut: tuple[str, ...] = ()


_ENDED = {
    Status.RUNNING: "goes on",
    Status.PASSED: "passed",
    Status.FAILED: "failed",
    Status.ERROR: "could not be carried out",
    Status.SKIPPED: "was skipped",
}


def step_of(result: RunResult, name: str) -> StepResult:
    """The step of this name that has an answer. Raises NotFoundError, with the near names."""
    steps = (*result.steps, *result.cleanup.steps)
    named = [step for step in steps if step.name == name]
    if not named:
        known = {step.name for step in steps}
        raise NotFoundError(f"{result.run_id} has no step `{name}`{suggestion(name, known, 'it has none')}")
    answered = next((step for step in named if step.response is not None), None)
    if answered is None:
        error = named[0].error
        reason = f": {error.message}" if error else ""
        raise NotFoundError(f"{name} {_ENDED[named[0].status]} and has no answer{reason}")
    return answered


def answer_of(step: StepResult) -> Json:
    """What the step answered, without the texts that stand in the report for further items of a list."""
    return _without_marks(step.response)


def try_command(settings: Settings, result: RunResult) -> str:
    """The command that evaluates the path of the first assertion that failed; empty when no step's assertion did."""
    for step in (*result.steps, *result.cleanup.steps):
        for check in step.assertions:
            path = check.path.rpartition(" in ")[2]
            if not check.passed and step.response is not None and query.is_path(path):
                run = name_later(settings, result.run_id, result.execution_arn)
                return f"awsit try {run} {shlex.quote(step.name)} {shlex.quote(path)}"
    return ""


def scope_of(result: RunResult, document: Json) -> dict[str, object]:
    """The names for templates: `result`, what the step answered, and those of the run that its report keeps."""
    actions = {
        step.name: {"status": step.status.value, "attempts": len(step.attempts), "result": answer_of(step)}
        for step in result.steps
    }
    run = {"id": result.run_id, "scenario": result.scenario, "started_at": result.started_at}
    return {"result": document, "context": dict(result.context), "actions": actions, "run": run}


def gaps(document: Json) -> Gaps:
    """Where the document is masked, or was perhaps cut: it has text that says so, or as many entries as are kept."""
    return Gaps(tuple(islice(_masked(document, "$"), MOST_PLACES)), tuple(islice(_cut(document, "$"), MOST_PLACES)))


def _masked(value: Json, path: str) -> Iterator[str]:
    if isinstance(value, str) and MASK in value:
        yield path
    for place, item in _children(value, path):
        yield from _masked(item, place)


def _cut(value: Json, path: str) -> Iterator[str]:
    is_full = isinstance(value, Mapping | list) and len(value) == MAX_ITEMS
    if is_full or (isinstance(value, str) and _CUT.search(value)):
        yield path
    for place, item in _children(value, path):
        yield from _cut(item, place)


def _without_marks(value: Json) -> Json:
    if isinstance(value, Mapping):
        return {key: _without_marks(item) for key, item in value.items()}
    if not isinstance(value, list):
        return value
    is_marked = len(value) == MAX_ITEMS + 1 and isinstance(value[-1], str) and _CUT.search(value[-1])
    return [_without_marks(item) for item in (value[:-1] if is_marked else value)]


def _children(value: Json, path: str) -> Iterator[tuple[str, Json]]:
    if isinstance(value, Mapping):
        yield from ((child_path(path, str(key)), item) for key, item in value.items())
    elif isinstance(value, list):
        yield from ((child_path(path, index), item) for index, item in enumerate(value))
