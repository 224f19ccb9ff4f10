"""From what was recorded of a load to its result."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from awsit.load.recorder import Recorder
from awsit.load.result import LoadRate, LoadResult
from awsit.load.schedule import planned_rate
from awsit.load.thresholds import Measured, check
from awsit.model.json import Json
from awsit.model.result import RunStatus
from awsit.scenario.schema.blocks.load import LoadSpec
from awsit.system.clock import iso


def rate_of(spec: LoadSpec) -> LoadRate:
    """The starts that a scenario's `load` asks for."""
    return LoadRate(spec.rate, spec.seconds, spec.ramp, spec.max_concurrency)


class Loaded(Struct, frozen=True):
    """Which load it was: its ID and engine, the scenario's document and file, how it was to be started, and when.

    `interrupted_at` are the seconds from its first start until no more began; None for a load that came to its end.
    Fake data were drawn from `seed`; empty where there are none.
    """

    load_id: str
    engine: str
    document: Mapping[str, Json]
    file: str
    spec: LoadSpec
    began: datetime
    ended: datetime
    interrupted_at: float | None = None
    seed: str = ""


def load_result(load: Loaded, recorder: Recorder) -> LoadResult:
    """What a load came to, held to its thresholds; to none when it was interrupted."""
    spec, rate, document = load.spec, rate_of(load.spec), load.document
    is_interrupted = load.interrupted_at is not None
    counts, actions, times = recorder.iterations, recorder.actions(), recorder.times.summary()
    error_rate = counts.failed / max(1, counts.passed + counts.failed)
    dropped_rate = counts.dropped / max(1, counts.scheduled)
    of_actions = {name: each.thresholds() for name, each in spec.expect.actions.items()}
    measured = Measured(times, error_rate, dropped_rate, actions)
    expectations = () if is_interrupted else check(measured, spec.expect.thresholds(), of_actions)
    status = RunStatus.PASSED if all(each.passed for each in expectations) else RunStatus.FAILED
    metadata = document.get("metadata") or {}
    began_none = load.interrupted_at is not None and load.interrupted_at <= 0
    started_for = rate.seconds if load.interrupted_at is None else max(0.001, min(load.interrupted_at, rate.seconds))
    return LoadResult(
        load_id=load.load_id,
        scenario=str(document["name"]),
        status=RunStatus.CANCELLED if is_interrupted else status,
        engine=load.engine,
        started_at=iso(load.began),
        finished_at=iso(load.ended),
        duration_seconds=round((load.ended - load.began).total_seconds(), 3),
        plan=rate,
        iterations=counts,
        planned_rate=0.0 if began_none else round(planned_rate(rate, started_for), 3),
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
        file=load.file,
        seed=load.seed,
    )


def _tags(metadata: Json) -> list[str]:
    tags = metadata.get("tags")
    return list(map(str, tags)) if isinstance(tags, list) else []
