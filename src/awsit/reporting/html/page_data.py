"""The data of the HTML page: an index of all runs, and each run's report, which the script parses when it is opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from awsit.model import codec, json
from awsit.model.codec import encode
from awsit.model.json import Json
from awsit.model.result import AssertionResult, RunResult, StepResult
from awsit.reporting.console_link import console_link
from awsit.reporting.failure_context import FailureContext
from awsit.reporting.terminal.curl import curl
from awsit.reporting.terminal.positions import excerpt_of_check, excerpt_of_step
from awsit.reporting.terminal.source_frame import Excerpt
from awsit.reporting.totals import Totals
from awsit.reporting.verdicts import BAD, name_of, passed_cleanly, reason, verdict_of
from awsit.scenario.reading.source import Source

MARK = "\ue000"
"""Begins a JSON string that stands for another value: the digits of a number (`n`), or a string with this mark (`s`).

JavaScript has only binary floating point numbers, so `24.90` and 2 to the 70th would not be shown as they came.
"""

_ESCAPES = {character: f"\\u{ord(character):04x}" for character in ("&", "<", ">", MARK)}
"""How characters stand in a script element."""

CONTINUED = " \\\n  "
"""Between the options of a command: each is on a line of its own."""

LARGEST_SAFE = 2**53 - 1
"""The largest integer that JavaScript keeps exactly (ECMAScript, `Number.MAX_SAFE_INTEGER`)."""


def index_parts(results: Sequence[RunResult]) -> Iterator[str]:
    """What the page's list, search and filters need of each run, and what all runs called: JSON text, in parts."""
    totals = Totals.of(results)
    meta = totals.meta
    frame = {
        "started": meta.started_at,
        "finished": meta.finished_at,
        "seconds": _milliseconds(meta.seconds),
        "version": meta.version,
        "contracts": [encode(each) for each in totals.contracts],
        "runs": [],
    }
    yield script_text(frame).removesuffix("]}")
    for number, result in enumerate(results):
        yield ("," if number else "") + script_text(_entry(result))
    yield "]}"


def run_data(result: RunResult) -> Json:
    """The report of a run, with marks that keep its numbers digit for digit."""
    return marked(codec.parse(dict, codec.text(result)))


def failure_data(result: RunResult, context: FailureContext) -> Json:
    """What explains a failure beside the report; empty for a run that passed cleanly.

    `rerun` is the command that runs it again, `try` one that evaluates a path against what a step answered. `lines`
    has, by path in the scenario, the lines of a failed step or assertion; `curl` and `log`, by phase and index, the
    request as a command and the function's log.
    """
    if passed_cleanly(result):
        return {}
    failed = [step for step in (*result.steps, *result.cleanup.steps) if step.status in BAD]
    source = context.source
    return {
        "rerun": context.rerun_command,
        "try": context.try_command,
        "lines": dict(_lines(result, failed, source)) if source else {},
        "curl": {
            _key(step): CONTINUED.join(command)
            for step in failed
            if (command := curl(step.request, context.aws_endpoint))
        },
        "log": {_key(step): list(log) for step in failed if (log := context.log.get((step.phase, step.index)))},
    }


def _lines(result: RunResult, failed: Sequence[StepResult], source: Source) -> Iterator[tuple[str, Json]]:
    for step in failed:
        yield from _written(step.source, excerpt_of_step(step, source))
    for check in (*(check for step in failed for check in step.assertions), *result.assertions):
        if not check.passed:
            yield from _written(check.source, excerpt_of_check(check, source))


def _written(path: str, excerpt: Excerpt | None) -> Iterator[tuple[str, Json]]:
    if excerpt:
        place = excerpt.position
        yield (
            path,
            {
                "place": f"{place.file}:{place.line}:{place.column}",
                "first": place.line - len(excerpt.lines) + 1,
                "lines": list(excerpt.lines),
                "column": place.column,
                "length": place.length,
            },
        )


def _key(step: StepResult) -> str:
    return f"{step.phase}-{step.index}"


def marked(value: Json) -> Json:
    """The document with a marked string in place of each number that JavaScript cannot keep exactly."""
    if isinstance(value, str):
        return f"{MARK}s{value}" if value.startswith(MARK) else value
    if isinstance(value, Decimal) or (type(value) is int and abs(value) > LARGEST_SAFE):
        return f"{MARK}n{value}"
    if isinstance(value, Mapping):
        return {key: marked(item) for key, item in value.items()}
    if isinstance(value, list):
        return [marked(item) for item in value]
    return value


def script_text(document: Json) -> str:
    """JSON text that cannot end the script element around it (HTML Standard, restrictions for contents of script).

    Marks are escaped too: a browser holds a text without characters beyond Latin-1 in half of the memory.
    """
    text = json.dumps(document)
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    return text


def _entry(result: RunResult) -> Json:
    steps = (*result.steps, *result.cleanup.steps)
    words = [result.run_id, result.description, *(step.name for step in steps), *(step.type for step in steps)]
    return {
        "id": result.run_id,
        "name": name_of(result),
        "verdict": verdict_of(result).value,
        "reason": reason(result),
        "tags": list(result.tags),
        "seconds": _milliseconds(result.duration_seconds),
        "started": result.started_at,
        "link": console_link(result.execution_arn),
        "steps": [step.status.value for step in result.steps],
        "words": " ".join([*words, *map(_check_words, result.assertions)]),
    }


def _milliseconds(seconds: float) -> Decimal:
    """The seconds, rounded to milliseconds."""
    return Decimal(f"{seconds:.3f}")


def _check_words(check: AssertionResult) -> str:
    return f"{check.name} {check.path}"
