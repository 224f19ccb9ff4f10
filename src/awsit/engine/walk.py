"""One run in this process: the flow of the state machine, state by state, with the same functions behind it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event as Signal

from awsit.engine.progress import step_events
from awsit.engine.run.cleanup import call_follow_up
from awsit.engine.run.prepare import prepare
from awsit.engine.run.report import report
from awsit.engine.run.verify import FollowUp, verify
from awsit.engine.services import Services
from awsit.engine.step.call import call_step
from awsit.engine.step.ledger import cleanup_step
from awsit.engine.store.records import Closing, Next, RunState
from awsit.errors import AwsitError, exhausted
from awsit.model.events import CleanupFinished, CleanupStarted, Event, RunFinished, RunStarted, StepStarted
from awsit.model.plan import Branch, Phase, Plan, Segment, Step
from awsit.model.result import ErrorInfo, RunStatus, StepResult
from awsit.model.run import RunRequest
from awsit.system.clock import iso

_INTERRUPTED = ErrorInfo("interrupted", "Stopped by the person who ran it.")


class Walk:
    """A walk through the plan of one run. Branches that run side by side have threads of their own.

    `_stop` is set when the walk is interrupted, `_closed` as well when a step has failed: then nobody waits any longer.
    """

    def __init__(self, services: Services, request: RunRequest) -> None:
        self._services = services
        self._request = request
        self._run_id = request.run_id
        self._emit: Callable[[Event], None] = lambda _: None
        self._stop, self._closed = Signal(), Signal()
        self._is_prepared = False
        self._why = _INTERRUPTED

    @property
    def is_interrupted(self) -> bool:
        """Whether nothing more may begin."""
        return self._stop.is_set()

    def interrupt(self, why: ErrorInfo = _INTERRUPTED) -> None:
        """Let nothing more begin; what is in flight ends, and is cleaned up. Any thread may call it."""
        self._why = why
        if self._is_prepared:
            self._services.store.close(self._run_id, Closing(RunStatus.CANCELLED, why))
        self._stop.set()
        self._closed.set()  # only now: a step that waits must find the run closed

    def walk(self, emit: Callable[[Event], None]) -> None:
        """From prepare to the report; `emit` gets each event from the thread in which it happens."""
        self._emit = emit
        prepared = prepare(self._services, self._request)
        plan, run = prepared.plan, prepared.run
        self._is_prepared = True
        if self.is_interrupted:  # meanwhile, when there was no run that could be closed
            self.interrupt(self._why)
        emit(RunStarted(self._run_id, run.scenario, self._services.engine, run.started_at, run.total_steps))
        error = self._actions(plan)
        self._clean_up(plan, verify(self._services, self._run_id, error))
        result = report(self._services, self._run_id)
        emit(CleanupFinished(self._run_id, result.cleanup.verdict))
        emit(RunFinished(self._run_id, result))

    def _actions(self, plan: Plan) -> ErrorInfo | None:
        """Walk all segments. Returns why this machine could not carry them out: that ends the run, not its clean-up."""
        try:
            for segment in plan.segments:
                self._segment(plan, segment)
        except AwsitError as error:
            return ErrorInfo.of(error)
        except Exception as error:  # noqa: BLE001 - a lost run would leave behind what it made
            return ErrorInfo.of(exhausted(error) or AwsitError(f"{type(error).__name__}: {error}"))
        return None

    def _segment(self, plan: Plan, segment: Segment) -> None:
        if len(segment.branches) == 1:
            self._branch(plan, segment.branches[0])
            return
        from concurrent.futures import ThreadPoolExecutor  # for parallel branches only

        with ThreadPoolExecutor(segment.max_concurrency, "awsit-branch") as pool:
            for _ in pool.map(lambda branch: self._branch(plan, branch), segment.branches):
                pass

    def _branch(self, plan: Plan, branch: Branch) -> None:
        for index in branch.steps:
            if not self._step(plan.steps[index]):
                return

    def _step(self, step: Step) -> bool:
        """Whether the branch goes on after it; in a run that was closed meanwhile it does not begin."""
        if self._services.store.run(self._run_id).state is not RunState.OPEN:
            return False
        self._emit_start(step)
        before: StepResult | None = None
        sequence = 1
        while True:
            directive = call_step(self._services, self._run_id, step.index, sequence)
            before = self._emit_progress(step.phase, step.index, before)
            if directive.next is Next.FAILED:
                self._closed.set()
            if directive.next is not Next.WAIT:
                return directive.next is Next.SUCCEEDED
            self._services.clock.wait(directive.delay_seconds, self._closed)
            sequence = directive.sequence

    def _clean_up(self, plan: Plan, items: tuple[FollowUp, ...]) -> None:
        self._emit(CleanupStarted(self._run_id, sum(item.phase is Phase.CLEANUP and not item.again for item in items)))
        run = self._services.store.run(self._run_id)
        for item in items:
            is_cleanup = item.phase is Phase.CLEANUP
            if not item.again:
                self._emit_start(cleanup_step(plan, run, item.index) if is_cleanup else plan.steps[item.index])
            self._follow_up(item)

    def _follow_up(self, item: FollowUp) -> None:
        record = self._services.store.record(self._run_id, item.phase, item.index) if item.again else None
        before = record.result if record else None
        sequence = item.first_call
        while True:
            directive = call_follow_up(self._services, self._run_id, item, sequence)
            before = self._emit_progress(item.phase, item.index, before)
            if directive.next is not Next.WAIT:
                return
            self._services.clock.sleep(directive.delay_seconds)
            sequence = directive.sequence

    def _emit_start(self, step: Step) -> None:
        at = iso(self._services.clock.now())
        self._emit(StepStarted(self._run_id, step.index, str(step.phase), step.name, step.type, at))

    def _emit_progress(self, phase: Phase, index: int, before: StepResult | None) -> StepResult | None:
        """Emit what came about since `before`, and return the step's result as it is now."""
        record = self._services.store.record(self._run_id, phase, index)
        if record is None:
            return before
        for event in step_events(self._run_id, before, record.result):
            self._emit(event)
        return record.result
