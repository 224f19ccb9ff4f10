"""What a step means: the only place that says so, whoever walks the plan.

A *call* of a step makes one *attempt* of its action, and answers what the walker does next: go on, call again after a
delay, or end the branch.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from awsit.engine.log_entry import attempt_failed
from awsit.engine.services import Services
from awsit.engine.step import kept
from awsit.engine.step.acting import Acting
from awsit.engine.step.attempt import AttemptResult, make_attempt
from awsit.engine.step.cache import ResultCache
from awsit.engine.step.ledger import Compensations
from awsit.engine.step.retry import (
    is_transient,
    look_delay,
    looks_by_itself,
    not_held,
    not_reached,
    poll_delay,
    retries,
    retry_delay,
)
from awsit.engine.step.scope import Scope
from awsit.engine.step.uncertain import with_uncertain
from awsit.engine.store.records import Directive, Next, StepRecord
from awsit.engine.turns import RequestTurns
from awsit.errors import Effect, ErrorKind
from awsit.model.action.call import ActionContext
from awsit.model.json import Json
from awsit.model.plan import NO_ITEM, Step
from awsit.model.result import NOT_YET, Attempt, ErrorInfo, Status, StepResult, UncertainAttempt
from awsit.model.text.trace import trace_headers
from awsit.records import replace
from awsit.system.clock import iso, parse_iso

RUN_TIMEOUT = "run_timeout"
"""The code of what did not end because the run's time was over."""

SKIPPED = "skipped"
"""The code of what was not to be done."""

OUTCOME_UNKNOWN = "outcome_unknown"
"""The code of what was begun by a call that never came back."""

_OUT_OF_TIME = ErrorInfo(
    RUN_TIMEOUT, "The run's time was over before there was an answer.", "Raise timeout_seconds of the scenario."
)
_MARGIN_SECONDS = 0.05


class Call(Struct, frozen=True):
    """One call of a step. `sequence` counts its calls from 1; `previous` is the result after the calls before.

    `seconds_left` is what the run's deadline leaves for it; runs of one `suite` share cached results. `uncertain` are
    the attempts before it that may have taken effect. `has_turn`: it has waited for its turn already.
    """

    run_id: str
    step: Step
    sequence: int
    previous: StepResult | None
    seconds_left: float
    scenario: str = ""
    suite: str = ""
    uncertain: tuple[UncertainAttempt, ...] = ()
    has_turn: bool = False

    @property
    def held_since(self) -> datetime | None:
        """When the first attempt that passed began, from which on `during` must hold; None before it."""
        attempts = self.previous.attempts if self.previous else ()
        return next((parse_iso(each.started_at) for each in attempts if each.status is Status.PASSED), None)


def attempt_step(call: Call, scope: Scope, services: Services) -> tuple[StepRecord, Mapping[str, Json]]:
    """Make one attempt and decide what follows. Returns the step's record, and what goes into the run's context."""
    began, start = services.clock.now(), services.clock.monotonic()
    held = (began - call.held_since).total_seconds() if call.held_since else None
    if held is not None:
        call = replace(call, step=replace(call.step, until=None))
    attempt = _attempt(call, scope, services)
    lasted = services.clock.monotonic() - start
    if attempt.error and attempt.error.code == ErrorKind.TIMEOUT and lasted + _MARGIN_SECONDS >= call.seconds_left:
        attempt.error, attempt.final = _OUT_OF_TIME, True
    before = call.previous.attempts if call.previous else ()
    by_sdk, passed = attempt.by_sdk(len(before), began, start)
    before = (*before, *by_sdk)
    made = Attempt(
        len(before) + 1,
        iso(began + timedelta(seconds=passed)),
        round(lasted - passed, 3),
        attempt.status,
        attempt.message,
        effect=attempt.effect,
        code=_code(call.step, attempt),
        cached=attempt.cached,
    )
    if attempt.resume_after_seconds is not None:
        return _resume_later(call, attempt, made, before, services), attempt.kept
    if call.step.during and attempt.status is Status.PASSED:
        delay = look_delay(call.step.during, held or 0.0, lasted)
    else:
        delay = _delay(call, attempt, _number(call.step, before), lasted, services)
    delay = None if delay is None else _waited(delay, call, services)
    if delay is None:
        attempt.error = _error(call, attempt, made.number, held)
    record = _record(call, attempt, (*before, made if delay is None else replace(made, delay_seconds=delay)), delay)
    polls_on = call.step.until is not None and attempt.not_yet
    if delay is not None and attempt.status is not Status.PASSED and not polls_on:
        services.log(attempt_failed(call.run_id, call.scenario, record.result))
    captured = attempt.captured if delay is None else {}
    return record, {**captured, **attempt.kept}


