"""An engine whose failures come with evidence: what AWS knew of them, looked for while the run cleans up."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache
from threading import Thread
from typing import TYPE_CHECKING

from msgspec import Struct, field

from awsit.actions.registry import BY_TYPE
from awsit.engine.wrapped import WrappedEngine
from awsit.errors import AwsitError, ErrorKind
from awsit.model.action.abilities import TellsTraffic
from awsit.model.events import Event, RunFinished, RunStarted, StepFinished
from awsit.model.evidence import Evidence, EvidenceKind, Traffic
from awsit.model.json import dumps
from awsit.model.plan import Phase
from awsit.model.ports import Clock
from awsit.model.result import RunResult, RunStatus, Status, StepResult
from awsit.model.run import Engine, RunRequest, StartedRun
from awsit.patterns import lazy_pattern
from awsit.records import replace
from awsit.scenario.compile.compile import named_stacks
from awsit.system.clock import parse_iso

if TYPE_CHECKING:
    from awsit.diagnosis.inquiry import EvidenceSource, Inquiry

LOGGER = logging.getLogger("awsit.evidence")
SECONDS = 5.0
"""How long is looked for the evidence of one failure. The run itself, clean-up included, never waits for it."""

MARGIN = 0.1
"""Seconds by which the source shall be ready before nobody waits for it any more."""

SLACK = timedelta(seconds=2)
"""How much earlier than the run evidence may be: clocks differ."""

MOST = 3
"""Failed actions of one run for which is looked."""

NO_ANSWER = Evidence(EvidenceKind.NOT_READ, "", "the stacks: no answer in time")

_IDS = ("x-amzn-requestid", "x-amzn-trace-id")
_ID = lazy_pattern(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|1-[0-9a-f]{8}-[0-9a-f]{24}")
"""The ID of an invocation, and of a trace (AWS X-Ray developer guide, "Tracing header")."""

_POLLS = frozenset({"until_timeout", "fail_when", "not_received"})
_PHASES = frozenset({Phase.SETUP.value, Phase.ACTIONS.value})
_OF_THE_SCENARIO = frozenset({ErrorKind.VALIDATION.value, ErrorKind.INTERNAL.value, ErrorKind.ACCESS_DENIED.value})
"""Errors of the scenario, of awsit or of the caller's permissions: nothing in the stacks explains them."""


class ExplainedEngine(WrappedEngine):
    """Runs with another engine. `source` makes what looks into AWS; a run that passes never asks for it."""

    def __init__(self, engine: Engine, source: Callable[[], EvidenceSource], clock: Clock) -> None:
        super().__init__(engine)
        self._source = cache(source)
        self._clock = clock

    def follow(self, run: StartedRun, emit: Callable[[Event], None]) -> None:
        """Follow the run to its end; its last event has the evidence of what failed."""
        search = _Search(run.run_id, run.request, self._engine, self._source, self._clock)

        def explained(event: Event) -> None:
            match event:
                case RunStarted():
                    search.since = parse_iso(event.at) - SLACK
                case StepFinished():
                    search.look_at(event.result)
                case RunFinished():
                    event = replace(event, result=search.explained(event.result))
                case _:
                    pass
            emit(event)

        self._engine.follow(run, explained)


class _Reading(Struct):
    """The search for one step, in a thread. `masked` is known once the secrets of the run are."""

    thread: Thread
    started: float
    evidence: list[Evidence]
    masked: Callable[[str], str] | None = None


