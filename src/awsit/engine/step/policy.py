"""What a step means: the only place that says so, whoever walks the plan.

One call is one attempt. Its outcome says what the walker does: go on, call again after a delay, or stop the branch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from awsit.engine.services import Services
from awsit.engine.step.attempt import AttemptResult, make_attempt
from awsit.engine.step.cache import ResultCache
from awsit.engine.step.ledger import Compensations
from awsit.engine.step.retry import is_transient, poll_delay, retries, retry_delay
from awsit.engine.step.scope import Scope
from awsit.engine.store.records import Directive, Next
from awsit.errors import ErrorKind
from awsit.model.json import Json
from awsit.model.plan import Step
from awsit.model.ports import ActionContext
from awsit.model.result import Attempt, ErrorInfo, Status, StepResult
from awsit.system.clock import iso, parse_iso

RUN_TIMEOUT = "run_timeout"
"""The code of what did not end because the run's time was over."""

_OUT_OF_TIME = ErrorInfo(
    RUN_TIMEOUT, "The run's time was over before there was an answer.", "Raise timeout_seconds of the scenario."
)
_MARGIN_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a step. `sequence` counts its calls from 1; `previous` is what the calls before came to.

    `seconds_left` is what the run's deadline leaves for it; runs of one `suite` share cached results.
    """

    run_id: str
    step: Step
    sequence: int
    previous: StepResult | None
    seconds_left: float
    suite: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call came to; `kept` is the raw result for later readers, `captured` what goes into the context.

    `hidden` are places (`Redactor.hides`) of the secrets in `captured`.
    """

    directive: Directive
    result: StepResult
    kept: Json = None
    captured: Mapping[str, Json] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()


def execute_step(call: Call, scope: Scope, services: Services) -> Outcome:
    """Make one attempt of the step and decide what follows."""
    began, start = services.clock.now(), services.clock.monotonic()
    context = ActionContext(
        run_id=call.run_id,
        http=services.http,
        aws=services.aws,
        clock=services.clock,
        timeout_seconds=max(0.001, min(call.step.timeout_seconds, call.seconds_left)),
        attempt=call.sequence,
        is_secret=scope.holds_secret,
    )
    cache = ResultCache(services.store, call.suite or call.run_id, began.timestamp())
    tried = make_attempt(call.step, scope, context, cache, Compensations(services.store))
    lasted = services.clock.monotonic() - start
    if tried.error and tried.error.code == ErrorKind.TIMEOUT and lasted + _MARGIN_SECONDS >= call.seconds_left:
        tried = replace(tried, error=_OUT_OF_TIME, final=True)
    if tried.resume_after_seconds is not None:
        return _resume_later(call, tried.resume_after_seconds, iso(began))
    before = call.previous.attempts if call.previous else ()
    delay = _delay(call, tried, len(before) + 1, services)
    attempt = Attempt(len(before) + 1, iso(began), round(lasted, 3), tried.status, tried.message, delay)
    outcome = _outcome(call, tried, (*before, attempt), delay)
    polls_on = call.step.until is not None and tried.not_yet and delay is not None
    if tried.status is not Status.PASSED and not polls_on:
        services.note(outcome.result)
    return outcome


def skipped(step: Step, reason: str, at: str) -> Outcome:
    """The outcome of a step that is not tried."""
    result = _blank(step, Status.SKIPPED, at)
    return Outcome(Directive(Next.GO_ON), replace(result, error=ErrorInfo("skipped", reason)))


def not_known(step: Step, previous: StepResult | None, at: str) -> Outcome:
    """The outcome of a step that was begun by a call that never came back, and that may not be repeated."""
    told = ErrorInfo(
        "outcome_unknown",
        f"{step.name} was begun, and whether it took effect is not known.",
        "It is not safe to repeat. Look at the service itself; clean-up runs in any case.",
    )
    return Outcome(
        Directive(Next.STOP), replace(previous or _blank(step, Status.ERROR, at), status=Status.ERROR, error=told)
    )


def _blank(step: Step, status: Status, at: str) -> StepResult:
    return StepResult(step.index, str(step.phase), step.name, step.type, status, started_at=at, source=step.source)


def _resume_later(call: Call, seconds: float, at: str) -> Outcome:
    waiting = _blank(call.step, Status.RUNNING, at)
    return Outcome(Directive(Next.WAIT, call.sequence + 1, min(seconds, max(0.0, call.seconds_left))), waiting)


def _delay(call: Call, tried: AttemptResult, number: int, services: Services) -> float | None:
    """Seconds until the next attempt; None when this was the last."""
    if tried.status is Status.PASSED or tried.final:
        return None
    until = call.step.until
    if until is not None and (tried.not_yet or (tried.status is Status.ERROR and is_transient(tried.names))):
        delay = max(poll_delay(until, number), min(tried.retry_after_seconds or 0.0, until.max_interval_seconds))
        return delay if _polled_for(call, services) + delay <= until.timeout_seconds else None
    if retries(call.step.retry, tried.names, number):
        return retry_delay(call.step.retry, number, services.randomness, tried.retry_after_seconds)
    return None


def _polled_for(call: Call, services: Services) -> float:
    if call.previous is None:
        return 0.0
    return (services.clock.now() - parse_iso(call.previous.started_at)).total_seconds()


def _outcome(call: Call, tried: AttemptResult, attempts: tuple[Attempt, ...], delay: float | None) -> Outcome:
    step = call.step
    first = parse_iso(call.previous.started_at if call.previous else attempts[0].started_at)
    last = parse_iso(attempts[-1].started_at)
    result = StepResult(
        index=step.index,
        phase=str(step.phase),
        name=step.name,
        type=step.type,
        status=tried.status if delay is None else Status.RUNNING,
        started_at=iso(first),
        duration_seconds=round((last - first).total_seconds() + attempts[-1].duration_seconds, 3),
        attempts=attempts,
        request=tried.request,
        response=tried.response,
        assertions=tried.checks,
        captured=tried.shown_captures,
        error=_error(call, tried, len(attempts), delay),
        source=step.source,
    )
    if delay is not None:
        return Outcome(Directive(Next.WAIT, call.sequence + 1, delay), result)
    ended_well = tried.status is Status.PASSED or step.continue_on_failure
    return Outcome(
        Directive(Next.GO_ON if ended_well else Next.STOP),
        result,
        kept=tried.result if step.keep_result else None,
        captured=tried.captured,
        hidden=tried.hidden,
    )


def _error(call: Call, tried: AttemptResult, attempts: int, delay: float | None) -> ErrorInfo | None:
    until = call.step.until
    if delay is not None or until is None or not tried.not_yet:
        return tried.error
    return ErrorInfo(
        "until_timeout",
        f"The condition did not hold within {until.timeout_seconds:g} s ({attempts} attempts): {tried.message}",
        "Raise until.timeout_seconds if the service may take longer; the last value seen is shown.",
    )