def _code(step: Step, attempt: AttemptResult) -> str:
    """Why an attempt did not pass, in one word (`Attempt.code`)."""
    if attempt.status is Status.PASSED:
        return ""
    if step.until is not None and attempt.not_yet:
        return NOT_YET
    return attempt.error.code if attempt.error else str(ErrorKind.ASSERTION)


def skipped(step: Step, sequence: int, reason: str, at: str) -> StepRecord:
    """The record of a step of which no attempt is made."""
    result = replace(
        _blank(step, Status.SKIPPED, at), error=ErrorInfo(NO_ITEM if step.is_later_item else SKIPPED, reason)
    )
    return StepRecord(step.phase, step.index, sequence, Directive(Next.SUCCEEDED), result)


def not_known(step: Step, sequence: int, previous: StepResult | None, at: str) -> StepRecord:
    """The record of a step that was begun by a call that never came back, and that may not be repeated."""
    error = ErrorInfo(
        OUTCOME_UNKNOWN,
        f"{step.name} was begun, and whether it took effect is not known.",
        "It is not safe to repeat. Look at the service itself; clean-up runs in any case.",
    )
    result = replace(previous or _blank(step, Status.ERROR, at), status=Status.ERROR, error=error)
    return StepRecord(step.phase, step.index, sequence, Directive(Next.FAILED), result)


def _attempt(call: Call, scope: Scope, services: Services) -> AttemptResult:
    patience = _patience(call, services)
    bounds = (call.step.timeout_seconds, call.seconds_left, patience, services.ends - services.clock.monotonic())
    context = ActionContext(
        run_id=call.run_id,
        http=services.http,
        aws=services.aws,
        clock=services.clock,
        timeout_seconds=max(0.001, min(bounds)),
        attempt=call.sequence,
        patience_seconds=patience,
        elapsed_seconds=_polled_for(call, services),
        step=call.step.name,
        is_secret=scope.holds_secret,
        files=scope.files,
        kept=kept.kept_for(call.step, scope.context),
        contract=scope.contract,
        tokens=services.tokens,
        mocks=services.mocks,
        websockets=services.websockets,
        trace_headers=trace_headers(scope.trace_id, call.run_id, call.step.phase, call.step.index, call.sequence),
    )
    cache = ResultCache.of(services, call.suite or call.run_id, call.step, call.previous)
    turns = RequestTurns(services.store, services.clock, scope.limits, call.seconds_left, call.has_turn)
    acting = Acting.begin(context, cache, Compensations(services.store), turns, services.aws_at)
    return make_attempt(call.step, scope, acting)


def _blank(step: Step, status: Status, at: str) -> StepResult:
    return StepResult(step.index, str(step.phase), step.name, step.type, status, started_at=at, source=step.source)


def _resume_later(
    call: Call, attempt: AttemptResult, made: Attempt, before: tuple[Attempt, ...], services: Services
) -> StepRecord:
    """The record of a step that asked to be called again; only what looks for a state has made an attempt by that."""
    delay = _waited(min(attempt.resume_after_seconds or 0.0, max(0.0, call.seconds_left)), call, services)
    waiting = replace(call.previous or _blank(call.step, Status.RUNNING, made.started_at), status=Status.RUNNING)
    if looks_by_itself(call.step):
        message = "The state is not reached yet."
        look = replace(made, status=Status.FAILED, message=message, delay_seconds=delay, code=NOT_YET)
        waiting = replace(waiting, attempts=(*before, look), response=attempt.response)
    at, again = (call.step.phase, call.step.index, call.sequence), Directive(Next.WAIT, call.sequence + 1, delay)
    record = StepRecord(*at, again, waiting, hidden=attempt.hidden, uncertain=call.uncertain)
    return replace(record, has_acted=attempt.effect is Effect.DONE, has_turn=call.has_turn or not attempt.awaits_other)


def _patience(call: Call, services: Services) -> float:
    """Seconds that are left for this call and the later ones of an action that looks for a state by itself."""
    if call.step.waits_at_most is None or not looks_by_itself(call.step):
        return math.inf
    return max(0.0, call.step.waits_at_most - _polled_for(call, services))


