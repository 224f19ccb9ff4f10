"""One attempt of a step: render, act, check, capture."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from msgspec import Struct, field

from awsit.engine.places import with_place
from awsit.engine.secrets.detection import MASK
from awsit.engine.secrets.redaction import Redactor
from awsit.engine.secrets.results import shown_check, shown_error
from awsit.engine.secrets.texts import texts
from awsit.engine.step import kept
from awsit.engine.step.acting import Acting
from awsit.engine.step.scope import Scope, absent_members
from awsit.errors import ActionError, AwsitError, Effect, ErrorKind, ExpressionError, exhausted
from awsit.expressions import budget
from awsit.expressions.assertions import assertion
from awsit.expressions.jsonpath import query
from awsit.expressions.jsonpath.lookup import Lookup
from awsit.expressions.values import WithAbsences
from awsit.model.action.call import ActionResult
from awsit.model.http import Repeat
from awsit.model.json import Json
from awsit.model.plan import Step, Until
from awsit.model.result import AssertionResult, Attempt, ContractCall, ErrorInfo, Status
from awsit.records import replace
from awsit.system.clock import iso


class AttemptResult(Struct):
    """What came of one attempt, filled in as it goes on.

    `names` are what `retry_on` may call it by: error kind, service code, HTTP status. `captured` goes into the run's
    context, `shown_captures` into reports; `hidden` are the places of secrets in `captured` and `kept`
    (`Redactor.hides`). `kept` goes into the context too, for later steps of the type. `not_yet` says that a poll's
    conditions do not hold; `final` that another attempt would gain nothing. `effect` is what it did at the service;
    `rendered` is False when it ended with its params. `repeats` are those of its requests that the AWS SDK made again;
    `cached` that the suite's cache had its result, `awaits_other` that another run computes that.
    """

    status: Status
    result: Json = None
    request: Json = None
    response: Json = None
    checks: tuple[AssertionResult, ...] = ()
    captured: Mapping[str, Json] = field(default_factory=dict)
    shown_captures: Mapping[str, Json] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    contract_call: ContractCall | None = None
    error: ErrorInfo | None = None
    names: frozenset[str] = frozenset()
    retry_after_seconds: float | None = None
    resume_after_seconds: float | None = None
    kept: Mapping[str, Json] = field(default_factory=dict)
    not_yet: bool = False
    final: bool = False
    effect: Effect = Effect.NONE
    rendered: bool = True
    repeats: tuple[Repeat, ...] = ()
    cached: bool = False
    awaits_other: bool = False

    @property
    def message(self) -> str:
        """Why it did not pass, in one line; empty when it did."""
        if self.error:
            return self.error.message
        return next((check.message for check in self.checks if not check.passed), "")

    def by_sdk(self, before: int, began: datetime, start: float) -> tuple[list[Attempt], float]:
        """Its requests that the AWS SDK made again, and the seconds until the last one, which is the attempt itself.

        The call began at `began`, which is `start` on the monotonic clock, with `before` attempts before it.
        """
        made = [
            Attempt(
                number,
                iso(began + timedelta(seconds=each.started - start)),
                round(each.seconds, 3),
                Status.ERROR,
                each.message,
                round(each.delay_seconds, 3),
                each.effect,
                by_sdk=True,
                code=each.code,
            )
            for number, each in enumerate(self.repeats, before + 1)
        ]
        last = self.repeats[-1] if self.repeats else None
        return made, last.started + last.seconds + last.delay_seconds - start if last else 0.0


def make_attempt(step: Step, scope: Scope, acting: Acting) -> AttemptResult:
    """Attempt the step once. Never raises: what could not be carried out comes back as status `error`."""
    with budget.attempt(acting.context.timeout_seconds):
        return _make_attempt(step, scope, acting)


def _make_attempt(step: Step, scope: Scope, acting: Acting) -> AttemptResult:
    params: Json = step.params
    try:
        params = acting.params(step, scope)
        attempt = _act(step, params, scope, acting.there(step, params, scope))
    except AwsitError as error:
        acting.progress.break_off(error)
        attempt = _not_carried_out(error, params)
    except Exception as error:  # noqa: BLE001 - a bug of an action must end in the report, not in a lost run
        attempt = _unforeseen(acting.context.aws.translate(error), params)
    progress = acting.progress
    if progress.place:
        attempt.request = with_place(attempt.request, progress.place)
    attempt.rendered, attempt.repeats = progress.rendered, tuple(progress.repeats)
    scope.seen_secrets |= acting.context.tokens.texts
    try:
        _redact(attempt, step, scope)
    except Exception as error:  # noqa: BLE001 - likewise, but nothing may be shown that was not redacted
        bug = internal_error(error, f"its request and response cannot be shown: {type(error).__name__}")
        attempt = AttemptResult(Status.ERROR, error=bug, names=frozenset({bug.code}), final=True)
    attempt.effect, attempt.cached, attempt.awaits_other = progress.effect, progress.cached, progress.awaits_other
    return attempt


def _act(step: Step, params: Json, scope: Scope, acting: Acting) -> AttemptResult:
    try:
        return acting.result(step, params, scope, partial(_check, step, scope))
    except ActionError as error:
        if step.until is None or error.kind is not ErrorKind.NOT_FOUND:
            raise
        acting.progress.break_off(error)
        return _not_there_yet(step, step.until, scope, _not_carried_out(error, params))


def _not_there_yet(step: Step, until: Until, scope: Scope, attempt: AttemptResult) -> AttemptResult:
    """A poll that found nothing to look at, `attempt`: it goes on unless `fail_when` holds for the service's error.

    The conditions of the poll are not asked: they are about what is there, and some hold of any error.
    """
    if not _is_stopped(step, until, scope, attempt):
        attempt.status, attempt.not_yet = Status.FAILED, True
    return attempt


def _unforeseen(error: Exception, params: Json) -> AttemptResult:
    """The end of an attempt by an error that no action raised: of the run's own records, or a bug."""
    if isinstance(error, ActionError):
        return _not_carried_out(error, params)
    bug = internal_error(error)
    return AttemptResult(Status.ERROR, request=params, error=bug, names=frozenset({bug.code}), final=True)


