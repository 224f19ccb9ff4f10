"""The states that an execution of the state machine enters, and the events of its history.

Counted from `infra/test_flow.asl.json`; `tests/conformance` holds the numbers to an interpreter's history. An event
history grows, for each state entered, by

    Task that calls a function   5   TaskStateEntered, LambdaFunctionScheduled, -Started, -Succeeded, TaskStateExited
    Choice, Wait, Succeed, Pass  2   ...StateEntered, ...StateExited
    Fail                         1   FailStateEntered
    Map                          4   MapStateEntered, MapStateStarted, MapStateSucceeded or -Failed, MapStateExited
    each iteration of a Map      2   MapIterationStarted, MapIterationSucceeded or -Failed
    the execution itself         2   ExecutionStarted, ExecutionSucceeded or -Failed

(AWS Step Functions API Reference, "HistoryEvent".) Each repetition that the platform makes by itself, after an error of
the Lambda service, adds 3: LambdaFunctionScheduled, -Started, -Failed. The worst case has all that the states allow.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from itertools import repeat

from msgspec import Struct, field

from awsit.engine.compact import is_in_budget
from awsit.engine.step.retry import CLEANUP_RETRY
from awsit.forecast import attempts
from awsit.forecast.document import Span
from awsit.model.plan import Branch, Plan, Segment, Step
from awsit.records import replace

STATES: Mapping[str, str] = {
    "PrepareAndExecuteActions": "Task",
    "PreparationFailed": "Pass",
    "RunSegments": "Map",
    "RunBranches": "Map",
    "RunSteps": "Map",
    "ExecuteAtomicAction": "Task",
    "HandleActionResult": "Choice",
    "WaitBeforeNextAttempt": "Wait",
    "ActionSucceeded": "Succeed",
    "ActionFailed": "Fail",
    "RecordBranchFailure": "Task",
    "BranchEnded": "Succeed",
    "VerifyFinalAssertions": "Task",
    "CloseRun": "Task",
    "CleanUpTestData": "Map",
    "CleanUpItem": "Task",
    "HandleCleanUpResult": "Choice",
    "WaitBeforeNextCleanUp": "Wait",
    "OutOfEvents": "Fail",
    "ItemEnded": "Succeed",
    "HandOverCleanUp": "Task",
    "StartCleanUp": "Task",
    "ReportRun": "Task",
    "DidItPass": "Choice",
    "TestSucceeded": "Succeed",
    "TestFailed": "Fail",
}
"""The states of the state machine and their types."""

EVENTS: Mapping[str, int] = {"Task": 5, "Choice": 2, "Pass": 2, "Wait": 2, "Succeed": 2, "Fail": 1, "Map": 4}
EVENTS_OF_ITERATION, EVENTS_OF_EXECUTION, EVENTS_OF_REPETITION = 2, 2, 3

REPETITIONS: Mapping[str, int] = {
    "PrepareAndExecuteActions": 13,
    "ExecuteAtomicAction": 13,
    "RecordBranchFailure": 28,
    "VerifyFinalAssertions": 13,
    "CloseRun": 28,
    "CleanUpItem": 28,
    "ReportRun": 28,
}
"""How often the platform repeats a call of the function, at most: `MaxAttempts` of the state."""


class Tally(Struct):
    """States entered, by name, iterations of Map states, and repetitions of calls by the platform.

    And the calls of steps, how many of them are not the first of their step, and the seconds that a compact run waits
    within an invocation.
    """

    states: Counter[str] = field(default_factory=Counter)
    iterations: int = 0
    repetitions: int = 0
    calls: int = 0
    repeats: int = 0
    pauses: float = 0.0

    @property
    def transitions(self) -> int:
        """What Step Functions charges for: each state that is entered, "including retries" (Step Functions pricing)."""
        return self.states.total() + self.repetitions

    @property
    def events(self) -> int:
        """Events of the execution's history."""
        of_states = sum(EVENTS[STATES[name]] * count for name, count in self.states.items())
        of_iterations = EVENTS_OF_ITERATION * self.iterations
        return of_states + of_iterations + EVENTS_OF_REPETITION * self.repetitions + EVENTS_OF_EXECUTION

    @property
    def invocations(self) -> int:
        """Calls of the function."""
        return sum(count for name, count in self.states.items() if STATES[name] == "Task")

    def enter(self, *names: str, times: int = 1) -> None:
        """Note that these states are entered, each so many times."""
        for name in names:
            self.states[name] += times


