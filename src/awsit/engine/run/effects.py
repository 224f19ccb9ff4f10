"""What the action did that an entry of the ledger takes back, as the run's records tell it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

from msgspec import Struct

from awsit.actions.registry import is_safe_to_repeat, only_reads
from awsit.engine.step.context import Values
from awsit.engine.step.ledger import CompensationId, is_taken_back
from awsit.engine.step.policy import OUTCOME_UNKNOWN
from awsit.engine.step.retry import looks_by_itself
from awsit.engine.store.records import Next, RecordedCompensation, RunRecord, Started, StepRecord
from awsit.errors import Effect
from awsit.expressions.templates import template
from awsit.model.plan import Phase, Plan, Step, list_of
from awsit.model.result import CleanupOutcome, Status, StepResult, UncertainAttempt
from awsit.model.text.secret_names import is_secret_name
from awsit.records import replace
from awsit.scenario.checks.usage import templates_of
from awsit.system.clock import parse_iso

_NO_RECORD = "It was begun, and what came of it is not known."


class RunEffects(Struct, frozen=True, dict=True):
    """What the actions of a run did. `record` finds the record of a step, when it is needed: see `RunStore.record`.

    `looks_twice`: whether anything is carried out once more; when not, nothing is read to find out after what.
    """

    plan: Plan
    run: RunRecord
    record: Callable[[Phase, int], StepRecord | None]
    looks_twice: bool = True

    @classmethod
    def of(cls, plan: Plan, run: RunRecord, records: Iterable[StepRecord]) -> RunEffects:
        """From all records of a run."""
        by_key = {(each.kind is Phase.CLEANUP, each.index): each for each in records}
        return cls(plan, run, lambda phase, index: by_key.get((phase is Phase.CLEANUP, index)))

    def undone(self, index: int) -> StepRecord | None:
        """The record of the clean-up step of a ledger entry."""
        return self.record(Phase.CLEANUP, index)

    def undone_beside(self, entry: Step) -> list[StepRecord]:
        """The records of the other clean-up steps of the same action."""
        action = self.action_of(entry.index)
        others = [index for index in (action.cleanup if action else ()) if index != entry.index]
        return [record for record in map(self.undone, others) if record is not None]

    def action_of(self, index: int) -> Step | None:
        """The action that a ledger entry takes back; None for the scenario's own clean-up."""
        compensation = CompensationId.of(index)
        if compensation is not None:
            return self.plan.steps[compensation.step]
        return self._actions_by_entry.get(index)

    @cached_property
    def _actions_by_entry(self) -> Mapping[int, Step]:
        return {index: step for step in self.plan.steps for index in step.cleanup}

    def effect_behind(self, entry: Step, *, rendered: bool = True) -> Effect:
        """What was done that a clean-up step takes back."""
        effects = {self._effect_of(maker) for maker in self._makers(entry, rendered=rendered)}
        return next((effect for effect in (Effect.DONE, Effect.UNKNOWN) if effect in effects), Effect.NONE)

    def effect(self, action: Step) -> Effect:
        """What an action did, all its attempts together."""
        record = self.record(action.phase, action.index)
        effects = _effects(record.result) if record else set()
        if Effect.DONE in effects or (record is not None and record.has_acted):
            return Effect.DONE
        return Effect.UNKNOWN if Effect.UNKNOWN in effects or self.uncertain(action) else Effect.NONE

    def uncertain(self, action: Step) -> tuple[UncertainAttempt, ...]:
        """The attempts of an action of which is not known what they did, that of a call without a record included."""
        record = self.record(action.phase, action.index)
        recorded = record.uncertain if record else ()
        if record is not None and _is_last_call(record):
            return recorded
        started = self.run.started.get(str(action.index))
        if started is None or (record is not None and _is_ended(record, started)):
            return recorded
        number = len(record.result.attempts) + 1 if record else 1
        lost = UncertainAttempt(
            action.name, action.type, number, started.latest or started.at, _NO_RECORD, action.params
        )
        return (*recorded, lost)

    def settles_at(self, index: int) -> float:
        """When nothing can come any more of the attempts without an answer that a clean-up step takes back.

        In seconds since the epoch, a whole millisecond as records have it, so that a look then is not told as one
        before; 0 when every attempt was answered. An attempt may take effect for as long as its step's
        `timeout_seconds` after it was sent, and `settle_seconds` longer.
        """
        ends = [
            parse_iso(attempt.at).timestamp() + maker.timeout_seconds + maker.settle_seconds
            for maker in self._late_makers(index)
            for attempt in self.uncertain(maker)
            if not attempt.answered
        ]
        return math.ceil(1000 * max(ends, default=0.0)) / 1000

    def unanswered(self, entry: Step) -> tuple[str, ...]:
        """The names of the actions that had no answer and whose late effect a clean-up step takes back."""
        makers = self._late_makers(entry.index)
        return tuple(each.name for each in makers if not all(attempt.answered for attempt in self.uncertain(each)))

    def unsettled(self, ledger: Sequence[int], at: float) -> tuple[int, ...]:
        """The entries whose actions may still take effect after `at` (seconds since the epoch), and what follows them.

        Mostly there are none, and then no recorded compensation is read.
        """
        by_themselves = replace(self, looks_twice=False)
        if all(by_themselves.settles_at(each) <= at for each in ledger):
            return ()
        return tuple(each for each in ledger if self.settles_at(each) > at)

    def _late_makers(self, index: int) -> list[Step]:
        """The actions whose late effect a clean-up step takes back; one that only reads makes nothing.

        Those, too, after whose last look it is to be carried out again.
        """
        action = self.action_of(index)
        if action is not None:
            before = (self.action_of(each) for each in self.redone_before(index))
            return [action, *(step for step in before if step is not None and step is not action)]
        actions = [step for step in self.plan.steps if not step.phase.is_follow_up]
        return [step for step in actions if not only_reads(step.type, step.params)]

    def redone_before(self, index: int) -> tuple[int, ...]:
        """The newer entries of the ledger whose last look makes another one of entry `index` necessary, oldest first.

        When they are carried out once more, the item or object is as it was before a later action of the run, and no
        longer as it was before the run. A declared step may remove anything, and may have removed anything.
        """
        if not self.looks_twice or self.action_of(index) is None or not any(map(is_taken_back, self.plan.steps)):
            return ()
        ledger = self.run.ledger
        older = self._recorded(index)
        things, declared, puts_back = set(older.things if older else ()), older is None, bool(older and older.puts_back)
        found = []
        for each in ledger[ledger.index(index) + 1 :] if index in ledger else ():
            newer = self._recorded(each)
            if newer is None and puts_back:
                declared = True
            elif newer is not None and (not things.isdisjoint(newer.things) or (declared and newer.puts_back)):
                things, puts_back = things.union(newer.things), puts_back or newer.puts_back
            else:
                continue
            found.append(each)
        return tuple(found)

    def _recorded(self, index: int) -> RecordedCompensation | None:
        return self.run.recorded.get(str(index)) if CompensationId.of(index) is not None else None

    def may_find_more(self, entry: Step, record: StepRecord) -> bool:
        """Whether a clean-up step that has ended could find something when it is carried out once more.

        Not when it passed and names only what the last attempt made; not when it was not needed, or could not be
        rendered, and no other clean-up step captures what it names.
        """
        if record.result.status is Status.PASSED:
            return not self.others_than_named(entry)
        if record.result.status is not Status.SKIPPED and record.rendered:
            return True
        captured = frozenset(name for step in self.plan.cleanup for name in step.captures)
        return bool(captured & template.references(templates_of(entry)).context)

    def look_for(self, entry: Step, *, rendered: bool = True) -> tuple[UncertainAttempt, ...]:
        """The attempts that may have made what a clean-up step could not undo."""
        makers = self._makers(entry, rendered=rendered)
        return tuple(each for maker in makers if maker.phase is not Phase.CLEANUP for each in self.uncertain(maker))

    def others_than_named(self, entry: Step) -> tuple[UncertainAttempt, ...]:
        """The attempts that may have made another thing than the one that a clean-up step names by a captured value."""
        makers = [maker for maker in self._named_by(entry) if not is_safe_to_repeat(maker.type, maker.params)]
        return tuple(each for maker in makers for each in (*self.uncertain(maker), *self._repeated(maker)))

    def _named_by(self, entry: Step) -> list[Step]:
        """The actions whose captured values name what a clean-up step takes back.

        Beside its own action: those that have no clean-up step of their own. A secret that one captured is what the
        clean-up signs in with, and names nothing.
        """
        own, names = self.action_of(entry.index), template.references([entry.params, dict(entry.let)])
        return [
            step
            for step in self.plan.steps
            if not step.phase.is_follow_up
            and (step is own or not (step.cleanup or step.auto_cleanup))
            and (step.name in names.actions or names.context & _naming(step, is_own=step is own))
        ]

    def _repeated(self, action: Step) -> list[UncertainAttempt]:
        """The attempts of an action that were carried out and did not pass, so that another was made after them.

        A poll is a look at what is there, and makes nothing; of a result from the cache, nothing is made again.
        """
        record = self.record(action.phase, action.index)
        if record is None or action.until or action.during or action.cache_seconds or looks_by_itself(action):
            return []
        return [
            UncertainAttempt(action.name, action.type, each.number, each.started_at, each.message, action.params)
            for each in record.result.attempts[:-1]
            if each.effect is Effect.DONE
        ]

    def _makers(self, entry: Step, *, rendered: bool) -> list[Step]:
        """The steps that made what a clean-up step takes back: its action; of the scenario's own clean-up, all actions.

        Where this could not be rendered, because what it names was never captured: those that were to capture it.
        """
        action = self.action_of(entry.index)
        if action is not None:
            return [action]
        actions = [step for step in self.plan.steps if not step.phase.is_follow_up]
        return actions if rendered else self._missed(entry) or actions

    def _missed(self, entry: Step) -> list[Step]:
        """The steps that were to capture, or to answer, what a clean-up step names and the run does not have."""
        names = template.references(templates_of(entry))
        missing = names.context - Values(self.plan, self.run, self.run.context).keys()
        actions = [step for step in self.plan.steps if step.context_names & missing or step.name in names.actions]
        others = [step for step in self.plan.cleanup if step.context_names & missing and step.index != entry.index]
        return [*actions, *others]

    def _effect_of(self, maker: Step) -> Effect:
        """What an action did, or a clean-up step that captures for others: nothing when it had nothing to undo."""
        if maker.phase is not Phase.CLEANUP:
            return self.effect(maker)
        record = self.undone(maker.index)
        is_nothing = record is not None and record.result.outcome is CleanupOutcome.NOTHING_TO_UNDO
        return Effect.NONE if is_nothing else Effect.DONE