def internal_error(error: Exception, message: str = "") -> ErrorInfo:
    """What a report says of a bug, or of a machine that has no more memory or threads."""
    if lacking := exhausted(error):
        return ErrorInfo(str(ErrorKind.INTERNAL), message or lacking.message, lacking.hint)
    return ErrorInfo(str(ErrorKind.INTERNAL), message or f"{type(error).__name__}: {error}", "This is a bug in awsit.")


def _not_carried_out(error: AwsitError, params: Json) -> AttemptResult:
    info = ErrorInfo.of(error)
    if not isinstance(error, ActionError):
        return AttemptResult(Status.ERROR, request=params, error=info, names=frozenset({error.code}), final=True)
    return AttemptResult(
        Status.ERROR,
        result=error.result,
        request=params if error.request is None else error.request,
        response=error.result,
        error=info,
        names=frozenset(filter(None, (str(error.kind), error.service_code))),
        retry_after_seconds=error.retry_after_seconds,
    )


def _check(step: Step, scope: Scope, done: ActionResult) -> AttemptResult:
    attempt = AttemptResult(
        Status.PASSED,
        result=done.result,
        request=done.request,
        response=done.result if done.response is None else done.response,
        contract_call=done.contract_call,
        retry_after_seconds=done.retry_after_seconds,
        resume_after_seconds=done.resume_after_seconds,
        kept={} if done.keeps is None else {kept.name_of(step): done.keeps},
    )
    if done.resume_after_seconds is not None:
        return attempt
    if step.until is not None:
        _poll(step, step.until, scope, attempt)
    if not attempt.final and done.failure is not None:
        attempt.error = ErrorInfo(done.failure_code or "check_failed", done.failure)
        attempt.status, attempt.not_yet = Status.FAILED, True
    attempt.names = frozenset(map(str, filter(None, ("assertion", done.failure_code, done.failure_kind))))
    if attempt.final or (step.until and attempt.not_yet):
        return attempt
    attempt.checks += tuple(replace(each, source=f"{step.source}.{each.source}") for each in done.checks)
    _assert(step, scope, attempt)
    if not attempt.error:
        attempt.names = frozenset({"assertion"})
    return attempt


def _poll(step: Step, until: Until, scope: Scope, attempt: AttemptResult) -> None:
    if _is_stopped(step, until, scope, attempt):
        return
    attempt.checks = _checks(until.assertions, scope, _document(step, attempt.result), f"{step.source}.until.assert")
    attempt.not_yet = not all(check.passed for check in attempt.checks)
    attempt.status = Status.FAILED if attempt.not_yet else Status.PASSED


