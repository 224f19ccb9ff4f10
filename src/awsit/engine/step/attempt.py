"""One try of a step: render, act, check, capture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from awsit.actions.registry import dispatch_action
from awsit.engine.secrets.detection import MASK
from awsit.engine.secrets.redaction import Redactor
from awsit.engine.secrets.texts import texts
from awsit.engine.step.cache import ResultCache
from awsit.engine.step.ledger import Compensations
from awsit.engine.step.scope import Scope
from awsit.errors import ActionError, AwsitError, ErrorKind, ExpressionError
from awsit.expressions.assertions import assertion
from awsit.expressions.jsonpath import query
from awsit.expressions.templates import template
from awsit.model.json import Json
from awsit.model.plan import Step
from awsit.model.ports import ActionContext, ActionResult
from awsit.model.result import AssertionResult, ErrorInfo, Status


@dataclass(frozen=True, slots=True)
class AttemptResult:
    """What one try brought. `names` are what `retry_on` may call its end: error kind, service code, HTTP status.

    `hidden` are places (`Redactor.hides`) of the secrets among what was captured. `not_yet` says that a poll's
    conditions do not hold; `final` that nothing can be gained by another try.
    """

    status: Status
    result: Json = None
    request: Json = None
    response: Json = None
    checks: tuple[AssertionResult, ...] = ()
    captured: Mapping[str, Json] = field(default_factory=dict)
    shown_captures: Mapping[str, Json] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    error: ErrorInfo | None = None
    names: frozenset[str] = frozenset()
    retry_after_seconds: float | None = None
    resume_after_seconds: float | None = None
    not_yet: bool = False
    final: bool = False

    @property
    def message(self) -> str:
        """Why it did not pass, in one line; empty when it did."""
        if self.error:
            return self.error.message
        return next((check.message for check in self.checks if not check.passed), "")


def make_attempt(
    step: Step, scope: Scope, context: ActionContext, cache: ResultCache, inverses: Compensations
) -> AttemptResult:
    """Try the step once. Never raises: what could not be carried out comes back as status `error`."""
    params: Json = step.params
    try:
        params = step.params if step.rendered else template.render(step.params, scope.names)
        done = cache.find(step, params)
        if done is None:
            inverses.record(step, params, scope, context)
            done = dispatch_action(step.type, params, context)
            cache.keep(step, params, done)
        tried = _check(step, scope, done)
    except AwsitError as error:
        tried = _not_carried_out(error, params)
    except Exception as error:  # noqa: BLE001 - a bug of an action must end in the report, not in a lost run
        tried = _unforeseen(context.aws.translate(error), params)
    return _redacted(tried, step, scope)


def _unforeseen(error: Exception, params: Json) -> AttemptResult:
    """The end of an attempt by an error that no action raised: of the run's own records, or a bug."""
    if isinstance(error, ActionError):
        return _not_carried_out(error, params)
    told = ErrorInfo(str(ErrorKind.INTERNAL), f"{type(error).__name__}: {error}", "This is a bug in awsit.")
    return AttemptResult(Status.ERROR, request=params, error=told, names=frozenset({told.code}), final=True)


def _not_carried_out(error: AwsitError, params: Json) -> AttemptResult:
    told = ErrorInfo(error.code, error.message, error.hint)
    if not isinstance(error, ActionError):
        return AttemptResult(Status.ERROR, request=params, error=told, names=frozenset({error.code}), final=True)
    names = frozenset(filter(None, (str(error.kind), error.service_code)))
    return AttemptResult(
        Status.ERROR,
        result=error.result,
        request=params,
        response=error.result,
        error=told,
        names=names,
        retry_after_seconds=error.retry_after_seconds,
    )


def _check(step: Step, scope: Scope, done: ActionResult) -> AttemptResult:
    tried = AttemptResult(
        Status.PASSED,
        result=done.result,
        request=done.request,
        response=done.result if done.response is None else done.response,
        retry_after_seconds=done.retry_after_seconds,
        resume_after_seconds=done.resume_after_seconds,
    )
    if done.resume_after_seconds is not None:
        return tried
    if step.until is not None:
        tried = _poll(step, scope, tried)
    if tried.status is Status.PASSED and done.failure is not None:
        told = ErrorInfo(done.failure_code or "check_failed", done.failure)
        tried = replace(tried, status=Status.FAILED, error=told, not_yet=True)
    if tried.final or (step.until and tried.not_yet):
        return replace(tried, names=_names(done))
    return replace(_assert(step, scope, tried), names=_names(done) if tried.error else frozenset({"assertion"}))


