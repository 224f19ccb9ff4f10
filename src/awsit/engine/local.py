"""The engine that walks a plan in this process."""

from __future__ import annotations

import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from threading import Event as Stop
from threading import Thread

from awsit.engine.progress import step_events
from awsit.engine.run.cleanup import undo
from awsit.engine.run.prepare import prepare
from awsit.engine.run.report import report
from awsit.engine.run.verify import ToDo, verify
from awsit.engine.services import Services
from awsit.engine.step.call import execute
from awsit.engine.step.ledger import undo_step
from awsit.engine.store.records import Closing, Kind, Next, RunState
from awsit.errors import AwsitError
from awsit.model.events import (
    CleanupFinished,
    CleanupStarted,
    Event,
    RunFinished,
    RunStarted,
    StepStarted,
)
from awsit.model.plan import Branch, Plan, Segment, Step
from awsit.model.result import ErrorInfo, RunStatus, StepResult
from awsit.model.run import RunRequest
from awsit.system.clock import iso

LOOK_SECONDS = 1.0
INTERRUPTED_SECONDS = 120.0
"""How long an interrupted run may take to end and to clean up; what is left then is in the ledger."""


class LocalEngine:
    """Runs a scenario with this process's own credentials and connections."""

    name = "local"

    def __init__(self, services: Services) -> None:
        """Walk plans with these services; one engine may run many scenarios, also side by side."""
        self._services = services
        self._walks: set[_Walk] = set()

    def interrupt(self) -> bool:
        """Let the runs that go on begin nothing more: they clean up and report. False when all were told before."""
        to_tell = [walk for walk in tuple(self._walks) if not walk.interrupted]
        for walk in to_tell:
            walk.interrupt()
        return bool(to_tell)

    def run(self, request: RunRequest) -> Iterator[Event]:
        """Run it and yield what happens. Interrupted once, it stops, cleans up and goes on to the report.

        Raises KeyboardInterrupt when that takes too long, or at the second interruption; the ledger keeps what is left.
        """
        walk = _Walk(self._services, request)
        self._walks.add(walk)
        try:
            Thread(target=walk.all, name=f"awsit-{request.run_id}", daemon=True).start()
            yield from self._told(walk)
        finally:
            self._walks.discard(walk)

    def _told(self, walk: _Walk) -> Iterator[Event]:
        while True:
            try:
                event = walk.events.get(timeout=LOOK_SECONDS)
            except Empty:
                walk.check_patience()
                continue
            except KeyboardInterrupt:
                if not self.interrupt():
                    raise
                continue
            if isinstance(event, BaseException):
                raise event
            yield event
            if isinstance(event, RunFinished):
                return


class _Walk:
    """One run: the state machine's flow, state by state, with the same functions behind it."""

    def __init__(self, services: Services, request: RunRequest) -> None:
        self.services = services
        self.request = request
        self.run_id = request.run_id
        self.events: SimpleQueue[Event | BaseException] = SimpleQueue()
        self._stop = Stop()
        self._patience_ends = math.inf
        self._prepared = False

    @property
    def interrupted(self) -> bool:
        """Whether the run was told to end."""
        return self._stop.is_set()

    def interrupt(self) -> None:
        """Let nothing more begin; what is in flight ends, and is cleaned up."""
        self._patience_ends = self.services.clock.monotonic() + INTERRUPTED_SECONDS
        if self._prepared:
            told = ErrorInfo("interrupted", "Stopped by the person who ran it.")
            self.services.store.close(self.run_id, Closing(RunStatus.CANCELLED, told))
        self._stop.set()  # only now: a step that waits must find the run closed

    def check_patience(self) -> None:
        """Raise KeyboardInterrupt when the run was told to end too long ago."""
        if self.services.clock.monotonic() > self._patience_ends:
            raise KeyboardInterrupt

    def all(self) -> None:
        """The whole flow. Whatever goes wrong is handed to the reader of the events."""
        try:
            self._flow()
        except BaseException as error:  # noqa: BLE001 - it is raised again where the events are read
            self.events.put(error)

    def _flow(self) -> None:
        prepared = prepare(self.services, self.request)
        plan, run = prepared.plan, prepared.run
        self._prepared = True
        if self.interrupted:
            self.interrupt()
        started = RunStarted(self.run_id, run.scenario, LocalEngine.name, run.started_at, run.total_steps)
        self.events.put(started)
        left = verify(self.services, self.run_id, self._segments(plan))
        self._clean_up(plan, left)
        result = report(self.services, self.run_id)
        self.events.put(CleanupFinished(self.run_id, result.cleanup.verdict))
        self.events.put(RunFinished(self.run_id, result))

    def _segments(self, plan: Plan) -> ErrorInfo | None:
        """Walk all segments; what this machine could not carry out ends the run, and is cleaned up after."""
        try:
            for segment in plan.segments:
                self._segment(plan, segment)
        except Exception as error:  # noqa: BLE001 - a lost run would leave behind what it made
            told = error if isinstance(error, AwsitError) else AwsitError(f"{type(error).__name__}: {error}")
            return ErrorInfo(told.code, told.message, told.hint)
        return None

    def _segment(self, plan: Plan, segment: Segment) -> None:
        if len(segment.branches) == 1:
            self._branch(plan, segment.branches[0])
            return
        with ThreadPoolExecutor(segment.max_concurrency, "awsit-branch") as pool:
            for _ in pool.map(lambda branch: self._branch(plan, branch), segment.branches):
                pass

    def _branch(self, plan: Plan, branch: Branch) -> None:
        for index in branch.steps:
            if not self._step(plan.steps[index]):
                return

    def _step(self, step: Step) -> bool:
        """Whether the branch goes on after it; in a run that was closed meanwhile it does not begin."""
        if self.services.store.run(self.run_id).state is not RunState.OPEN:
            return False
        self._began(step)
        before: StepResult | None = None
        sequence = 1
        while True:
            directive = execute(self.services, self.run_id, step.index, sequence)
            before = self._tell(Kind.ACTION, step.index, before)
            if directive.next is not Next.WAIT:
                return directive.next is Next.GO_ON
            self.services.clock.wait(directive.delay_seconds, self._stop)
            sequence = directive.sequence

    def _clean_up(self, plan: Plan, items: tuple[ToDo, ...]) -> None:
        run = self.services.store.run(self.run_id)
        self.events.put(CleanupStarted(self.run_id, sum(item.kind is Kind.CLEANUP for item in items)))
        for item in items:
            self._began(plan.steps[item.index] if item.kind is Kind.ACTION else undo_step(plan, run, item.index))
            before: StepResult | None = None
            directive = undo(self.services, self.run_id, item, 1)
            before = self._tell(item.kind, item.index, before)
            while directive.next is Next.WAIT:
                self.services.clock.sleep(directive.delay_seconds)
                directive = undo(self.services, self.run_id, item, directive.sequence)
                before = self._tell(item.kind, item.index, before)

    def _began(self, step: Step) -> None:
        at = iso(self.services.clock.now())
        self.events.put(StepStarted(self.run_id, step.index, str(step.phase), step.name, step.type, at))

    def _tell(self, kind: Kind, index: int, before: StepResult | None) -> StepResult | None:
        record = self.services.store.record(self.run_id, kind, index)
        if record is None:
            return before
        for event in step_events(self.run_id, before, record.result):
            self.events.put(event)
        return record.result
