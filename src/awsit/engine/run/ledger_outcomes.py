"""The end of a clean-up step, and the outcome of its ledger entry, as records and reports have them."""

from __future__ import annotations

from dataclasses import replace

from awsit.actions.registry import BY_TYPE
from awsit.engine.run.effects import RunEffects
from awsit.engine.run.outcomes import End, outcome
from awsit.engine.step.ledger import CompensationId
from awsit.engine.step.policy import SKIPPED, skipped
from awsit.engine.step.retry import GONE_STATUSES
from awsit.engine.store.records import StepRecord
from awsit.errors import Effect, ErrorKind
from awsit.model.plan import Step
from awsit.model.result import CleanupOutcome, ErrorInfo, Status, StepResult
from awsit.system.clock import parse_iso


def judged(effects: RunEffects, entry: Step, record: StepRecord) -> StepRecord:
    """The record of a clean-up step that has ended, with its outcome; as skipped when there was nothing to undo."""
    end = _end(effects, entry, record)
    effect = Effect.DONE if end is End.PASSED else effects.effect_behind(entry, rendered=record.rendered)
    came_to = outcome(effect, end)
    result = replace(record.result, outcome=came_to)
    if came_to is CleanupOutcome.NOTHING_TO_UNDO and result.status is not Status.SKIPPED:
        result = replace(result, status=Status.SKIPPED, error=_nothing_to_undo(effects, entry, result, end))
    return replace(record, result=result)


def untouched(effects: RunEffects, entry: Step, sequence: int, at: str) -> StepRecord | None:
    """The record of a recorded compensation whose action made nothing; None when it is to be carried out.

    It was worked out before the action, and names what the action would have made. When that was refused, it may name
    what somebody else made since, and that stays.
    """
    if CompensationId.of(entry.index) is None or effects.effect_behind(entry) is not Effect.NONE:
        return None
    record = skipped(entry, sequence, "", at)
    return replace(record, result=replace(record.result, error=_made_nothing(effects, entry)))


def outcome_of(effects: RunEffects, entry: Step) -> CleanupOutcome:
    """The outcome of a ledger entry, whether its clean-up step was tried or not, as far as all records tell."""
    record = effects.undone(entry.index)
    if record is None:
        return outcome(effects.effect_behind(entry), End.NOT_TRIED)
    if _is_not_needed(record) and not any(map(_has_ended_well, effects.undone_beside(entry))):
        return outcome(effects.effect_behind(entry), End.NONE_NEEDED)
    if record.result.outcome is not None:
        return record.result.outcome
    if record.result.status is Status.SKIPPED:  # of a version that did not keep the outcome
        return CleanupOutcome.NOTHING_TO_UNDO
    return CleanupOutcome.DONE if record.result.status is Status.PASSED else CleanupOutcome.FAILED


def _is_not_needed(record: StepRecord) -> bool:
    """Whether the `when` of a clean-up step did not hold."""
    error = record.result.error
    return record.result.status is Status.SKIPPED and error is not None and error.code == SKIPPED


def _has_ended_well(record: StepRecord) -> bool:
    """Whether a clean-up step was carried out, or found that there was nothing to undo."""
    return record.result.status in {Status.PASSED, Status.SKIPPED} and not _is_not_needed(record)


def _end(effects: RunEffects, entry: Step, record: StepRecord) -> End:
    result = record.result
    if result.status is Status.PASSED:
        return End.OF_THE_LAST if effects.others_than_named(entry) else End.PASSED
    if result.status is Status.SKIPPED:
        return End.NOT_NEEDED
    if not record.rendered or not result.attempts:
        return End.NOT_RENDERED
    code = result.error.code if result.error else ""
    if code != ErrorKind.NOT_FOUND and code not in GONE_STATUSES:
        return End.FAILED
    if not _is_proof(effects, entry, record, code):
        return End.NOT_FOUND
    action = effects.action_of(entry.index)
    is_settled = action is None or effects.is_settled(action, parse_iso(result.attempts[-1].started_at))
    return End.GONE if is_settled else End.NOT_YET


def _is_proof(effects: RunEffects, entry: Step, record: StepRecord, code: str) -> bool:
    """Whether a clean-up step that found nothing proves that nothing is there now.

    An AWS service says in its error's code that the very thing is gone. A mere 404 may also come from a wrong URL, and
    of some types of action a not-found error proves nothing (`Action.not_found_means_gone`): these are believed when an
    earlier attempt to undo may have succeeded, or when the action may have made nothing.
    """
    is_clear = code not in GONE_STATUSES and BY_TYPE[entry.type].not_found_means_gone
    last = record.result.attempts[-1]
    is_repeated = any((each.attempt, each.at) != (last.number, last.started_at) for each in record.uncertain)
    if is_clear or is_repeated or CompensationId.of(entry.index) is not None:
        return True
    action = effects.action_of(entry.index)
    return action is not None and effects.effect(action) is not Effect.DONE


def _nothing_to_undo(effects: RunEffects, entry: Step, result: StepResult, end: End) -> ErrorInfo:
    if end is End.GONE:
        return ErrorInfo("already_gone", f"Nothing to undo: {result.error.message if result.error else ''}")
    return _made_nothing(effects, entry)


def _made_nothing(effects: RunEffects, entry: Step) -> ErrorInfo:
    action = effects.action_of(entry.index)
    why = f"{action.name} made nothing" if action else "what it names was never made"
    return ErrorInfo("nothing_to_undo", f"Nothing to undo: {why}: it was refused, or never sent.")
