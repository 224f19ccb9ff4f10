"""One call of one step against the run's records: begin it, make the attempt, keep what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from awsit.actions.registry import BY_TYPE
from awsit.engine.secrets.redaction import Redactor
from awsit.engine.services import Services
from awsit.engine.step.attempt import shown_error
from awsit.engine.step.policy import RUN_TIMEOUT, Call, Outcome, execute_step, not_known, skipped
from awsit.engine.step.scope import Scope, make_scope
from awsit.engine.store.records import Closing, Directive, Kind, Next, Refusal, Refused, RunRecord, RunState, StepRecord
from awsit.errors import AwsitError, ErrorKind
from awsit.expressions.templates import template
from awsit.model.plan import Plan, Step
from awsit.model.result import ErrorInfo, RunStatus, Status
from awsit.system.clock import iso


def execute(services: Services, run_id: str, index: int, sequence: int) -> Directive:
    """Make call `sequence` of step `index`; a call that was made before gives its answer again."""
    plan = services.store.plan(run_id)
    step = plan.steps[index]
    if sequence == 1 and (step.only_if or step.when is not None):
        run = services.store.run(run_id)
        outcome = unless_it_applies(services, plan, run, step) if run.state is RunState.OPEN else None
        if outcome is not None:
            return _keep(services, run_id, step, sequence, outcome)
    begun = services.store.begin(run_id, index, sequence, services.clock.now().timestamp(), step.cleanup)
    if isinstance(begun, Refused):
        return _refused(services, plan, step, sequence, begun)
    return _attempt(services, plan, step, sequence, begun)


def _attempt(services: Services, plan: Plan, step: Step, sequence: int, run: RunRecord) -> Directive:
    before = services.store.record(run.run_id, Kind.ACTION, step.index) if sequence > 1 else None
    left = run.deadline_at - services.clock.now().timestamp()
    call = Call(run.run_id, step, sequence, before.result if before else None, left, run.suite)
    outcome = execute_step(call, scope_of(services, plan, run, step), services)
    return _keep(services, run.run_id, step, sequence, outcome)


def scope_of(services: Services, plan: Plan, run: RunRecord, step: Step) -> Scope:
    """The names for a step's templates, with the results of those actions that they read."""
    names = {*step.uses_results, *step.only_if}
    results: Mapping[str, StepRecord] = {}
    if names:
        wanted = {each.name: each.index for each in plan.steps if each.name in names}
        found = {name: services.store.record(run.run_id, Kind.ACTION, at) for name, at in wanted.items()}
        results = {name: record for name, record in found.items() if record is not None}
    return make_scope(services, plan, run, results)


def unless_it_applies(services: Services, plan: Plan, run: RunRecord, step: Step) -> Outcome | None:
    """The outcome of a step whose branch was not chosen or whose `when` does not hold; None when it is to be tried."""
    at = iso(services.clock.now())
    scope = scope_of(services, plan, run, step)
    for choice, branch in step.only_if.items():
        seen = scope.names["actions"]
        result = seen.get(choice, {}).get("result") if isinstance(seen, dict) else None
        if not result or result["branch"] != branch:
            return skipped(step, f"{choice} did not choose `{branch}`", at)
    if step.when is None:
        return None
    try:
        holds = template.render(step.when, scope.names)
    except AwsitError as error:
        return _bad_condition(step, at, error, scope)
    if isinstance(holds, bool):
        return None if holds else skipped(step, f"when: {step.when} does not hold", at)
    told = AwsitError(f"`when` must give true or false, not {holds!r}", hint="Compare: {{ context.total > 10 }}.")
    return _bad_condition(step, at, told, scope)


def _bad_condition(step: Step, at: str, error: AwsitError, scope: Scope) -> Outcome:
    redactor = Redactor(scope.seen_secrets, scope.marked)
    told = shown_error(ErrorInfo(str(ErrorKind.VALIDATION), f"when: {error.message}", error.hint), redactor)
    blank = skipped(step, "", at)
    return replace(blank, directive=Directive(Next.STOP), result=replace(blank.result, status=Status.ERROR, error=told))


def _refused(services: Services, plan: Plan, step: Step, sequence: int, refused: Refused) -> Directive:
    if refused.reason is Refusal.DUPLICATE:
        return _again(services, plan, step, sequence, refused.run)
    if refused.reason is Refusal.DEADLINE:
        limit = f"{plan.timeout_seconds:g} s"
        told = ErrorInfo(RUN_TIMEOUT, f"The run did not end within {limit}.", "Raise timeout_seconds of the scenario.")
        services.store.close(plan.run_id, Closing(RunStatus.TIMED_OUT, told))
    return Directive(Next.STOP, sequence)


def _again(services: Services, plan: Plan, step: Step, sequence: int, run: RunRecord) -> Directive:
    """A call that was delivered before: its stored answer, else a repetition if that is safe, else `not known`."""
    record = services.store.record(run.run_id, Kind.ACTION, step.index)
    if record is not None and record.sequence >= sequence:
        return record.directive
    scope = scope_of(services, plan, run, step)
    if _is_safe_to_repeat(step, scope):
        return _attempt(services, plan, step, sequence, run)
    outcome = not_known(step, record.result if record else None, iso(services.clock.now()))
    return _keep(services, run.run_id, step, sequence, outcome)


def _is_safe_to_repeat(step: Step, scope: Scope) -> bool:
    action = BY_TYPE[step.type]
    try:
        return action.is_safe_to_repeat(action.params_model.model_validate(template.render(step.params, scope.names)))
    except (AwsitError, ValueError):
        return False


def _keep(services: Services, run_id: str, step: Step, sequence: int, outcome: Outcome) -> Directive:
    record = StepRecord(
        Kind.ACTION, step.index, sequence, outcome.directive, outcome.result, outcome.kept, outcome.hidden
    )
    services.store.finish(run_id, record, outcome.captured, _closing(step, outcome))
    return outcome.directive


def _closing(step: Step, outcome: Outcome) -> Closing | None:
    if outcome.directive.next is not Next.STOP:
        return None
    error = outcome.result.error
    verdict = RunStatus.ERROR if outcome.result.status is Status.ERROR else RunStatus.FAILED
    if error and error.code == RUN_TIMEOUT:
        verdict = RunStatus.TIMED_OUT
    told = error or ErrorInfo("assertion", f"{step.name}: {outcome.result.attempts[-1].message}")
    return Closing(verdict, replace(told, message=f"{step.name}: {told.message}") if error else told)


def fail_branch(services: Services, run_id: str, error: ErrorInfo) -> None:
    """Record that the platform failed to carry out a step, so that nothing more begins; a known verdict stays."""
    services.store.close(run_id, Closing(RunStatus.ERROR, error))
