"""Reports of one scenario from several engines, brought into a form in which they must be equal."""

from __future__ import annotations

import difflib
import re
from typing import Any

from ulid import ULID

from awsit.model.codec import encode
from awsit.model.events import CleanupFinished, CleanupStarted, RunFinished, RunStarted, StepFinished
from awsit.model.json import Json, dumps
from awsit.model.plan import Phase
from awsit.model.run import Engine, RunRequest
from awsit.reporting.events_file import event_name

TIMES = {
    "started_at",
    "finished_at",
    "duration_seconds",
    "delay_seconds",
    "elapsed_ms",
    "date",
    "log_tail",
    "duration_ms",
    "X-Amz-Date",
}
ASIDE = {"run_id", "engine", "execution_arn", "trace_id", "apigw-requestid", "request_id", "billed_duration_ms"}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)")
UNIQUE = re.compile(
    rf"(?i:run-[0-9A-Z]{{26}})|[0-9a-f]{{8}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{12}}|{MOMENT.pattern}"
)

OF_SERVERS = {"server", "x-amzn-requestid", "x-amzn-trace-id"}
"""Headers of responses by which the two servers of mocks differ."""
OF_URLS = {
    *("host", "traceparent", "x-amzn-trace-id", "x-amzn-tls-cipher-suite", "x-amzn-tls-version"),
    *("x-forwarded-for", "x-forwarded-port", "x-forwarded-proto"),
}
"""Headers of calls that a function URL makes or changes, and those with the IDs of a trace."""
OF_A_CALL = {"route", "parameters", "query", "headers", "body"}
"""What every call of a mock has."""
MOCK = re.compile(r"http://127\.0\.0\.1:\d+(/_aws/lambda-url/[a-z0-9]{32}/[a-z0-9]{26})?")
HUNK = re.compile(r"@@ [-+, 0-9]+ @@")
COUNTED = re.compile(r"\(\d+ attempts?\)")
HELD = re.compile(r"(?<=, but ended after )\d+\.\d s")
CUT_OFF = re.compile(r"(?<=^Cut off in its )([a-z ]+) after \d+\.\d s")


def difference(local: Json, remote: Json) -> str:
    """The lines in which two reports differ, empty for equal ones."""
    texts = [dumps(each, indent=1, sort_keys=True).splitlines() for each in (local, remote)]
    return "\n".join(difflib.unified_diff(*texts, "local", "remote", n=1, lineterm=""))


def report(engine: Engine, document: Json, request: RunRequest | None = None) -> Json:
    """Run a scenario to its end."""
    return encode(events_of(engine, document, request)[-1].result)


def events_of(engine: Engine, document: Json, request: RunRequest | None = None) -> list[Any]:
    """What happens in a run, to its end."""
    events: list[Any] = []
    run = engine.start(request or RunRequest(f"run-{ULID()}", document["name"], document))
    engine.follow(run, events.append)
    assert isinstance(events[-1], RunFinished)
    return events


def story(events: list[Any], *, every_attempt: bool) -> Json:
    """The events in a form that must be equal: those of the run in order, and of each step, whatever runs beside it.

    How often a poll looked depends on time: then it counts only whether it looked again.
    """
    of_steps: dict[str, list[str]] = {}
    of_run: list[str] = []
    for event in events:
        name, step = event_name(event), getattr(event, "result", event)
        if isinstance(event, RunStarted | CleanupStarted | CleanupFinished | RunFinished):
            told = getattr(event, "total_steps", getattr(event, "entries", getattr(event, "verdict", "")))
            of_run.append(f"{name} {told}".strip())
            continue
        said = of_steps.setdefault(f"{step.phase} {step.index} {step.name}", [])
        name += f" {step.status}" if isinstance(event, StepFinished) else ""
        if every_attempt or said[-1:] != [name]:
            said.append(name)
        if step.phase in {Phase.ON_FAILURE, Phase.CLEANUP}:
            assert any(each.startswith("cleanup_started") for each in of_run), f"{name} of {step.name} came too early"
    return {"run": of_run, "steps": of_steps}


def comparable(document: Json, report: Json, *, every_attempt: bool = False) -> Json:
    """A report of the scenario as `normal` makes it.

    What branches side by side have made is undone newest first, so that its order depends on time.
    """
    made = normal(report, every_attempt=every_attempt)
    if '"parallel"' in dumps(document):
        made["cleanup"]["steps"].sort(key=lambda step: step["name"])
    return made


def normal(value: Json, name: str = "", *, every_attempt: bool = False) -> Any:
    """The report without what must differ: times, IDs, and how often a poll looked before it saw.

    `every_attempt`: their number and messages must be equal too.
    """
    if name in TIMES | ASIDE:
        return f"<{name}>"
    if name == "attempts" and isinstance(value, list) and not every_attempt:
        return normal(value[-1:] and [{**value[-1], "number": "<number>"}])
    if isinstance(value, dict) and str(value.get("path", "")).endswith(".attempts") and not every_attempt:
        value = {**value, "actual": "<attempts>"}
    if isinstance(value, dict):
        value = _of_no_server(value)
        # the function signs with the session of a role, and says so
        value = {key: item for key, item in value.items() if (key, item) != ("X-Amz-Security-Token", "***")}
        return {key: normal(item, key, every_attempt=every_attempt) for key, item in value.items()}
    if isinstance(value, list):
        return [normal(item, every_attempt=every_attempt) for item in value]
    if isinstance(value, str) and not every_attempt:
        value = COUNTED.sub("(<number> attempts)", value)
    if isinstance(value, str):
        value = MOCK.sub("<url>", HUNK.sub("@@", value))
        value = UNIQUE.sub("<id>", HELD.sub("<seconds>", CUT_OFF.sub(r"\1 after <seconds>", value)))
    return value


def without_times(value: Json, name: str = "") -> Any:
    """The report without moments and the numbers of measured times, which may hold the digits of any text by chance."""
    if isinstance(value, dict):
        return {key: without_times(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [without_times(item) for item in value]
    if isinstance(value, str):
        return MOMENT.sub("<time>", value)
    return "<time>" if name in TIMES else value


def _of_no_server(value: dict[str, Any]) -> dict[str, Any]:
    """The value without the headers by which the two servers of mocks differ, in answers and in the calls they got."""
    if value.keys() >= OF_A_CALL:
        value = {**value, "headers": {key: each for key, each in value["headers"].items() if key not in OF_URLS}}
    return {key: item for key, item in value.items() if key not in OF_SERVERS}
