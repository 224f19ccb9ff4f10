"""One call of one step against the run's records: begin it, make the attempt, keep what came of it."""

from __future__ import annotations

from collections.abc import Mapping

from awsit.actions.registry import is_safe_to_repeat, uses_aws
from awsit.engine.log_entry import step_ended, step_started
from awsit.engine.places import place_of, with_place
from awsit.engine.secrets.redaction import Redactor
from awsit.engine.secrets.results import shown_error
from awsit.engine.services import Services
from awsit.engine.step.cache import ResultCache
from awsit.engine.step.context import index_of
from awsit.engine.step.policy import RUN_TIMEOUT, Call, attempt_step, not_known, skipped
from awsit.engine.step.scope import Scope, make_scope
from awsit.engine.store.records import Closing, Directive, Next, Refusal, Refused, RunRecord, RunState, StepRecord
from awsit.errors import AwsitError, ErrorKind
from awsit.expressions.templates import template
from awsit.model.json import Json
from awsit.model.plan import Iteration, Plan, Step, list_of
from awsit.model.result import ErrorInfo, RunStatus, Status
from awsit.model.text.counts import count
from awsit.records import replace
from awsit.scenario.limits import MAX_ITEMS
from awsit.system.clock import iso
from awsit.validation.sentences import shown


def call_step(services: Services, run_id: str, index: int, sequence: int) -> Directive:
    """Make call `sequence` of step `index`; a call that was made before gives its answer again."""
    plan = services.store.plan(run_id)
    step = plan.steps[index]
    if sequence == 1 and (step.only_if or step.when is not None):
        before = services.store.record(run_id, step.phase, index)
        if before is not None:  # what the condition reads may have changed since
            return before.directive
        run = services.store.run(run_id)
        record = record_unless_it_applies(services, plan, run, step, sequence) if run.state is RunState.OPEN else None
        if record is not None:
            services.log(step_started(run_id, plan.scenario, step))
            return _keep(services, plan, step, record, record.result.captured)
    begun = services.store.begin(run_id, index, sequence, services.clock.now().timestamp(), step.cleanup)
    if isinstance(begun, Refused):
        return _refused(services, plan, step, sequence, begun)
    if sequence == 1:
        services.log(step_started(run_id, plan.scenario, step))
    return _attempt(services, plan, step, sequence, begun)


def fail_branch(services: Services, run_id: str, error: ErrorInfo) -> None:
    """Record that the platform failed to carry out a step, so that nothing more begins; a known verdict stays."""
    services.store.close(run_id, Closing(RunStatus.ERROR, error))


def scope_of(services: Services, plan: Plan, run: RunRecord, step: Step) -> Scope:
    """The names for a step's templates, with the results of those actions that they read."""
    names = frozenset({*step.uses_results, *step.only_if})
    read = index_of(plan).named(names) if names else []
    records = {each.name: services.store.record(run.run_id, each.phase, each.index) for each in read}
    results = {name: record for name, record in records.items() if record is not None}
    return make_scope(services, plan, run, results, step)


def record_unless_it_applies(
    services: Services, plan: Plan, run: RunRecord, step: Step, sequence: int
) -> StepRecord | None:
    """The record of a step whose branch was not chosen or whose `when` does not hold; None when it is to be done."""
    at = iso(services.clock.now())
    scope = scope_of(services, plan, run, step)
    for choice, branch in step.only_if.items():
        actions = scope.names["actions"]
        result = actions.get(choice, {}).get("result") if isinstance(actions, dict) else None
        if not result or result["branch"] != branch:
            return skipped(step, sequence, f"{choice} did not choose `{branch}`", at)
    if step.when is None:
        return None
    iteration, key = step.iteration, "when"
    try:
        holds = template.render(iteration.when if iteration else step.when, scope.names)
        if iteration and holds is True:
            key = "for_each"
            holds = _has_item(iteration, template.render(iteration.items, scope.names))
    except AwsitError as error:
        return _bad_condition(step, skipped(step, sequence, "", at), error, scope, key)
    if isinstance(holds, bool):
        return None if holds else _skipped(step, sequence, at, is_of_item=key == "for_each")
    wrong = AwsitError(f"`when` must give true or false, not {shown(holds)}", hint="Compare: {{ context.total > 10 }}.")
    return _bad_condition(step, skipped(step, sequence, "", at), wrong, scope)


def _skipped(step: Step, sequence: int, at: str, *, is_of_item: bool) -> StepRecord:
    """The record of a step whose `when` does not hold, or whose list has no such item; of an empty list, with lists."""
    if not is_of_item:
        return skipped(step, sequence, f"when: {step.when} does not hold", at)
    record = skipped(step, sequence, "the list of `for_each` has no such item", at)
    if step.is_later_item:
        return record
    return replace(record, result=replace(record.result, captured={list_of(name): [] for name in step.captures}))