def _is_stopped(step: Step, until: Until, scope: Scope, attempt: AttemptResult) -> bool:
    """Whether `fail_when` of a poll holds, which ends it."""
    place = f"{step.source}.until.fail_when"
    bad = [check for check in _checks(until.fail_when, scope, _document(step, attempt.result), place) if check.passed]
    if bad:
        condition = f"{bad[0].path} {bad[0].operator} {bad[0].expected!s}".strip()
        attempt.error = ErrorInfo("fail_when", f"Stopped polling: {condition} holds.")
        attempt.status, attempt.final = Status.FAILED, True
    return bool(bad)


def _assert(step: Step, scope: Scope, attempt: AttemptResult) -> None:
    attempt.captured, missing = kept.captured(step, attempt.result)
    scope.capture(attempt.captured)
    document = _document(step, attempt.result)
    attempt.checks += _checks(step.assertions, scope, document, f"{step.source}.assert")
    if step.during:
        held = _checks(step.during.assertions, scope, document, f"{step.source}.during.assert")
        attempt.checks += held
        attempt.final = not all(check.passed for check in held)
    if attempt.status is Status.PASSED:
        attempt.checks += tuple(missing)
        if not all(check.passed for check in attempt.checks):
            attempt.status = Status.FAILED


def _document(step: Step, result: Json) -> Json:
    """What the assertions of a step see: its result, in which some nulls mean that nothing was found."""
    absent = absent_members(step.type, result)
    return WithAbsences(result, absent) if absent else result


def _checks(specs: tuple[Json, ...], scope: Scope, document: Json, place: str) -> tuple[AssertionResult, ...]:
    return tuple([evaluate(spec, document, scope, f"{place}[{index}]") for index, spec in enumerate(specs)])


def _redact(attempt: AttemptResult, step: Step, scope: Scope) -> None:
    """Mask the secrets in all that a report shows of an attempt."""
    marked = scope.marked | _marked(step, scope, attempt)
    others = [check.actual for check in attempt.checks if not check.passed]  # such as the closest of other messages
    redactor = Redactor(scope.seen_secrets, marked, (attempt.request, attempt.result, *others))
    attempt.checks = tuple(shown_check(check, redactor) for check in attempt.checks)  # first: so many values are shown
    attempt.request = redactor.shown(attempt.request)
    attempt.response = redactor.shown(attempt.response)
    attempt.error = shown_error(attempt.error, redactor)
    attempt.repeats = tuple(replace(each, message=str(redactor.shown(each.message))) for each in attempt.repeats)
    attempt.shown_captures = {
        name: MASK if name in step.redact else redactor.shown(value)
        for name, value in {**_computed(step, scope), **attempt.captured}.items()
    }
    attempt.hidden = tuple(f"${path}" for path in redactor.hides({**attempt.captured, **attempt.kept}))


def _computed(step: Step, scope: Scope) -> dict[str, Json]:
    """The values of `let`, as far as they could be computed."""
    return {name: scope.visible[name] for name in step.let if name in scope.visible}


def _marked(step: Step, scope: Scope, attempt: AttemptResult) -> set[str]:
    """The texts that `redact` names: computed and captured values, or what JSONPaths select in the result."""
    if not step.redact:
        return set()
    own = {**_computed(step, scope), **attempt.captured}
    values = [own[name] for name in step.redact if name in own]
    for path in step.redact:
        if path.startswith("$"):
            values += query.find(path, attempt.result).values
    return texts(values)


def evaluate(spec: Json, document: Json, scope: Scope, source: str) -> AssertionResult:
    """One assertion of a plan against `document`; an expression that cannot be evaluated fails it, saying why.

    One without templates was checked when the plan was made.
    """
    try:
        rendered = assertion.render(spec, scope.names)
        return assertion.check(rendered, document, source=source, is_valid=rendered is spec)
    except ExpressionError as error:
        path = str(Lookup.of(spec, "")) if isinstance(spec, Mapping) else ""
        name = spec.get("name") if isinstance(spec, Mapping) else None
        message = f"{error.message}; {error.hint}" if error.hint else error.message
        return AssertionResult(
            False, "expression", path, name if isinstance(name, str) else "", message=message, source=source
        )
