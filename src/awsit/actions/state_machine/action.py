"""`state_machine`: run a workflow of Step Functions, and see what it went through."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from awsit.actions.aws_errors import calling
from awsit.actions.documents import to_text
from awsit.actions.expected_error import expecting
from awsit.actions.state_machine.executions import (
    NOT_THERE,
    code_of,
    ended,
    execution_arn,
    execution_name,
    past_states,
    standing_in,
)
from awsit.actions.state_machine.finding import Search
from awsit.actions.state_machine.forecast import (
    looks,
    planned_compensation,
    required_permissions,
    resumptions_of,
    stop,
    summary_of,
)
from awsit.actions.state_machine.params import StateMachineParams
from awsit.actions.state_machine.testing import tried
from awsit.errors import ActionError, Effect, ErrorKind
from awsit.model.action.abilities import Resumptions
from awsit.model.action.call import ActionContext, ActionResult
from awsit.model.action.compensation import Compensation, PlannedCompensation
from awsit.model.action.protocol import PlannedParams, Summary
from awsit.model.json import Json, dumps
from awsit.model.permissions import AwsLocation, RequiredPermissions

_LAST_LOOK = 1.0
"""Seconds that are kept for the last look, when the action's time is over sooner than its looks."""
_RUNNING = frozenset({"RUNNING", "PENDING_REDRIVE"})
_TWO, _NOT_FOUND = "MoreThanOneFound", "NotFound"
_EXISTS = "ExecutionAlreadyExists"
_EXPRESS = ":express:"
"""In the ARNs of executions of Express workflows (Service Authorization Reference, list_awsstepfunctions.html)."""
_NO_HISTORY: Mapping[str, Json] = {"visited": [], "states": {}}
"""Express workflows have no history that could be asked for."""


class StateMachineAction:
    """Run a state machine of Step Functions and wait for its end, without holding a function or a thread."""

    type = "state_machine"
    params_model = StateMachineParams
    resource_kind = "state machine"
    not_found_means_gone = True
    carries_trace = True

    def execute(self, params: StateMachineParams, context_data: ActionContext) -> ActionResult:
        """Start the execution at the first call, and look at it at each.

        Result: `{execution_arn, status, output, error, cause, visited, states: {NAME: {entered, output, retries}},
        duration_ms}` when it has ended; an end that was not expected fails the action, as does none in time. Of `stop`
        it is `{execution_arn, status}`, of `test_state` `{status, output, error, cause, next_state, backoff_seconds}`,
        of more than one that `find` finds `{executions}`, their ARNs, and of an expected refusal `{error: {code,
        message}}`.
        Raises ActionError when the execution could not be started, looked at or stopped.
        """
        request: Json = params.model_dump(exclude_unset=True, exclude_none=True)
        operation = summary_of(request).text

        def call() -> ActionResult:
            client = context_data.aws.client("stepfunctions")
            with calling(context_data.aws, operation):
                if params.operation == "start_express":
                    answer = client.start_sync_execution(**_start(params, context_data.run_id))
                    return _judged(params, ended(answer, _NO_HISTORY), request)
                if params.operation == "test_state":
                    return tried(params, client, request)
                if params.operation == "stop":
                    return _stop(params, client, request)
                if params.operation == "find":
                    return _find(params, client, context_data, request)
                return _look(params, client, context_data, request)

        return expecting(operation, params.expect_error, request, call)

    def compensations(self, params: StateMachineParams, context_data: ActionContext) -> tuple[Compensation, ...]:
        """The stop of the execution that is about to be started."""
        if params.operation == "start" and params.state_machine is not None:
            return (stop(execution_arn(params.state_machine, execution_name(params, context_data.run_id))),)
        raise ActionError(
            f"{params.operation} starts nothing that could be stopped",
            kind=ErrorKind.VALIDATION,
            hint="leave out `auto_cleanup` and `restore`",
        )

    def compensations_of_result(self, _params: StateMachineParams, _done: ActionResult) -> tuple[Compensation, ...]:
        """Nothing: all is known before."""
        return ()

    def planned_compensation(self, params: PlannedParams) -> PlannedCompensation:
        """The stop of an execution that was started."""
        return planned_compensation(params)

    def is_safe_to_repeat(self, params: StateMachineParams) -> bool:
        """Unless the workflow is an Express one: an execution of the same name is started once."""
        return params.operation != "start_express"

    def only_reads(self, params: StateMachineParams) -> bool:
        """Whether it starts and stops nothing."""
        return params.operation in {"wait", "find", "test_state"}

    def uses_aws(self, _params: PlannedParams) -> bool:
        """Always."""
        return True

    def permissions(self, params: PlannedParams, _location: AwsLocation) -> RequiredPermissions:
        """The permissions to start an execution, and to look at it."""
        return required_permissions(params)

    def summary(self, params: PlannedParams) -> Summary:
        """The operation and the state machine, or the execution."""
        return summary_of(params)

    def resumptions(self, params: PlannedParams) -> Resumptions | None:
        """The looks at the execution after the first call."""
        return resumptions_of(params)


ACTION = StateMachineAction()


def _start(params: StateMachineParams, run_id: str) -> dict[str, Any]:
    """A request to start an execution. Raises ActionError of kind validation."""
    text = to_text(params.input, "input")
    return {
        "stateMachineArn": params.state_machine,
        "name": execution_name(params, run_id),
        "input": dumps(text) if isinstance(params.input, str) else text,
    }


