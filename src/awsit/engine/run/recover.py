"""Finishing a run that nobody walks any more: its execution was stopped, or its process killed."""

from __future__ import annotations

import math
from collections.abc import Callable

from msgspec import Struct

from awsit.engine.run.cleanup import call_follow_up
from awsit.engine.run.effects import RunEffects
from awsit.engine.run.last_looks import last_looks
from awsit.engine.run.report import report
from awsit.engine.run.verify import FollowUp, looks
from awsit.engine.services import Services
from awsit.engine.store.records import Closing, Next, RunRecord, RunState
from awsit.errors import NotFoundError
from awsit.model.plan import Phase, Plan
from awsit.model.result import RunResult, Status
from awsit.model.run import LastLook
from awsit.records import replace
from awsit.system.clock import iso, parse_iso

IN_FLIGHT_MARGIN = 2.0
"""Seconds after its own timeout in which a call that was under way may still take effect."""
_LOOK_SECONDS = 1.0
"""How often it is looked whether what is in flight has ended; most of it ends long before its time is over."""


class Recovery(Struct, frozen=True):
    """The recovery of one run. `name` is the cleaner's own, unlike any other's; times in seconds, `ends` monotonic.

    `patience` bounds each wait for what is in flight or may come late, `ends` everything. No call is awaited longer
    than `in_flight`: a process that was killed sends nothing more. `tell` is called before each wait for a last look.
    """

    services: Services
    run_id: str
    name: str
    patience: float
    ends: float
    in_flight: float = math.inf
    tell: Callable[[LastLook], None] = lambda _: None

    def recover(self, closing: Closing) -> RunResult | None:
        """Close the run, let what is in flight end, undo what is open, report. A run that was reported is left alone.

        Returns None when it was left alone, or when time ran out: then another recovery goes on where this one ended.
        """
        store = self.services.store
        try:
            before = store.run(self.run_id)
        except NotFoundError:
            return self._never_began(closing)
        if before.state is RunState.CLOSED:
            return None
        plan, run = store.plan(self.run_id), store.close(self.run_id, closing)
        is_cleaned_up = before.state is RunState.CLOSING  # by its own clean-up, which may be under way
        least = min(self.in_flight, IN_FLIGHT_MARGIN) if is_cleaned_up else 0.0
        wait = max(least, min(self.in_flight, in_flight_seconds(self.services, plan, run)))
        if max(wait, self._until_last_look()) > self.patience or self._is_over(wait):
            return None
        store.take_over(self.run_id, self.name)
        self._let_calls_end(plan, run, least, wait)
        return self._finish(self._cut_off() if is_cleaned_up else None)

    def _let_calls_end(self, plan: Plan, run: RunRecord, least: float, most: float) -> None:
        """Wait until what is in flight has ended, or can take no effect any more: `least` to `most` seconds."""
        clock = self.services.clock
        began = clock.monotonic()
        left = most
        while left > 0:
            clock.sleep(min(_LOOK_SECONDS, left))
            waited = clock.monotonic() - began
            left = max(least - waited, min(most - waited, in_flight_seconds(self.services, plan, run)))

    def _until_last_look(self) -> float:
        """Seconds until the next clean-up step can be carried out, where every open one waits for its last look."""
        store = self.services.store
        plan, run, records = store.plan(self.run_id), store.run(self.run_id), store.records(self.run_id)
        looked = {each.index for each in records if each.kind is Phase.CLEANUP and each.first_look is not None}
        entries = {item.index for item, _ in open_items(self.services, self.run_id)}
        if entries - looked:
            return 0.0
        effects = RunEffects.of(plan, run, records)
        at = min((effects.settles_at(index) for index in entries), default=0.0)
        return at - self.services.clock.now().timestamp()

    def finish(self) -> RunResult | None:
        """Undo what is still open in a run that is over, and write its report anew."""
        self.services.store.take_over(self.run_id, self.name)
        return self._finish()

    def _cut_off(self) -> FollowUp | None:
        """The clean-up step that was under way when a clean-up was cut off: one is carried out after the other."""
        for item, _ in open_items(self.services, self.run_id):
            record = self.services.store.record(self.run_id, item.phase, item.index)
            if record is None or (record.directive.next is Next.WAIT and record.first_look is None):
                return item
        return None

    def _finish(self, cut_off: FollowUp | None = None) -> RunResult | None:
        for item, calls in open_items(self.services, self.run_id):
            if not self._undo(replace(item, was_cut_off=item == cut_off), calls + item.first_call):
                return None
        return report(self.services, self.run_id, cleaner=self.name)

    def _undo(self, item: FollowUp, sequence: int) -> bool:
        """Call the clean-up step from number `sequence` on, to its last attempt; False when time ran out before."""
        while not self._is_over():
            directive = call_follow_up(self.services, self.run_id, item, sequence, self.name)
            if directive.next is not Next.WAIT:
                return True
            is_too_long = item.again and directive.delay_seconds > self.patience
            if is_too_long or self._is_over(directive.delay_seconds):
                return False
            if item.again:
                self._tell_wait(item)
            self.services.clock.sleep(directive.delay_seconds)
            sequence = directive.sequence
        return False

    def _tell_wait(self, item: FollowUp) -> None:
        store, at = self.services.store, self.services.clock.now().timestamp()
        record = store.record(self.run_id, item.phase, item.index)
        for look in last_looks(store, self.run_id, [record] if record else [], at):
            self.tell(look)

    def _is_over(self, after: float = 0.0) -> bool:
        return self.services.clock.monotonic() + after >= self.ends

    def _never_began(self, closing: Closing) -> RunResult:
        at = iso(self.services.clock.now())
        engine = self.services.engine
        result = RunResult(self.run_id, "", closing.verdict, engine, at, at, 0.0, error=closing.error)
        self.services.store.end(result)
        return result


def open_items(services: Services, run_id: str, *, untried: bool = False) -> tuple[tuple[FollowUp, int], ...]:
    """The clean-up steps that are still to be carried out, in order, each with the number of calls made of it before.

    The ledger, newest first; then, once more, what may take effect after now. With `untried` without those that failed.
    """
    store = services.store
    run, plan, records = store.run(run_id), store.plan(run_id), store.records(run_id)
    results = {each.index: each for each in records if each.kind is Phase.CLEANUP}
    ends = {Status.PASSED, Status.SKIPPED, *((Status.FAILED, Status.ERROR) if untried else ())}
    done = {index for index, each in results.items() if each.result.status in ends}
    ledger = () if run.forgotten else run.ledger
    entries = [index for index in reversed(ledger) if index not in done]
    again = RunEffects.of(plan, run, records).unsettled(entries, services.clock.now().timestamp())
    items = looks(entries, again)
    return tuple((item, results[item.index].sequence if item.index in results else 0) for item in items)


def in_flight_seconds(services: Services, plan: Plan, run: RunRecord) -> float:
    """How long a call that was begun, and of which no record says how it ended, may still take effect."""
    records = services.store.records(run.run_id)
    ended = {record.index: record.sequence for record in records if record.kind is not Phase.CLEANUP}
    ends = [
        parse_iso(started.latest).timestamp() + plan.steps[int(index)].timeout_seconds + IN_FLIGHT_MARGIN
        for index, started in run.started.items()
        if ended.get(int(index), 0) < started.sequence
    ]
    return max(0.0, max(ends, default=0.0) - services.clock.now().timestamp())
