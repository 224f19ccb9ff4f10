"""What the page's script is given: a small index of all runs, and each run's report, read when it is opened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from awsit.model import json
from awsit.model.codec import encode
from awsit.model.json import Json
from awsit.model.result import AssertionResult, RunResult
from awsit.reporting.console_link import console_link
from awsit.reporting.verdicts import ReportMeta, name_of, reason, verdict_of

MARK = "\ue000"
"""Begins a text that is not simply a text: the digits of a number (`n`), or a text that begins like this itself (`s`).

JavaScript knows only binary floating point numbers; `24.90` and 2 to the 70th would not be shown as they came.
"""

LARGEST_SAFE = 2**53 - 1


def index_of(results: Sequence[RunResult], meta: ReportMeta) -> Json:
    """What the list, the search and the filters need, for all runs."""
    return {
        "started": meta.started_at,
        "finished": meta.finished_at,
        "version": meta.version,
        "runs": [_entry(result) for result in results],
    }


def run_data(result: RunResult) -> Json:
    """A run's report, its numbers kept digit for digit."""
    return marked(encode(result))


def marked(value: Json) -> Json:
    """The document with each number that JavaScript cannot keep as a marked text."""
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
    """JSON that can stand inside a script element (HTML Living Standard, restrictions for contents of script)."""
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
        "seconds": float_text(result.duration_seconds),
        "started": result.started_at,
        "link": console_link(result.execution_arn),
        "steps": [step.status.value for step in result.steps],
        "words": " ".join([*words, *map(_check_words, result.assertions)]),
    }


def float_text(seconds: float) -> Decimal:
    """Seconds with the milliseconds that anybody looks at."""
    return Decimal(f"{seconds:.3f}")


def _check_words(check: AssertionResult) -> str:
    return f"{check.name} {check.path}"