class Course(Struct, frozen=True):
    """How a run goes. `calls` of a step, by index, are 1 unless they are given; `failing` steps end their branch.

    `undone` and `diagnosed` hold the calls of the clean-up steps and of the diagnostics that are done, by index.
    """

    calls: Mapping[int, int] = field(default_factory=dict)
    failing: frozenset[int] = frozenset()
    undone: Mapping[int, int] = field(default_factory=dict)
    diagnosed: Mapping[int, int] = field(default_factory=dict)


def count(plan: Plan, course: Course) -> Tally:
    """What an execution of the plan comes to when it takes this course; siblings of a failing branch end too."""
    tally = Tally()
    tally.enter("PrepareAndExecuteActions", "RunSegments")
    closed = False
    for segment in plan.segments:
        closed = _segment(plan, segment, course, tally, closed=closed) or closed
    tally.enter("VerifyFinalAssertions", "CleanUpTestData")
    for calls in (*course.diagnosed.values(), *course.undone.values()):
        _undo(tally, calls)
    tally.enter("ReportRun", "DidItPass", "TestFailed" if closed else "TestSucceeded")
    return tally


def _undo(tally: Tally, calls: int, times: int = 1) -> None:
    """Count diagnostics or clean-up steps of so many calls each."""
    tally.iterations += times
    tally.enter("CleanUpItem", "HandleCleanUpResult", times=calls * times)
    tally.enter("WaitBeforeNextCleanUp", times=(calls - 1) * times)
    tally.enter("ItemEnded", times=times)


def best(plan: Plan) -> Tally:
    """Every step passes at its first attempt, and what has a condition is skipped."""
    unconditional = [step for step in plan.steps if step.when is None and not step.only_if]
    undone = {*plan.global_cleanup, *(index for step in unconditional for index in step.cleanup)}
    calls = {step.index: attempts.first_calls(step) for step in plan.steps}
    return count(plan, Course(calls, undone={index: attempts.first_calls(plan.cleanup[index]) for index in undone}))


def worst(plan: Plan) -> Tally:
    """The most that can come of a plan, and a little more: all polls and retries that fit into the run's time.

    Every condition holds, every diagnostic and clean-up step is done with all its retries, clean-up looks twice because
    answers are missing, every attempt of an action that is taken back records another compensation, every branch ends
    as one does that the platform failed, and the platform repeats every call as often as it may. No call of a compact
    run fits into the invocation of the one before.
    """
    plan = replace(plan, compact=False)
    diagnostics = {index for step in plan.steps for index in step.on_failure}
    tally = count(
        plan,
        Course(
            undone={step.index: 1 + _calls(step) for step in plan.cleanup},
            diagnosed={index: 1 + _calls(plan.steps[index]) for index in diagnostics},
        ),
    )
    for step in plan.cleanup:
        _undo(tally, 2 + _calls(step))
    again = repeats(plan)
    tally.enter("WaitBeforeNextAttempt", "ExecuteAtomicAction", "HandleActionResult", times=again)
    tally.calls, tally.repeats = tally.calls + again, tally.repeats + again
    branches = sum(len(segment.branches) for segment in plan.segments)
    tally.enter("BranchEnded", "RecordBranchFailure", times=branches)
    tally.enter("PreparationFailed", "CloseRun")
    for calls in (CLEANUP_RETRY.max_attempts, 1 + CLEANUP_RETRY.max_attempts):
        _undo(tally, calls, times=_further_compensations(plan))
    tally.repetitions = sum(REPETITIONS.get(name, 0) * count for name, count in tally.states.items())
    return tally