def _names(done: ActionResult) -> frozenset[str]:
    return frozenset(filter(None, ("assertion", done.failure_code)))


def _poll(step: Step, scope: Scope, tried: AttemptResult) -> AttemptResult:
    assert step.until is not None
    place = f"{step.source}.until"
    bad = [check for check in _checks(step.until.fail_when, scope, tried.result, f"{place}.fail_when") if check.passed]
    if bad:
        told = ErrorInfo("fail_when", f"Stopped polling: {_condition(bad[0])} holds.")
        return replace(tried, status=Status.FAILED, error=told, final=True)
    checks = _checks(step.until.assertions, scope, tried.result, f"{place}.assert")
    waiting = not all(check.passed for check in checks)
    return replace(tried, status=Status.FAILED if waiting else Status.PASSED, checks=checks, not_yet=waiting)


def _condition(check: AssertionResult) -> str:
    return f"{check.path} {check.operator} {check.expected!s}".strip()


def _assert(step: Step, scope: Scope, tried: AttemptResult) -> AttemptResult:
    captured, missing = _capture(step, tried.result)
    scope.capture(captured)
    checks = (*tried.checks, *_checks(step.assertions, scope, tried.result, f"{step.source}.assert"))
    if tried.status is Status.PASSED:
        checks = (*checks, *missing)
    passed = tried.status is Status.PASSED and all(check.passed for check in checks)
    return replace(tried, status=Status.PASSED if passed else Status.FAILED, checks=checks, captured=captured)


def _checks(specs: tuple[Json, ...], scope: Scope, document: Json, place: str) -> tuple[AssertionResult, ...]:
    return tuple(evaluate(spec, document, scope, f"{place}[{index}]") for index, spec in enumerate(specs))


def _capture(step: Step, result: Json) -> tuple[dict[str, Json], list[AssertionResult]]:
    captured: dict[str, Json] = {}
    missing: list[AssertionResult] = []
    for name, path in step.captures.items():
        found = query.find(path, result)
        if found.values:
            captured[name] = found.values[0] if found.singular else found.values
        else:
            message = f"{name} was not captured: {path} selects nothing"
            place = f"{step.source}.pass_to_context.{name}"
            missing.append(
                AssertionResult(
                    False, "pass_to_context", path, name, actual_present=False, message=message, source=place
                )
            )
    return captured, missing


def _redacted(tried: AttemptResult, step: Step, scope: Scope) -> AttemptResult:
    redactor = Redactor(scope.seen_secrets, scope.marked | _marked(step, tried), (tried.request, tried.result))
    return replace(
        tried,
        request=redactor.shown(tried.request),
        response=redactor.shown(tried.response),
        error=shown_error(tried.error, redactor),
        checks=tuple(shown_check(check, redactor) for check in tried.checks),
        shown_captures={
            name: MASK if name in step.redact else redactor.shown(value) for name, value in tried.captured.items()
        },
        hidden=tuple(f"${path}" for path in redactor.hides(tried.captured)),
    )


def _marked(step: Step, tried: AttemptResult) -> set[str]:
    """The texts that `redact` names: captured values, or what JSONPaths select in the result."""
    values = [tried.captured[name] for name in step.redact if name in tried.captured]
    for path in step.redact:
        if path.startswith("$"):
            values += query.find(path, tried.result).values
    return texts(values)


def shown_error(error: ErrorInfo | None, redactor: Redactor) -> ErrorInfo | None:
    """The error as reports show it."""
    return error and replace(error, message=redactor.text(error.message), hint=redactor.text(error.hint))


def shown_check(check: AssertionResult, redactor: Redactor) -> AssertionResult:
    """The check as reports show it."""
    return replace(
        check,
        expected=redactor.shown(check.expected),
        actual=redactor.shown(check.actual),
        path=redactor.text(check.path),
        name=redactor.text(check.name),
        message=redactor.text(check.message),
        diff=redactor.text(check.diff),
    )


def evaluate(spec: Json, document: Json, scope: Scope, source: str) -> AssertionResult:
    """One assertion against `document`; an expression that cannot be evaluated fails it, saying why."""
    try:
        return replace(assertion.check(assertion.render(spec, scope.names), document), source=source)
    except ExpressionError as error:
        path = str(spec.get("path", "")) if isinstance(spec, Mapping) else ""
        return AssertionResult(False, "expression", path, message=error.message, source=source)
