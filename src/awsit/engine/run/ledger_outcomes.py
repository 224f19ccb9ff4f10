"""The end of a clean-up step, and the outcome of its ledger entry, as records and reports have them."""

from __future__ import annotations

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
from awsit.records import replace
from awsit.system.clock import parse_iso


def judged(effects: RunEffects, entry: Step, record: StepRecord, first_look: StepResult | None = None) -> StepRecord:
    """The record of a clean-up step that has ended, with its outcome; as skipped when there was nothing to undo.

    It goes on as running when it came too early to be the last word. `first_look` is how it ended when it did so.
    """
    is_too_early = _is_too_early(effects, entry, record)
    if first_look is not None:
        record = _together(first_look, _with_outcome(effects, entry, record))
    elif not is_too_early:
        return _with_outcome(effects, entry, record)
    if not is_too_early:
        return record
    return _to_be_looked_at_again(effects, entry, record)


def _is_too_early(effects: RunEffects, entry: Step, record: StepRecord) -> bool:
    """Whether an attempt without an answer may have taken effect after the clean-up step looked.

    Also when a newer entry waits for its last look, which undoes what this one did.
    """
    if record.first_look is None and any(map(_is_waiting, map(effects.undone, effects.redone_before(entry.index)))):
        return effects.may_find_more(entry, record)
    attempts = record.result.attempts
    at = parse_iso(attempts[-1].started_at if attempts else record.result.started_at).timestamp()
    return at < effects.settles_at(entry.index) and effects.may_find_more(entry, record)


def _is_waiting(record: StepRecord | None) -> bool:
    """Whether a clean-up step has made its first look, and is to be carried out once more."""
    return record is not None and record.first_look is not None


def _to_be_looked_at_again(effects: RunEffects, entry: Step, record: StepRecord) -> StepRecord:
    """The record of a clean-up step that goes on as running; its last attempt says for what it is to be made again."""
    result, attempts = record.result, record.result.attempts
    if attempts:
        ended = parse_iso(attempts[-1].started_at).timestamp() + attempts[-1].duration_seconds
        delay = max(0.0, round(effects.settles_at(entry.index) - ended, 3))
        message = attempts[-1].message
        if result.status is Status.PASSED or _found_nothing(result):
            message = f"{' and '.join(effects.unanswered(entry))} had no answer, and may still take effect"
        attempts = (*attempts[:-1], replace(attempts[-1], message=message, delay_seconds=delay))
    first_look = replace(result, attempts=attempts)
    waiting = replace(first_look, status=Status.RUNNING, outcome=outcome(Effect.UNKNOWN, End.TOO_EARLY))
    return replace(record, result=waiting, first_look=first_look)


def _together(first: StepResult, record: StepRecord) -> StepRecord:
    """The record of a clean-up step that was carried out twice. What it undid the first time is undone."""
    result = record.result
    numbers = len(first.attempts)
    attempts = (*first.attempts, *(replace(each, number=each.number + numbers) for each in result.attempts))
    if first.status is not Status.PASSED or result.outcome is CleanupOutcome.DONE:
        result = replace(result, attempts=attempts, started_at=first.started_at)
    elif result.outcome is CleanupOutcome.NOTHING_TO_UNDO or _found_nothing(result):
        result = replace(first, attempts=attempts, outcome=CleanupOutcome.DONE)
    else:
        result = replace(result, attempts=attempts, outcome=CleanupOutcome.MAY_BE_THERE)
    return replace(record, result=result, first_look=None)


def _with_outcome(effects: RunEffects, entry: Step, record: StepRecord) -> StepRecord:
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
    if not _found_nothing(result):
        return End.FAILED
    return End.GONE if _is_proof(effects, entry, record) else End.NOT_FOUND


def _found_nothing(result: StepResult) -> bool:
    code = result.error.code if result.error else ""
    return code == ErrorKind.NOT_FOUND or code in GONE_STATUSES


def _is_proof(effects: RunEffects, entry: Step, record: StepRecord) -> bool:
    """Whether a clean-up step that found nothing proves that nothing is there now.

    An AWS service says in its error's code that the very thing is gone. A mere 404 may also come from a wrong URL, and
    of some types of action a not-found error proves nothing (`Action.not_found_means_gone`): these are believed when an
    earlier attempt to undo may have succeeded, or when the action may have made nothing.
    """
    code = record.result.error.code if record.result.error else ""
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
