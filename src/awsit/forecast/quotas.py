"""The quotas that a run could break, found before it starts.

Source: AWS Step Functions Developer Guide, "Step Functions service quotas", sections "Quotas related to state machine
executions" (25,000 events of history) and "Quotas related to task executions" (262,144 bytes of input or output).
An execution that reaches the quota of events ends at once. A run that comes near it closes before, as an error, and an
execution of its own goes on with the clean-up (`awsit.aws.stepfunctions.reserve`): so a plan is refused when its
actions cannot pass, and warned of when they may not.
"""

from __future__ import annotations

from collections.abc import Sequence

from awsit.engine.compact import segments_of
from awsit.errors import Problem
from awsit.forecast import attempts
from awsit.forecast.document import Size
from awsit.forecast.events import of_actions, worst
from awsit.model.codec import encode
from awsit.model.json import Json, dumps
from awsit.model.plan import Plan, Step
from awsit.model.run import RunRequest, execution_input
from awsit.quotas.catalogue import EVENT_QUOTA, INPUT_BYTES, PAYLOAD_BYTES, RESERVE, SETUPS_BYTES
from awsit.scenario.limits import MAX_DOCUMENT_BYTES, MAX_FILE_BYTES

_ROOM = (
    f"room for {EVENT_QUOTA - RESERVE:,}: Step Functions ends an execution at {EVENT_QUOTA:,} "
    "(quota: maximum execution history size)"
)

_KEY_BYTES = len("scenarios/sha256/.json") + 64
_LONGEST_BUCKET_NAME = 63
_ITEM_BYTES = 64
"""What the item of a setup has beside its input."""


def check(plan: Plan) -> list[Problem]:
    """The quotas of Step Functions that an execution of the plan could break."""
    problems = []
    events = of_actions(plan)
    if events > EVENT_QUOTA - RESERVE:
        step = _busiest(plan)
        message = f"the actions come to {events:,} events at least, and there is {_ROOM}"
        problems.append(Problem("quota_events", message, step.source if step else "", _advice(step)))
    size = size_of(segments(plan))
    if size > PAYLOAD_BYTES:
        message = (
            f"the list of segments has {size:,} bytes; a state's output holds {PAYLOAD_BYTES:,} "
            "(quota: maximum input or output size)"
        )
        problems.append(Problem("quota_payload", message, "actions", "divide the scenario"))
    return problems


def warning(plan: Plan) -> str:
    """What is to be known of a plan that may use up the events of an execution; empty for one that cannot."""
    events = worst(plan).events
    if events <= EVENT_QUOTA - RESERVE:
        return ""
    return (
        f"A run may come to {events:,} events, and there is {_ROOM}. One whose actions come to more ends as an error, "
        f"and another execution goes on with its clean-up. To lower the number: {_advice(_busiest(plan))}."
    )


def check_request(request: RunRequest) -> list[Problem]:
    """The quotas that the start of an execution could break."""
    size = input_bytes(request)
    if size <= INPUT_BYTES:
        return []
    message = (
        f"variables and environment come to {size:,} bytes; an execution's input holds {INPUT_BYTES:,} "
        "(quota: maximum input or output size)"
    )
    return [Problem("quota_input", message, "variables", "put large values into the scenario itself, or into S3")]


def check_setups(setups: Sequence[RunRequest]) -> list[Problem]:
    """Whether a suite in the account can carry its setups: the input of its execution holds theirs.

    The path of the problem leads into the largest one.
    """
    sizes = {request.name: input_bytes(request) + _ITEM_BYTES for request in setups}
    if not sizes or sum(sizes.values()) <= SETUPS_BYTES:
        return []
    largest = max(sizes, key=sizes.__getitem__)
    message = (
        f"the setups of a suite in the account come to {sum(sizes.values()):,} bytes of variables and environment, "
        f"{largest} alone to {sizes[largest]:,}; the input of its execution holds {SETUPS_BYTES:,} of them"
    )
    hint = (
        "put large values into the suite.yaml itself, or into S3; or have this machine start the runs: --no-in-account"
    )
    return [Problem("quota_setups", message, "variables", hint)]


def size_of(document: Json) -> int:
    """The bytes of a document as JSON."""
    return len(dumps(document).encode())


def sizes(
    plan: Plan, request: RunRequest, file_bytes: int | None, document_bytes: int | None = None
) -> tuple[Size, ...]:
    """What is stored and sent, against the limits. `file_bytes` is None for a scenario that is no file.

    `document_bytes` is the size of the request's document, where it is known.
    """
    return (
        *(() if file_bytes is None else (Size("scenario file", file_bytes, MAX_FILE_BYTES),)),
        Size("scenario", document_bytes or size_of(request.document), MAX_DOCUMENT_BYTES),
        Size("plan", size_of(encode(plan)), None),
        Size("execution input", input_bytes(request), INPUT_BYTES),
        Size("segments, as state output", size_of(segments(plan)), PAYLOAD_BYTES),
    )


def input_bytes(request: RunRequest) -> int:
    """Bytes of the execution's input, for a bucket with a name of full length."""
    scenario = {"bucket": "b" * _LONGEST_BUCKET_NAME, "key": "k" * _KEY_BYTES}
    return size_of(execution_input(request, scenario))


def segments(plan: Plan) -> Json:
    """The output of the first state, which the Map states read (`awsit.lambdas.tasks`)."""
    return {"run_id": plan.run_id, "segments": segments_of(plan)}


def _busiest(plan: Plan) -> Step | None:
    return max(
        (*plan.steps, *plan.cleanup),
        key=lambda step: attempts.worst_waits(step, plan.timeout_seconds).number,
        default=None,
    )


def _advice(step: Step | None) -> str:
    if step is not None and step.until is not None:
        return (
            f"{step.name} polls most often: raise its `interval_seconds`, give it a `backoff_rate`, or wait less long"
        )
    if step is not None and step.during is not None:
        return f"{step.name} looks most often: raise its `interval_seconds`, or let it hold less long"
    return "divide the scenario, or lower its numbers of retries"
