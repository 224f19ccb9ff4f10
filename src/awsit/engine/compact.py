"""`compact`: several steps of a branch in one invocation of the function.

Each step that the state machine calls costs three transitions and an invocation. In a compact run it calls the first
step of a branch only, and the function goes on with those that follow, as long as they fit into its budget; then the
state machine calls the next one. Each step has the calls, the records and the entries in the ledger that it always has.

To the state machine the index of a step is a text then: a function of a version before, which would take the first
step for the whole branch and let the run pass, fails on it.
"""

from __future__ import annotations

from awsit.actions.registry import only_reads
from awsit.model.json import Json
from awsit.model.plan import Plan, Step

BUDGET_SECONDS = 120.0
"""How long an invocation may last, if its last call takes all of its time-out.

Far below the 900 s after which Lambda and the state machine end it, so that a step has the time that it has alone.
"""

LONGEST_PAUSE_SECONDS = 2.0
"""The longest wait within an invocation. A waiting function is paid for: 2 s cost a fifth of the transitions saved."""


def segments_of(plan: Plan) -> Json:
    """What the Map states iterate over: segments, their branches, and the steps that the state machine calls first."""
    return [
        {
            "max_concurrency": segment.max_concurrency,
            "branches": [
                {"steps": list(map(str, branch.steps[:1])) if plan.compact else list(branch.steps)}
                for branch in segment.branches
            ],
        }
        for segment in plan.segments
    ]


def following(plan: Plan, index: int) -> tuple[int, ...]:
    """The steps after a step in its branch."""
    branches = (branch.steps for segment in plan.segments for branch in segment.branches)
    steps = next(steps for steps in branches if index in steps)
    return steps[steps.index(index) + 1 :]


def is_alone(plan: Plan, index: int) -> bool:
    """Whether no other branch goes on beside that of a step."""
    segments = (segment.branches for segment in plan.segments)
    return any(len(branches) == 1 and index in branches[0].steps for branches in segments)


def only_looks(step: Step) -> bool:
    """Whether a call of a step changes nothing, as it is written, and nothing undoes it."""
    is_undone = step.cleanup or step.auto_cleanup or step.restore
    return not is_undone and only_reads(step.type, step.params)


def is_in_budget(step: Step, elapsed: float, pause: float) -> bool:
    """Whether an invocation that has lasted `elapsed` seconds may wait for `pause` seconds and then call the step."""
    return pause <= LONGEST_PAUSE_SECONDS and elapsed + pause + step.timeout_seconds <= BUDGET_SECONDS