class _Search(Struct):
    """The search for evidence of one run."""

    run_id: str
    request: RunRequest
    engine: Engine
    source: Callable[[], EvidenceSource]
    clock: Clock
    since: datetime | None = None
    steps: list[StepResult] = field(default_factory=list)
    readings: dict[tuple[str, int], _Reading] = field(default_factory=dict)

    def look_at(self, step: StepResult) -> None:
        """Remember a step, for what it sent and which queues it read; look for what explains one that failed."""
        self.steps.append(step)
        if not _may_be_explained(step) or self.since is None or len(self.readings) >= MOST:
            return
        stacks = named_stacks(self.request.document)
        if stacks:
            inquiry = _inquiry(step, self._known(stacks, self.since))
            reading = _Reading(Thread(), self.clock.monotonic(), [])
            reading.thread = Thread(target=self._read, args=(inquiry, reading), name="awsit-evidence", daemon=True)
            self.readings[step.phase, step.index] = reading
            reading.thread.start()

    def _known(self, stacks: tuple[str, ...], since: datetime) -> Inquiry:
        from awsit.diagnosis.attribution import run_ids_in
        from awsit.diagnosis.inquiry import Inquiry  # for failures only

        runs = {self.run_id}.union(*(run_ids_in(dumps(step.request)) for step in self.steps))
        traffic = [_traffic_of(step) for step in self.steps]
        events = tuple(event for each in traffic for event in each.events)
        received = frozenset(queue for each in traffic for queue in each.queues)
        return Inquiry(stacks, since, events=events, received=received, runs=frozenset(runs))

    def explained(self, result: RunResult) -> RunResult:
        """The result with the evidence that was found by now, or within what is left of the time for it."""
        if result.status in {RunStatus.PASSED, RunStatus.CANCELLED} or not self.readings:
            return result
        evidence = {key: self._shown(reading) for key, reading in self.readings.items()}
        return replace(result, steps=tuple(_with(step, evidence) for step in result.steps))

    def _read(self, inquiry: Inquiry, reading: _Reading) -> None:
        try:
            reading.masked = self.engine.masker(self.request)
            self.source().read(inquiry, self._left(reading) - MARGIN, reading.evidence.append)
        except AwsitError as error:
            reading.masked = reading.masked or str
            reading.evidence[:] = [Evidence(EvidenceKind.NOT_READ, "", error.message)]
        except Exception as error:  # noqa: BLE001 - whatever is wrong with the evidence, the run's result stands
            LOGGER.debug("evidence: %s: %s", type(error).__name__, error)

    def _left(self, reading: _Reading) -> float:
        """The seconds that are left for it."""
        return max(0.0, reading.started + SECONDS - self.clock.monotonic())

    def _shown(self, reading: _Reading) -> tuple[Evidence, ...]:
        reading.thread.join(self._left(reading))
        if reading.thread.is_alive() and not reading.evidence:
            return (NO_ANSWER,)
        from awsit.diagnosis.ranking import ranked

        return ranked(tuple(reading.evidence), reading.masked) if reading.masked else ()


def _may_be_explained(step: StepResult) -> bool:
    """Whether the services under test may know why a step failed.

    They do not where it compared one answer to what was expected: of the answer, the report says all there is to know.
    """
    if step.phase not in _PHASES or not step.attempts or step.status not in {Status.FAILED, Status.ERROR}:
        return False
    code = step.error.code if step.error else ""
    if step.status is Status.ERROR:
        return code in set(ErrorKind) - _OF_THE_SCENARIO
    return code in _POLLS or len(step.attempts) > 1 or bool(_url(step))


def _inquiry(step: StepResult, known: Inquiry) -> Inquiry:
    """What to look for. A single HTTP request is answered by the functions behind its URL, at that time."""
    url = _url(step)
    if not url or (step.error is not None and step.error.code in _POLLS):
        return known
    since, method = parse_iso(step.started_at) - SLACK, str(step.request.get("method", "GET"))
    return replace(
        known, since=since, url=url, method=method, events=(), received=frozenset(), requests=_request_ids(step)
    )


def _request_ids(step: StepResult) -> frozenset[str]:
    """The IDs of the request, and of its trace, that the response's headers tell; one that no log names is harmless."""
    response = step.response if isinstance(step.response, Mapping) else {}
    headers = response.get("headers")
    texts = {name.lower(): str(value) for name, value in headers.items()} if isinstance(headers, Mapping) else {}
    return frozenset(each for name in _IDS for each in _ID.findall(texts.get(name, "")))


def _url(step: StepResult) -> str:
    """The URL of an HTTP request; empty for any other action."""
    url = step.request.get("url") if isinstance(step.request, Mapping) else None
    return url if isinstance(url, str) else ""


def _traffic_of(step: StepResult) -> Traffic:
    """The events that a step put, and the queues that it read; of another region or account, they say nothing here."""
    action = BY_TYPE.get(step.type)
    is_here = isinstance(step.request, Mapping) and "at" not in step.request
    return action.traffic(step.request) if is_here and isinstance(action, TellsTraffic) else Traffic()


def _with(step: StepResult, evidence: Mapping[tuple[str, int], tuple[Evidence, ...]]) -> StepResult:
    return replace(step, evidence=evidence.get((step.phase, step.index), ()))