def _number(step: Step, before: tuple[Attempt, ...]) -> int:
    """The attempt's number for `retry` and `until`: of calls of the action, whatever the SDK repeated in one.

    A look for a state that is not reached yet is no failed attempt. It is 1 again after a look of `during` that passed.
    """
    looks = looks_by_itself(step)
    passed = max((number for number, each in enumerate(before, 1) if each.status is Status.PASSED), default=0)
    return 1 + sum(not each.by_sdk and not (looks and each.code == NOT_YET) for each in before[passed:])


def _delay(call: Call, attempt: AttemptResult, number: int, lasted: float, services: Services) -> float | None:
    """Seconds until the next attempt; None when this was the last."""
    if attempt.status is Status.PASSED or attempt.final:
        return None
    until = call.step.until
    if until is not None and (attempt.not_yet or (attempt.status is Status.ERROR and is_transient(attempt.names))):
        delay = max(poll_delay(until, number), min(attempt.retry_after_seconds or 0.0, until.max_interval_seconds))
        return delay if max(lasted, _polled_for(call, services) + delay) <= until.timeout_seconds else None
    if retries(call.step.retry, attempt.names, number):
        return retry_delay(call.step.retry, number, services.randomness, attempt.retry_after_seconds)
    return None


def _waited(delay: float, call: Call, services: Services) -> float:
    """The seconds that are waited in fact."""
    return delay if call.sequence <= services.exact_waits else float(math.ceil(delay))


def _polled_for(call: Call, services: Services) -> float:
    """Seconds since the first attempt began; a step may have waited for its turn before that."""
    attempts = call.previous.attempts if call.previous else ()
    return (services.clock.now() - parse_iso(attempts[0].started_at)).total_seconds() if attempts else 0.0


def _record(call: Call, attempt: AttemptResult, attempts: tuple[Attempt, ...], delay: float | None) -> StepRecord:
    step, is_last = call.step, delay is None
    return StepRecord(
        step.phase,
        step.index,
        call.sequence,
        _directive(call, attempt, delay),
        _result(call, attempt, attempts, delay),
        kept=attempt.result if is_last and step.keep_result else None,
        hidden=attempt.hidden if is_last else (),
        contract_call=attempt.contract_call,
        uncertain=with_uncertain(call.uncertain, step, attempt, attempts[-1]),
        rendered=attempt.rendered,
    )


def _directive(call: Call, attempt: AttemptResult, delay: float | None) -> Directive:
    if delay is not None:
        return Directive(Next.WAIT, call.sequence + 1, delay)
    goes_on = attempt.status is Status.PASSED or call.step.continue_on_failure
    return Directive(Next.SUCCEEDED if goes_on else Next.FAILED)


def _result(call: Call, attempt: AttemptResult, attempts: tuple[Attempt, ...], delay: float | None) -> StepResult:
    step, last = call.step, attempts[-1]
    started_at = call.previous.started_at if call.previous else attempts[0].started_at
    ran = 0.0 if started_at == last.started_at else (parse_iso(last.started_at) - parse_iso(started_at)).total_seconds()
    return StepResult(
        step.index,
        str(step.phase),
        step.name,
        step.type,
        attempt.status if delay is None else Status.RUNNING,
        started_at,
        round(ran + last.duration_seconds, 3),
        attempts,
        attempt.request,
        _last_seen(call, attempt),
        attempt.checks,
        attempt.shown_captures,
        attempt.error,
        step.source,
    )


def _last_seen(call: Call, attempt: AttemptResult) -> Json:
    """The response that a report shows: of the look before, when the time was over before the last look's answer."""
    if attempt.response is None and call.previous and looks_by_itself(call.step):
        return call.previous.response
    return attempt.response


def _error(call: Call, attempt: AttemptResult, attempts: int, held: float | None) -> ErrorInfo | None:
    """The error that a report shows of a step's last attempt; `held` are the seconds for which its `during` held."""
    until, during = call.step.until, call.step.during
    if until and attempt.not_yet:
        missing = attempt.error if attempt.error and attempt.error.code == ErrorKind.NOT_FOUND else None
        return not_reached(until, attempts, attempt.message, missing)
    if during and attempt.status is Status.FAILED:
        return not_held(during, held, attempt.error, attempt.message)
    return attempt.error
