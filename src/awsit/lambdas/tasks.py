"""The tasks of the state machine: one function each, from the event to what the next state reads."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from awsit.aws.stepfunctions import reserve
from awsit.aws.stepfunctions.execution import Execution
from awsit.aws.stepfunctions.invocations import may_have_run
from awsit.engine.compact import segments_of
from awsit.engine.run.cleanup import call_follow_up
from awsit.engine.run.prepare import prepare, refuse
from awsit.engine.run.recover import open_items
from awsit.engine.run.report import report
from awsit.engine.run.start import await_start
from awsit.engine.run.verify import FollowUp, verify
from awsit.engine.step.call import call_step, fail_branch
from awsit.engine.step.ledger import CompensationId
from awsit.engine.store.records import Directive, RunState
from awsit.errors import AwsitError, NotFoundError
from awsit.lambdas.host import Host
from awsit.lambdas.request import read_request
from awsit.model.json import Json, loads
from awsit.model.plan import Phase, Plan, Step
from awsit.model.result import ErrorInfo
from awsit.records import replace

MOST_TO_DO = 2_000
"""What one execution undoes: some 120 KB of the 256 of a state's output, and not more than its events allow."""

Event = Mapping[str, Any]
Task = Callable[[Host, Execution, Event], Json]


def action_of(host: Host, execution: Execution, event: Event) -> dict[str, Json]:
    """The name of the action that a task is about, for log lines; nothing for other tasks, and without a plan."""
    item = event.get("item") or event
    if "index" not in item:
        return {}
    try:
        plan = host.services.store.plan(execution.run_id)
        return {"action": _step(plan, item.get("kind", ""), item["index"]).name}
    except (AwsitError, LookupError):
        return {}


def _step(plan: Plan, kind: str, index: int) -> Step:
    """The step of a task; of a recorded compensation, the step that it takes back."""
    if kind != Phase.CLEANUP:
        return plan.steps[index]
    compensation = CompensationId.of(index)
    return plan.steps[compensation.step] if compensation else plan.cleanup[index]


def _prepare(host: Host, execution: Execution, event: Event) -> Json:
    if execution.cleaner:
        from awsit.aws.stepfunctions.recovery import prepare_cleanup

        prepare_cleanup(host.services, host.aws, execution)
        return {"run_id": execution.run_id, "segments": []}
    try:
        request = read_request(host.aws, host.bucket, execution, event["input"], host.secret_variables)
    except AwsitError as error:
        plan = refuse(host.services, _unread_plan(execution, event["input"]), error, execution.arn).plan
    else:
        plan = prepare(host.services, request, execution.arn).plan
    return {"run_id": execution.run_id, "segments": segments_of(plan)}


def _unread_plan(execution: Execution, started_with: Json) -> Plan:
    """The plan of a run whose scenario could not be read; that of a schedule has the name that this gave it."""
    named = started_with if isinstance(started_with, Mapping) else {}
    schedule = str(named.get("schedule") or "")
    return Plan(execution.run_id, str(named.get("label") or "") if schedule else "", schedule=schedule)


def _execute(host: Host, execution: Execution, event: Event) -> Json:
    plan = host.services.store.plan(execution.run_id)
    await_start(host.services, plan)
    is_first = not event.get("goes_on")  # the later calls of an invocation add no events to the history
    closing = reserve.closing(host.aws, execution, plan, event["index"], event["sequence"]) if is_first else None
    if closing is not None:
        host.services.store.close(execution.run_id, closing)
    directive = call_step(host.services, execution.run_id, event["index"], event["sequence"])
    return {"index": event["index"], **_directive(host, directive)}


def _fail(host: Host, execution: Execution, event: Event) -> Json:
    fail_branch(host.services, execution.run_id, _failure(event))
    return {"run_id": execution.run_id}


def _verify(host: Host, execution: Execution, event: Event) -> Json:
    if execution.cleaner:
        return {"run_id": execution.run_id, "to_do": _open(host, execution)}
    error = _failure(event) if "failure" in event else None
    try:
        items = verify(host.services, execution.run_id, error)
    except NotFoundError:
        if error is None:
            raise
        return {"run_id": execution.run_id, "to_do": [], "failure": event["failure"]}  # it never began: report why
    return {"run_id": execution.run_id, "to_do": _within_a_payload([_to_do(item) for item in items])}


def _within_a_payload(to_do: list[dict[str, Json]]) -> list[Json]:
    """The first of what is to be undone; the next one is marked to be left, with the rest, to another execution.

    Every tenth is marked for a look at the history: the indexes of what is to be undone may have any pattern.
    """
    kept, rest = to_do[:MOST_TO_DO], to_do[MOST_TO_DO : MOST_TO_DO + 1]
    looks = range(reserve.CLEANUP_LOOKS - 1, len(kept), reserve.CLEANUP_LOOKS)
    marked = [{**item, "look": True} if number in looks else item for number, item in enumerate(kept)]
    return [*marked, *({**item, "later": True} for item in rest)]


