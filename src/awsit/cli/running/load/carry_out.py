"""One load, from its first start to its result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from msgspec import Struct

from awsit.cli.running.load.iterations import LoadIterations, why
from awsit.cli.running.load.open_loop import OpenLoop
from awsit.cli.running.load.result import Loaded, load_result, rate_of
from awsit.cli.running.signals import handle_interrupts
from awsit.cli.session import Session
from awsit.config import Settings
from awsit.load.recorder import Recorder
from awsit.load.result import Iterations, LoadResult
from awsit.load.schedule import starts
from awsit.model.run import RunRequest
from awsit.scenario.schema.blocks.load import LoadSpec

STOPPING = "Starting no more, then cleaning up. Ctrl-C again leaves at once, without that."


class LoadProgress(Struct, frozen=True):
    """How far a load is: seconds since its start, iterations that go on, and what became of iterations so far."""

    elapsed: float
    under_way: int
    iterations: Iterations


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
        lambda: show(LoadProgress(loop.elapsed, loop.under_way, recorder.iterations)),
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
    request = requests[0]
    load_id, ended = request.run_id.replace("run-", "load-"), clock.now()
    at = loop.interrupted_at
    loaded = Loaded(load_id, "local", request.document, request.file, spec, began, ended, at, request.seed)
    return load_result(loaded, recorder)