def _look(params: StateMachineParams, client: Any, context_data: ActionContext, request: Json) -> ActionResult:
    arn = params.execution or execution_arn(params.state_machine or "", execution_name(params, context_data.run_id))
    if params.execution is None and context_data.attempt == 1:
        _begin(params, client, context_data)
    return _look_at(arn, params, client, context_data, request)


def _look_at(
    arn: str, params: StateMachineParams, client: Any, context_data: ActionContext, request: Json
) -> ActionResult:
    described = _described(params, client, context_data, arn) or {"executionArn": arn, "status": "RUNNING"}
    if described["status"] not in _RUNNING:
        return _judged(params, ended(described, past_states(client, arn)), request)
    return _later(params, described, client, context_data, request)


def _find(params: StateMachineParams, client: Any, context_data: ActionContext, request: Json) -> ActionResult:
    """Look for the execution, and whether it has ended; two that match are a failed check, and none is guessed."""
    search = Search(params, client, context_data)
    search.look()
    if failure := search.ambiguous():
        return ActionResult({"executions": list(search.found)}, request=request, failure=failure, failure_code=_TWO)
    if search.found:
        (arn,) = search.found
        return search.remember(_look_at(arn, params, client, context_data, request))
    if left := _time_for_another(params, context_data):
        return search.remember(ActionResult({}, request=request, resume_after_seconds=left))
    return ActionResult({}, request=request, failure=search.failure(), failure_code=_NOT_FOUND, checks=search.closest())


def _begin(params: StateMachineParams, client: Any, context_data: ActionContext) -> None:
    """Start the execution, unless an attempt before, whose answer was lost, has started it.

    A first start without an answer is no error: the looks that follow find the execution, or start it. Raises
    ActionError for an Express workflow, whose executions nobody can look at (API Reference, "DescribeExecution").
    """
    try:
        started = client.start_execution(**_start(params, context_data.run_id))
    except Exception as error:
        is_own = params.name is None and code_of(context_data.aws, error) == _EXISTS
        may_have_begun = context_data.attempt == 1 and _has_no_answer(context_data, error)
        if not is_own and not may_have_begun:
            raise
        return
    if _EXPRESS in started.get("executionArn", ""):
        raise ActionError(
            f"{params.state_machine} is an Express workflow: it was started, and its end cannot be waited for",
            kind=ErrorKind.VALIDATION,
            hint="say `operation: start_express`, which answers with the end",
        ).with_effect(Effect.DONE)


def _described(params: StateMachineParams, client: Any, context_data: ActionContext, arn: str) -> Any:
    """The execution; None for one that was just started, and one that an attempt before could not start is started now.

    Source: Step Functions API Reference, "DescribeExecution": it is eventually consistent.
    """
    try:
        return client.describe_execution(executionArn=arn)
    except Exception as error:
        if params.operation != "start" or code_of(context_data.aws, error) != NOT_THERE:
            raise
    if context_data.attempt > 1:
        _begin(params, client, context_data)
    return None


def _has_no_answer(context_data: ActionContext, error: Exception) -> bool:
    translated = context_data.aws.translate(error)
    return isinstance(translated, ActionError) and translated.effect is Effect.UNKNOWN


def _stop(params: StateMachineParams, client: Any, request: Json) -> ActionResult:
    """Stop the execution; one that has ended stays as it is."""
    described = client.describe_execution(executionArn=params.execution)
    status = described["status"]
    if status in _RUNNING:
        client.stop_execution(executionArn=params.execution)
        status = "ABORTED"
    return ActionResult({"execution_arn": params.execution, "status": status}, request=request)


def _judged(params: StateMachineParams, result: dict[str, Json], request: Json) -> ActionResult:
    if result["status"] == params.expected_status:
        return ActionResult(result, request=request)
    reason = ": ".join(str(result[name]) for name in ("error", "cause") if result[name])
    name = str(result["execution_arn"]).rsplit(":", 1)[-1]
    failure = f"execution {name} was expected to end as {params.expected_status}, and ended as {result['status']}"
    code = result["error"] or result["status"]
    return ActionResult(
        result, request=request, failure=f"{failure}: {reason}" if reason else failure, failure_code=str(code)
    )


def _later(
    params: StateMachineParams, described: Any, client: Any, context_data: ActionContext, request: Json
) -> ActionResult:
    """Another look after the interval; a failed check that names its state when that would be too late."""
    result = {"execution_arn": described["executionArn"], "status": described["status"]}
    left = _time_for_another(params, context_data)
    if not left:
        name = str(described["executionArn"]).rsplit(":", 1)[-1]
        state = standing_in(client, described["executionArn"], context_data.aws)
        failure = f"execution {name} has not ended in time{f': it stands in state {state}' if state else ''}"
        return ActionResult(result, request=request, failure=failure, failure_code="StillRunning")
    return ActionResult(result, request=request, resume_after_seconds=left)


def _time_for_another(params: StateMachineParams, context_data: ActionContext) -> float:
    """Seconds until another look; 0 when that would be too late."""
    left = context_data.patience_seconds - min(params.interval_seconds, _LAST_LOOK)
    is_last = context_data.attempt > looks(params.interval_seconds, params.wait_seconds)
    return 0.0 if is_last else max(0.0, min(params.interval_seconds, left))