def _is_last_call(record: StepRecord) -> bool:
    """Whether a step's call came to an end that is known, and none was to follow."""
    return record.directive.next is not Next.WAIT and _is_known(record)


def _is_ended(record: StepRecord, started: Started) -> bool:
    """Whether the newest call of a step came to an end that is known."""
    return record.sequence >= started.sequence and _is_known(record)


def _is_known(record: StepRecord) -> bool:
    error = record.result.error
    return error is None or error.code != OUTCOME_UNKNOWN


def _effects(result: StepResult) -> set[Effect]:
    """The effects of a step's attempts; from an older record, of the last one, as its status and error tell."""
    effects = {attempt.effect for attempt in result.attempts if attempt.effect is not None}
    if effects or not result.attempts:
        return effects
    if result.status is Status.PASSED:
        return {Effect.DONE}
    code = result.error.code if result.error else ""
    return {Effect.of_status(int(code))} if code.isdecimal() and len(result.attempts) == 1 else {Effect.UNKNOWN}


def _naming(step: Step, *, is_own: bool) -> frozenset[str]:
    """The values that an action captures by which a clean-up step may name a thing."""
    names = {name for name in step.captures if is_own or (name not in step.redact and not is_secret_name(name))}
    return frozenset({*names, *map(list_of, names)})
