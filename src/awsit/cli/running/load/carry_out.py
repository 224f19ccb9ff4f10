"""One load, from its first start to its result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime

from awsit.cli.running.load.iterations import LoadIterations, why
from awsit.cli.running.load.open_loop import OpenLoop
from awsit.cli.running.signals import handle_interrupts
from awsit.cli.session import Session
from awsit.config import Settings
from awsit.load.recorder import Recorder
from awsit.load.result import LoadRate, LoadResult
from awsit.load.schedule import planned_rate, starts
from awsit.load.thresholds import Measured, check
from awsit.model.json import Json
from awsit.model.result import RunStatus
from awsit.model.run import RunRequest
from awsit.records import dataclass
from awsit.scenario.schema.blocks.load import LoadSpec
from awsit.system.clock import iso

STOPPING = "Starting no more, then cleaning up. Ctrl-C again leaves at once, without that."


@dataclass(frozen=True, slots=True)
class LoadProgress:
    """How far a load is: seconds since its start, iterations that go on, and what is recorded of the others."""

    elapsed: float
    under_way: int
    recorder: Recorder


def rate_of(spec: LoadSpec) -> LoadRate:
    """The starts that a scenario's `load` asks for."""
    return LoadRate(spec.rate, spec.seconds, spec.ramp, spec.max_concurrency)


def carry_out(
    session: Session,
    settings: Settings,
    requests: Sequence[RunRequest],
    spec: LoadSpec,
    show: Callable[[LoadProgress], None],
) -> LoadResult:
    """Start the requests in turns as `spec` says, and tell what came of it.

    The first interruption starts no more, and lets what goes on clean up; KeyboardInterrupt is raised for the second.
    """
    load, clock = rate_of(spec), session.wiring.run_clock()
    recorder = Recorder(load, why)
    engine = session.wiring.local_engine(settings, only_undone=True)
    iterations = LoadIterations(session, settings, engine, requests, recorder)
    loop = OpenLoop(
        clock,
        load.max_concurrency,
        lambda number, at: iterations.carry_out(number, at, lambda: loop.elapsed),
        lambda at, is_late: recorder.dropped(at, is_late=is_late),
        lambda: show(LoadProgress(loop.elapsed, loop.under_way, recorder)),
    )

    def interrupt() -> bool:
        loop.interrupt()
        return iterations.interrupt()

    def say() -> None:
        with suppress(RuntimeError):  # the signal came in the middle of a line: Python refuses to write into it
            session.say(STOPPING)

    began = clock.now()
    with handle_interrupts(interrupt, say):
        loop.run(starts(load))
    return _result(requests[0], spec, recorder, (began, clock.now()), loop.interrupted_at)


def _result(
    request: RunRequest,
    spec: LoadSpec,
    recorder: Recorder,
    time: tuple[datetime, datetime],
    interrupted_at: float | None,
) -> LoadResult:
    load, document, is_interrupted = rate_of(spec), request.document, interrupted_at is not None
    began, ended = time
    seconds = (ended - began).total_seconds()
    counts, actions, times = recorder.iterations, recorder.actions(), recorder.times.summary()
    error_rate = counts.failed / max(1, counts.passed + counts.failed)
    dropped_rate = counts.dropped / max(1, counts.scheduled)
    of_actions = {name: each.thresholds() for name, each in spec.expect.actions.items()}
    measured = Measured(times, error_rate, dropped_rate, actions)
    expectations = () if is_interrupted else check(measured, spec.expect.thresholds(), of_actions)
    status = RunStatus.PASSED if all(each.passed for each in expectations) else RunStatus.FAILED
    metadata = document.get("metadata") or {}
    started_for = load.seconds if interrupted_at is None else max(0.001, min(interrupted_at, load.seconds))
    return LoadResult(
        load_id=request.run_id.replace("run-", "load-"),
        scenario=str(document["name"]),
        status=RunStatus.CANCELLED if is_interrupted else status,
        engine="local",
        started_at=iso(began),
        finished_at=iso(ended),
        duration_seconds=round(seconds, 3),
        plan=load,
        iterations=counts,
        planned_rate=round(planned_rate(load, started_for), 3),
        achieved_rate=round(counts.started / started_for, 3),
        error_rate=round(error_rate, 6),
        dropped_rate=round(dropped_rate, 6),
        times=times,
        start_delays=recorder.start_delays.summary(),
        actions=actions,
        errors=recorder.errors(),
        expectations=expectations,
        interval_seconds=recorder.interval_seconds,
        intervals=recorder.intervals(),
        left_behind=tuple(recorder.left_behind),
        description=str(document.get("description") or ""),
        tags=tuple(_tags(metadata)),
        metadata=metadata,
        file=request.file,
    )


def _tags(metadata: Json) -> list[str]:
    tags = metadata.get("tags")
    return list(map(str, tags)) if isinstance(tags, list) else []