def _open(host: Host, execution: Execution) -> list[Json]:
    """What an earlier clean-up could not undo; `calls` is the number of calls that it made.

    Who goes on with a clean-up tries nothing again that failed: else executions would follow one another without end.
    """
    if host.services.store.run(execution.run_id).cleaner != execution.cleaner:
        return []
    items = open_items(host.services, execution.run_id, untried=execution.goes_on)
    return _within_a_payload([{**_to_do(item), "calls": calls} for item, calls in items])


def _to_do(item: FollowUp) -> dict[str, Json]:
    """An item of what follows the actions, as the next states hand it on."""
    look = {"again": True} if item.again else {"first_of_two": True} if item.is_first_of_two else {}
    return {"kind": str(item.phase), "index": item.index, **look}


def _cleanup(host: Host, execution: Execution, event: Event) -> Json:
    """Make a call of what follows the actions. One that is retried may have been made, if the function was cut off."""
    item = event["item"]
    is_due = item.get("look", False)
    if item.get("later") or reserve.must_go_on_elsewhere(host.aws, execution, event["sequence"], is_due=is_due):
        return {"item": item, "next": "later"}
    was_cut_off = may_have_run(host.aws, execution, event.get("retries", 0))
    follow_up = FollowUp(
        Phase(item["kind"]), item["index"], item.get("again", False), was_cut_off, item.get("first_of_two", False)
    )
    before = item.get("calls", 0) + follow_up.first_call - 1
    sequence = event["sequence"] + before
    directive = call_follow_up(host.services, execution.run_id, follow_up, sequence, execution.cleaner)
    return {"item": item, **_directive(host, replace(directive, sequence=directive.sequence - before))}


def _continue(host: Host, execution: Execution, event: Event) -> Json:
    del event
    return reserve.hand_over(host.services, execution)


def _report(host: Host, execution: Execution, event: Event) -> Json:
    state = event.get("state") or {}
    error = _failure(state) if "failure" in state else None
    own = _first_reported(host, execution)
    events = host.used_events(own) if own else 0
    result = report(host.services, execution.run_id, error, execution.cleaner)
    if own:  # at once: a call that is repeated tells the topic again, finds a run that is over, and counts it no more
        host.count(result, events)
    if not execution.cleaner:
        host.notify(result)
    return {"run_id": result.run_id, "status": str(result.status), "cleanup": str(result.cleanup.verdict)}


def _first_reported(host: Host, execution: Execution) -> Execution | None:
    """The run's own execution, if this one is to report the run for good and nobody did so before."""
    try:
        run = host.services.store.run(execution.run_id)
    except NotFoundError:
        return None if execution.cleaner else execution
    is_first = run.state is not RunState.CLOSED and run.cleaner == execution.cleaner and not run.is_held
    return Execution(run.execution_arn, run.run_id) if is_first else None


def _recover(host: Host, execution: Execution, event: Event) -> Json:
    """Finish the run of an execution that was stopped, or that failed or timed out before its report."""
    from awsit.aws.stepfunctions.recovery import recover_execution

    result = recover_execution(host.services, host.aws, execution, str(event["status"]), host.ends)
    if result is not None:
        host.announce(result)
    return {"run_id": execution.run_id, "recovered": result is not None}


def _directive(host: Host, directive: Directive) -> dict[str, Json]:
    """As the Choice and Wait states read it.

    A Wait state takes whole seconds (Amazon States Language, "Wait"); the rest, less than one, is waited here.
    """
    rest, seconds = math.modf(directive.delay_seconds)
    if rest:
        host.services.clock.sleep(rest)
    return {"next": str(directive.next), "sequence": directive.sequence, "delay_seconds": int(seconds)}


def _failure(event: Event) -> ErrorInfo:
    """The error that a Catch left at `$.failure` as `{Error, Cause}`."""
    failure = event["failure"]
    error, cause = str(failure.get("Error", "unknown")), _cause(str(failure.get("Cause", "")))
    hint = "Look at the function's log: `awsit logs` with this run's ID."
    return ErrorInfo("platform", f"{error}: {cause}" if cause else error, hint)


def _cause(text: str) -> str:
    """The message of a function's error, which Lambda gives as `{errorMessage, errorType, …}`; else the text."""
    try:
        cause = loads(text)
    except ValueError:
        return text
    return str(cause["errorMessage"]) if isinstance(cause, Mapping) and "errorMessage" in cause else text


TASKS: Mapping[str, Task] = {
    "prepare": _prepare,
    "execute": _execute,
    "fail": _fail,
    "verify": _verify,
    "close": _verify,
    "cleanup": _cleanup,
    "continue": _continue,
    "report": _report,
    "recover": _recover,
}