def of_actions(plan: Plan) -> int:
    """The fewest events until the actions have ended: the clean-up may go on in another execution."""
    low = best(plan)
    undone = low.states["ItemEnded"]
    of_undoing = EVENTS["Task"] + EVENTS["Choice"]
    waits = low.states["WaitBeforeNextCleanUp"] * EVENTS["Wait"]
    of_item = EVENTS_OF_ITERATION + EVENTS["Succeed"]
    return low.events - low.states["CleanUpItem"] * of_undoing - waits - undone * of_item


def _further_compensations(plan: Plan) -> int:
    """The most compensations beyond the first of each action: an attempt with other params records another one."""
    taken_back = (step for step in plan.steps if step.auto_cleanup or step.restore)
    return sum(attempts.policy(step).max_attempts - 1 for step in taken_back)


def repeats(plan: Plan) -> int:
    """The most calls of actions beyond their first ones: those whose waits fit into the time of all lanes together."""
    together: Counter[float] = Counter()
    for segment in plan.segments:
        for branch in segment.branches:
            for index in branch.steps:
                together.update(attempts.worst_waits(plan.steps[index], plan.timeout_seconds).counts)
    lanes = attempts.lanes(plan)
    return attempts.Waits(together).within(plan.timeout_seconds * lanes)


def span(plan: Plan) -> tuple[Tally, Tally, Span]:
    """Best and worst case, and the events of both."""
    low, high = best(plan), worst(plan)
    return low, high, Span(low.events, high.events)


def _calls(step: Step) -> int:
    return attempts.worst_waits(step, attempts.longest_poll(step) or step.timeout_seconds).number


def _segment(plan: Plan, segment: Segment, course: Course, tally: Tally, *, closed: bool) -> bool:
    """Count one segment; whether a step of it failed. In a run that is closed, each branch ends at its first step."""
    tally.iterations += 1
    tally.enter("RunBranches")
    failed = False
    for branch in segment.branches:
        tally.iterations += 1
        tally.enter("RunSteps")
        steps = branch.steps[:1] if closed else _reached(branch, course)
        fails = bool(steps) and (closed or steps[-1] in course.failing)
        calls = {index: 1 if closed else course.calls.get(index, 1) for index in steps}
        tally.calls += sum(calls.values())
        tally.repeats += sum(calls.values()) - len(calls)
        iterations = [_invocations(plan, calls, tally)] if plan.compact and steps else list(calls.values())
        for number, invocations in enumerate(iterations, 1):
            _iterate(tally, invocations, fails=fails and number == len(iterations))
        if fails:
            tally.enter("BranchEnded")
            failed = True
    return failed


def _reached(branch: Branch, course: Course) -> tuple[int, ...]:
    """The steps of a branch up to the first one that fails."""
    ends = next((number for number, index in enumerate(branch.steps, 1) if index in course.failing), None)
    return branch.steps[:ends]


def _iterate(tally: Tally, invocations: int, *, fails: bool) -> None:
    """Count an iteration over a step, or over all of a branch in a compact run."""
    tally.iterations += 1
    tally.enter("ExecuteAtomicAction", "HandleActionResult", times=invocations)
    tally.enter("WaitBeforeNextAttempt", times=invocations - 1)
    tally.enter("ActionFailed" if fails else "ActionSucceeded")


def _invocations(plan: Plan, calls: Mapping[int, int], tally: Tally) -> int:
    """The fewest invocations of a compact run for these calls, which take no time; adds the pauses within them."""
    invocations, elapsed = 0, math.inf
    for index, number in calls.items():
        step = plan.steps[index]
        waited = attempts.first_wait(step) / (number - 1) if number > 1 else 0.0
        for wait in (0.0, *repeat(waited, number - 1)):
            rest, pause = math.modf(wait)  # the function waits for what is less than a second in any case
            if is_in_budget(step, elapsed + rest, pause):
                elapsed += wait
                tally.pauses += wait
            else:
                invocations, elapsed = invocations + 1, 0.0
    return invocations
