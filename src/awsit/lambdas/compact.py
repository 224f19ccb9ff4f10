"""What one invocation does of a branch: one call of a step, or in a compact run as many as fit into its budget."""

from __future__ import annotations

from collections.abc import Callable

from awsit.aws.stepfunctions.execution import Execution
from awsit.engine.compact import following, is_in_budget
from awsit.engine.store.records import Next
from awsit.lambdas.host import Host
from awsit.lambdas.tasks import Event
from awsit.model.json import Json


def go_on(host: Host, execution: Execution, event: Event, carry_out: Callable[[Event], Json]) -> Json:
    """Carry out a call of a step and, in a compact run, the calls that follow in its branch; returns the last answer.

    What does not fit into the budget is answered as a wait, after which the state machine makes the call: of another
    step too, and with a definition of a version before as well. An invocation that is repeated, since it was cut off,
    is answered from the records for what it has done, and goes on from there.
    """
    clock, index = host.services.clock, int(event["index"])
    began = clock.monotonic()
    answer = carry_out({**event, "index": index})
    plan = host.services.store.plan(execution.run_id)
    if not plan.compact:
        return answer
    left = list(following(plan, index))
    while True:
        if answer["next"] == Next.SUCCEEDED and left:
            answer = {"index": left.pop(0), "next": str(Next.WAIT), "sequence": 1, "delay_seconds": 0}
        pause, is_wait = answer["delay_seconds"], answer["next"] == Next.WAIT
        if not is_wait or not is_in_budget(plan.steps[answer["index"]], clock.monotonic() - began, pause):
            return {**answer, "index": str(answer["index"])}
        clock.sleep(pause)
        answer = carry_out({**event, "index": answer["index"], "sequence": answer["sequence"], "goes_on": True})
