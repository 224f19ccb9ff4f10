"""CTRF, the Common Test Report Format: a JSON document that is the same for every test tool.

Source: CTRF specification 1.0.0, ctrf.io. Times are milliseconds since the Unix epoch, durations milliseconds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from uuid import NAMESPACE_URL, uuid5

from awsit.model import json
from awsit.model.json import Json
from awsit.model.result import RunResult, Status, StepResult
from awsit.reporting.failure_context import ContextOf, FailureContext, nothing_known
from awsit.reporting.terminal.transcript import explanation
from awsit.reporting.totals import Totals
from awsit.reporting.verdicts import Verdict, name_of, reason, step_reason, verdict_of
from awsit.system.clock import parse_iso

SPEC_VERSION = "1.0.0"
STATUSES = ("passed", "failed", "skipped", "pending", "other")
OF_VERDICT: Mapping[Verdict, str] = {
    Verdict.PASSED: "passed",
    Verdict.FAILED: "failed",
    Verdict.ERROR: "failed",
    Verdict.TIMED_OUT: "failed",
    Verdict.LEFT_BEHIND: "failed",
    Verdict.CANCELLED: "other",
    Verdict.SKIPPED: "skipped",
    Verdict.RUNNING: "pending",
}
"""The CTRF status of each verdict; `rawStatus` has the verdict itself."""

OF_STEP: Mapping[Status, str] = {
    Status.PASSED: "passed",
    Status.FAILED: "failed",
    Status.ERROR: "failed",
    Status.SKIPPED: "skipped",
    Status.RUNNING: "pending",
}


def ctrf(results: Sequence[RunResult], context_of: ContextOf = nothing_known) -> Iterator[str]:
    """The results as one CTRF document, in parts; each run is a test."""
    totals = Totals.of(results)
    tests = (json.dumps_visible(_test(result, context_of(result)), indent=2) for result in results)
    before, after = _frame(results, totals)
    yield before
    yield from json.array(tests, depth=2)
    yield f"{after}\n"


def _frame(results: Sequence[RunResult], totals: Totals) -> tuple[str, str]:
    """What stands before the list of tests, and what after it."""
    meta = totals.meta
    document: dict[str, Json] = {
        "reportFormat": "CTRF",
        "specVersion": SPEC_VERSION,
        "reportId": str(uuid5(NAMESPACE_URL, "awsit:" + ",".join(each.run_id for each in results))),
        "generatedBy": "awsit",
        "results": {
            "tool": {"name": "awsit", "version": meta.version},
            "summary": _summary(totals),
            "tests": [],
        },
    }
    if meta.finished_at:
        document["timestamp"] = meta.finished_at
    before, _, after = json.dumps_visible(document, indent=2).partition("[]")
    return before, after


def _summary(totals: Totals) -> Json:
    numbers = Counter(OF_VERDICT[verdict] for verdict in totals.verdicts)
    start, stop = _epoch_milliseconds(totals.meta.started_at), _epoch_milliseconds(totals.meta.finished_at)
    return {
        "tests": len(totals.verdicts),
        **{status: numbers[status] for status in STATUSES},
        "start": start,
        "stop": stop,
        "duration": stop - start,
    }


def _test(result: RunResult, context: FailureContext) -> Json:
    verdict = verdict_of(result)
    test = {
        "name": name_of(result),
        "executionId": result.run_id,
        "status": OF_VERDICT[verdict],
        "rawStatus": verdict.value,
        "duration": round(result.duration_seconds * 1000),
        "start": _epoch_milliseconds(result.started_at),
        "stop": _epoch_milliseconds(result.finished_at),
        "suite": ["awsit"],
        "type": "e2e",
        "tags": list(result.tags),
        "steps": [_step(step) for step in (*result.steps, *result.cleanup.steps)],
        "extra": {
            "runId": result.run_id,
            "executionArn": result.execution_arn,
            "engine": result.engine,
            "cleanup": result.cleanup.verdict.value,
        },
    }
    if result.file:
        test["filePath"] = result.file
    if verdict is not Verdict.PASSED:
        test |= {"message": reason(result), "trace": explanation(result, context)}
    return test


def _step(step: StepResult) -> Json:
    extra: dict[str, Json] = {
        "phase": step.phase,
        "type": step.type,
        "rawStatus": step.status.value,
        "duration": round(step.duration_seconds * 1000),
        "attempts": len(step.attempts),
    }
    if step.status in {Status.FAILED, Status.ERROR}:
        extra["message"] = step_reason(step)
    return {"name": step.name, "status": OF_STEP[step.status], "extra": extra}


def _epoch_milliseconds(at: str) -> int:
    """The ISO 8601 time as milliseconds since the epoch; 0 for no time."""
    return round(parse_iso(at).timestamp() * 1000) if at else 0
