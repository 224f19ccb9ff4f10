"""The data of the HTML page: an index of all runs, and each run's report, which the script parses when it is opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from awsit.model import json
from awsit.model.codec import encode
from awsit.model.json import Json
from awsit.model.result import AssertionResult, RunResult
from awsit.reporting.console_link import console_link
from awsit.reporting.coverage import coverage_of
from awsit.reporting.verdicts import ReportMeta, name_of, reason, verdict_of

MARK = "\ue000"
"""Begins a JSON string that stands for another value: the digits of a number (`n`), or a string with this mark (`s`).

JavaScript has only binary floating point numbers, so `24.90` and 2 to the 70th would not be shown as they came.
"""

LARGEST_SAFE = 2**53 - 1
"""The largest integer that JavaScript keeps exactly (ECMAScript, `Number.MAX_SAFE_INTEGER`)."""


def index_of(results: Sequence[RunResult]) -> Json:
    """What the page's list, search and filters need of each run, and what all runs called of their contracts."""
    meta = ReportMeta.of(results)
    return {
        "started": meta.started_at,
        "finished": meta.finished_at,
        "version": meta.version,
        "contracts": [encode(each) for each in coverage_of(results)],
        "runs": [_entry(result) for result in results],
    }


def run_data(result: RunResult) -> Json:
    """The report of a run, with marks that keep its numbers digit for digit."""
    return marked(encode(result))


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
    """JSON text that cannot end the script element around it (HTML Standard, restrictions for contents of script)."""
    return json.dumps(document).replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


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
