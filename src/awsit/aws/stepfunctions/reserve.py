"""The events that an execution has left: before they are used up, a run closes and is cleaned up by another execution.

Step Functions ends an execution at 25,000 events of history at once, before its clean-up (AWS Step Functions Developer
Guide, "Step Functions service quotas", section "Quotas related to state machine executions").
"""

from __future__ import annotations

from contextlib import suppress

from awsit.aws.stepfunctions.execution import Execution, next_cleanup_name
from awsit.engine.services import Services
from awsit.engine.store.records import Closing
from awsit.model.json import Json
from awsit.model.plan import Plan
from awsit.model.ports import Aws
from awsit.model.result import ErrorInfo, RunStatus
from awsit.quotas.catalogue import EVENT_QUOTA, RESERVE

EVENTS_OF_BRANCH, EVENTS_OF_SEGMENT = 18, 6
"""Of a branch that ends at its first step, since the run is closed, and of the segment around it: `forecast.events`."""

LONE_LOOKS, SHARED_LOOKS, FIRST_LOOK = 2, 40, 20
"""A branch looks at the history after every 40th call, or as much more often as there are branches beside it."""
CLEANUP_LOOKS = 10
"""The clean-up looks before every tenth of its steps, and before every tenth call of one."""


def closing(aws: Aws, execution: Execution, plan: Plan, index: int, sequence: int) -> Closing | None:
    """How the run ends before call `sequence` of a step, for want of events; None when there are enough.

    History is read only now and then: Step Functions answers 20 such questions a second (section "Quotas related to API
    action throttling").
    """
    beside = max((min(each.max_concurrency, len(each.branches)) for each in plan.segments), default=1)
    calls = index + sequence
    if calls < FIRST_LOOK or calls % max(LONE_LOOKS, SHARED_LOOKS // beside):
        return None
    used = used_events(aws, execution)
    if used + RESERVE + _events_to_close(plan, index) <= EVENT_QUOTA:
        return None
    hint = (
        "Divide the scenario, or have it poll and retry less often: `awsit plan` says how many events it may come to."
    )
    message = f"The run was ended after {used:,} events, since Step Functions ends an execution at {EVENT_QUOTA:,}."
    return Closing(RunStatus.ERROR, ErrorInfo("quota_events", message, hint))


def must_go_on_elsewhere(aws: Aws, execution: Execution, sequence: int, *, is_due: bool) -> bool:
    """Whether call `sequence` of a clean-up step is to be left to an execution of its own; `is_due` has it look."""
    is_due = is_due or sequence % CLEANUP_LOOKS == 0
    return is_due and used_events(aws, execution) + RESERVE > EVENT_QUOTA


def hand_over(services: Services, execution: Execution) -> Json:
    """Have an execution of its own go on with the clean-up; it is the only one that may. Returns its name and input.

    The name is the same however often this is called, so that one execution is started.
    """
    name = next_cleanup_name(execution)
    services.store.take_over(execution.run_id, f"{execution.arn.rpartition(':')[0]}:{name}")
    return {"name": name, "input": {"cleanup": execution.run_id}}


def used_events(aws: Aws, execution: Execution) -> int:
    """The number of the newest event: they are numbered from 1 on (API Reference, "HistoryEvent"). 0 if unknown."""
    with suppress(Exception):  # the next look may succeed, and the recovery of what was cut off is there in any case
        newest = aws.client("stepfunctions").get_execution_history(
            executionArn=execution.arn, reverseOrder=True, maxResults=1, includeExecutionData=False
        )["events"]
        return max((int(event["id"]) for event in newest), default=0)
    return 0


def _events_to_close(plan: Plan, index: int) -> int:
    """The events of what follows the segment of a step once the run is closed."""
    numbers = [
        number for number, each in enumerate(plan.segments) if any(index in branch.steps for branch in each.branches)
    ]
    following = plan.segments[numbers[0] :] if numbers else ()
    return sum(EVENTS_OF_SEGMENT + EVENTS_OF_BRANCH * len(each.branches) for each in following)