def _has_item(iteration: Iteration, items: Json) -> bool:
    """Whether the list has the item. Raises AwsitError for one that is no list, or is too long: no item is left out."""
    if not isinstance(items, list):
        raise AwsitError(f"`item` must give a list, not {shown(items)}", hint="Name the list itself.")
    if len(items) > iteration.max_items:
        message = f"the list has {count(len(items), 'item')}, more than its `max_items` of {iteration.max_items}"
        is_possible = len(items) <= MAX_ITEMS
        raise AwsitError(
            message,
            hint=f"Write `max_items: {len(items)}`." if is_possible else f"Select at most {MAX_ITEMS} of them.",
        )
    return len(items) > iteration.index


def _bad_condition(step: Step, record: StepRecord, error: AwsitError, scope: Scope, key: str = "when") -> StepRecord:
    """The record of a step of which is not known whether it is to be done: it has failed, as any other that fails."""
    redactor = Redactor(scope.seen_secrets, scope.marked)
    info = shown_error(ErrorInfo(str(ErrorKind.VALIDATION), f"{key}: {error.message}", error.hint), redactor)
    directive = Directive(Next.SUCCEEDED if step.continue_on_failure else Next.FAILED)
    return replace(record, directive=directive, result=replace(record.result, status=Status.ERROR, error=info))


def _attempt(services: Services, plan: Plan, step: Step, sequence: int, run: RunRecord) -> Directive:
    before = services.store.record(run.run_id, step.phase, step.index) if sequence > 1 else None
    left = run.deadline_at - services.clock.now().timestamp()
    uncertain = before.uncertain if before else ()
    previous = before.result if before else None
    has_turn = before is not None and before.has_turn
    call = Call(run.run_id, step, sequence, previous, left, plan.scenario, run.suite, uncertain, has_turn)
    record, captured = attempt_step(call, scope_of(services, plan, run, step), services)
    return _keep(services, plan, step, record, captured)


def _refused(services: Services, plan: Plan, step: Step, sequence: int, refused: Refused) -> Directive:
    if refused.reason is Refusal.DUPLICATE:
        return _again(services, plan, step, sequence, refused.run)
    if refused.reason is Refusal.DEADLINE:
        limit = f"{plan.timeout_seconds:g} s"
        error = ErrorInfo(RUN_TIMEOUT, f"The run did not end within {limit}.", "Raise timeout_seconds of the scenario.")
        services.store.close(plan.run_id, Closing(RunStatus.TIMED_OUT, error))
    return Directive(Next.FAILED, sequence)


def _again(services: Services, plan: Plan, step: Step, sequence: int, run: RunRecord) -> Directive:
    """A call that was delivered before: its stored answer, else a repetition if that is safe, else `not known`."""
    record = services.store.record(run.run_id, step.phase, step.index)
    if record is not None and record.sequence >= sequence:
        return record.directive
    scope = scope_of(services, plan, run, step)
    if _is_safe_to_repeat(step, scope):
        return _attempt(services, plan, step, sequence, run)
    _release_claim(services, step, run, scope)
    unknown = not_known(step, sequence, record.result if record else None, iso(services.clock.now()))
    return _keep(services, plan, step, replace(unknown, uncertain=record.uncertain if record else ()))


def _is_safe_to_repeat(step: Step, scope: Scope) -> bool:
    try:
        return is_safe_to_repeat(step.type, template.render(step.params, scope.names))
    except AwsitError:
        return False


def _release_claim(services: Services, step: Step, run: RunRecord, scope: Scope) -> None:
    """Let another run compute what the call that never came back may have claimed for the suite's cache."""
    if not step.cache_seconds:
        return
    try:
        params = step.params if step.rendered else template.render(step.params, scope.names)
        there = with_place(params, place_of(step, scope.names)) if step.at and uses_aws(step.type, params) else params
    except AwsitError:
        return  # nothing was claimed with params that cannot be rendered
    ResultCache.of(services, run.suite or run.run_id, step, None).release(step, there, run.run_id)


def _keep(
    services: Services, plan: Plan, step: Step, record: StepRecord, captured: Mapping[str, Json] | None = None
) -> Directive:
    services.store.finish(plan.run_id, record, captured or {}, _closing(step, record))
    if record.result.status is not Status.RUNNING:
        services.log(step_ended(plan.run_id, plan.scenario, record.result))
    return record.directive


def _closing(step: Step, record: StepRecord) -> Closing | None:
    """How a step that failed ends its run."""
    if record.directive.next is not Next.FAILED:
        return None
    error, status = record.result.error, record.result.status
    if error is None:
        error = ErrorInfo("assertion", record.result.attempts[-1].message)
    verdict = RunStatus.ERROR if status is Status.ERROR else RunStatus.FAILED
    if error.code == RUN_TIMEOUT:
        verdict = RunStatus.TIMED_OUT
    return Closing(verdict, replace(error, message=f"{step.name}: {error.message}"))
