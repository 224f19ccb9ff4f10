"""The beginning of a run: from a scenario document to a plan and a run's record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache

from msgspec import Struct

from awsit.actions.registry import BY_TYPE, uses_aws
from awsit.engine.run.contracts import planned_contracts
from awsit.engine.secrets import variables
from awsit.engine.secrets.redaction import Redactor
from awsit.engine.secrets.results import shown_error
from awsit.engine.secrets.texts import texts
from awsit.engine.services import Services
from awsit.engine.step.context import names_used
from awsit.engine.store.records import RunRecord, RunState
from awsit.errors import AwsitError, InvalidInputError
from awsit.model.action.abilities import CarriesTrace, FollowsAction
from awsit.model.plan import Plan, Step
from awsit.model.result import ErrorInfo, RunStatus
from awsit.model.run import LATEST_SECONDS, TOO_LATE, RunRequest
from awsit.model.text.paths import path_in_suite_file
from awsit.model.text.trace import trace_id_of
from awsit.records import replace
from awsit.scenario.compile.compile import PlanInputs, compile_plan, plan_of_valid
from awsit.scenario.compile.fingerprint import fingerprint
from awsit.system.clock import iso

_NO_SECRETS = Redactor()


class Prepared(Struct, frozen=True):
    """A run that was created. Its plan has no segments when it could not be compiled; then the run says why."""

    plan: Plan
    run: RunRecord


def prepare(services: Services, request: RunRequest, execution_arn: str = "") -> Prepared:
    """Compile the scenario and create the run. A scenario that is wrong gives a run that ended with `error`.

    So does an iteration of a load that would begin too late: what is sent then is not the load that was asked for.
    """
    now = services.clock.now()
    at = iso(now)
    if request.start_at and now.timestamp() - request.start_at > LATEST_SECONDS:
        plan = _with_origin(Plan(request.run_id, request.name), request)
        return _create(services, plan, _too_late(now.timestamp() - request.start_at), execution_arn, request)
    inputs = PlanInputs(request.run_id, at, request.variables, request.env, request.name, _seed(request))
    try:
        if request.is_valid:
            plan = plan_of_valid(request.document, inputs, services.stacks, services.randomness, BY_TYPE)
        else:
            plan = compile_plan(request.document, inputs, services.stacks, services.randomness, BY_TYPE)
        if _uses_aws(plan):
            services.check_aws()
    except AwsitError as error:
        secrets = variables.secrets_of(request)
        redactor = Redactor(texts([secrets.variables, secrets.env]))
        return refuse(
            services, _with_origin(Plan(request.run_id, request.name), request), error, execution_arn, redactor
        )
    plan = _with_origin(plan, request)
    plan = replace(plan, contracts=planned_contracts(services, plan))
    return _create(services, plan, None, execution_arn, request)


def _too_late(seconds: float) -> ErrorInfo:
    return ErrorInfo(TOO_LATE, f"Not begun: it would have been {seconds:.1f} s late, and the load allows one second.")


def _seed(request: RunRequest) -> str:
    """What the fake data of a run are drawn from: each row and repetition has others."""
    number = request.repetition.number if request.repetition else 1
    return f"{request.seed or request.run_id}:{request.name}:{number}"


def _uses_aws(plan: Plan) -> bool:
    """Whether steps that are certain to be carried out, or look-ups in their templates, call AWS."""
    steps = [step for step in plan.steps if step.is_certain]
    callers = (step for step in steps if not _follows_action(step.type))  # which need no more
    if any(uses_aws(step.type, step.params) for step in callers):
        return True
    return any(used.secrets or used.parameters for used in map(names_used, steps))


@cache
def _follows_action(action_type: str) -> bool:
    return isinstance(BY_TYPE[action_type], FollowsAction)


def refuse(
    services: Services, plan: Plan, error: AwsitError, execution_arn: str = "", redactor: Redactor = _NO_SECRETS
) -> Prepared:
    """Create a run that ended before it began: its plan has no steps, and `error` is why."""
    shown = shown_error(ErrorInfo(error.code, _message(error), error.hint or _hint(error)), redactor)
    return _create(services, plan, shown, execution_arn)


def _with_origin(plan: Plan, request: RunRequest) -> Plan:
    """The plan with the origin of its scenario and of its files, which repetition it is, and how it is walked."""
    document = dict(request.document) if isinstance(request.document, Mapping) else {}
    stored_files = document.pop("files", {})  # which only an upload adds: the fingerprint is that of what was written
    if request.hold:
        plan = replace(plan, steps=_in_suite_file(plan.steps), cleanup=_in_suite_file(plan.cleanup))
    return replace(
        plan,
        file=request.file,
        fingerprint=fingerprint(document or request.document),
        repetition=request.repetition,
        schedule=request.schedule,
        files=request.files or stored_files,
        compact=request.compact,
        suite_run=request.suite_run,
        start_at=request.start_at,
    )


def _in_suite_file(steps: Iterable[Step]) -> tuple[Step, ...]:
    """The steps of the setup of a suite, with their places in its `suite.yaml`."""
    return tuple(replace(step, source=path_in_suite_file(step.source)) for step in steps)


def _create(
    services: Services, plan: Plan, error: ErrorInfo | None, execution_arn: str, request: RunRequest | None = None
) -> Prepared:
    now = services.clock.now()
    plan, secrets = variables.split(plan)
    run = RunRecord(
        run_id=plan.run_id,
        scenario=plan.scenario,
        engine=services.engine,
        started_at=iso(now),
        deadline_at=max(now.timestamp(), plan.start_at) + plan.timeout_seconds,
        execution_arn=execution_arn,
        trace_id=services.trace_id or ("" if error else _own_trace(plan, now)),
        suite=(request and request.suite) or plan.run_id,
        state=RunState.CLOSING if error else RunState.OPEN,
        verdict=RunStatus.ERROR if error else RunStatus.RUNNING,
        total_steps=sum(len(branch.steps) for segment in plan.segments for branch in segment.branches),
        ledger=plan.global_cleanup,
        error=error,
        keep=request is not None and request.keep,
        hold=request is not None and request.hold,
        suite_run=plan.suite_run,
        given=secrets,
    )
    services.store.create(run, plan)
    return Prepared(plan, run)


def _own_trace(plan: Plan, started: datetime) -> str:
    """The trace of a run that is in no other; empty where none of its steps carries it."""
    steps = (*plan.steps, *plan.cleanup)
    is_carried = plan.trace and any(map(_carries_trace, {step.type for step in steps}))
    return trace_id_of(plan.run_id, started) if is_carried else ""


@cache
def _carries_trace(action_type: str) -> bool:
    return isinstance(BY_TYPE.get(action_type), CarriesTrace)


def _hint(error: AwsitError) -> str:
    """The first hint among the problems of an invalid scenario."""
    problems = error.problems if isinstance(error, InvalidInputError) else ()
    return next((each.hint for each in problems if each.hint), "")


def _message(error: AwsitError) -> str:
    """The message of an error; of an invalid scenario, its problems in one line."""
    if not isinstance(error, InvalidInputError) or not error.problems:
        return error.message
    return "; ".join(f"{each.path}: {each.message}" if each.path else each.message for each in error.problems)
