"""The states that an execution of the state machine enters, and the events of its history.

Counted from `infra/test_flow.asl.json`; `tests/conformance` holds the numbers to an interpreter's history. An event
history grows, for each state entered, by

    Task that calls a function   5   TaskStateEntered, LambdaFunctionScheduled, -Started, -Succeeded, TaskStateExited
    Choice, Wait, Succeed        2   ...StateEntered, ...StateExited
    Fail                         1   FailStateEntered
    Map                          4   MapStateEntered, MapStateStarted, MapStateSucceeded or -Failed, MapStateExited
    each iteration of a Map      2   MapIterationStarted, MapIterationSucceeded or -Failed
    the execution itself         2   ExecutionStarted, ExecutionSucceeded or -Failed

(AWS Step Functions API Reference, "HistoryEvent".) Repetitions that the platform makes by itself, after an error of the
Lambda service, add 3 events each and are not counted: they are rare, and the states' own limits bound them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from awsit.forecast import attempts
from awsit.forecast.document import Span
from awsit.model.plan import Plan, Segment, Step

EVENT_QUOTA = 25_000
"""Events of one execution (AWS Step Functions Developer Guide, "Step Functions service quotas")."""

STATES: Mapping[str, str] = {
    "PrepareAndExecuteActions": "Task",
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
    "ItemEnded": "Succeed",
    "ReportRun": "Task",
    "DidItPass": "Choice",
    "TestSucceeded": "Succeed",
    "TestFailed": "Fail",
}
"""The states of the state machine and their types."""

EVENTS: Mapping[str, int] = {"Task": 5, "Choice": 2, "Wait": 2, "Succeed": 2, "Fail": 1, "Map": 4}
EVENTS_OF_ITERATION, EVENTS_OF_EXECUTION = 2, 2


@dataclass(slots=True)
class Tally:
    """States entered, by name, and iterations of Map states."""

    states: Counter[str] = field(default_factory=Counter)
    iterations: int = 0

    @property
    def transitions(self) -> int:
        """What Step Functions charges for: each state that is entered (AWS Step Functions pricing)."""
        return self.states.total()

    @property
    def events(self) -> int:
        """Events of the execution's history."""
        of_states = sum(EVENTS[STATES[name]] * count for name, count in self.states.items())
        return of_states + EVENTS_OF_ITERATION * self.iterations + EVENTS_OF_EXECUTION

    @property
    def invocations(self) -> int:
        """Calls of the function."""
        return sum(count for name, count in self.states.items() if STATES[name] == "Task")

    def enter(self, *names: str, times: int = 1) -> None:
        """Note that these states are entered, each so many times."""
        for name in names:
            self.states[name] += times


@dataclass(frozen=True, slots=True)
class Course:
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
        closed = _segment(segment, course, tally, closed=closed) or closed
    tally.enter("VerifyFinalAssertions", "CleanUpTestData")
    for calls in (*course.diagnosed.values(), *course.undone.values()):
        tally.iterations += 1
        tally.enter("CleanUpItem", "HandleCleanUpResult", times=calls)
        tally.enter("WaitBeforeNextCleanUp", times=calls - 1)
        tally.enter("ItemEnded")
    tally.enter("ReportRun", "DidItPass", "TestFailed" if closed else "TestSucceeded")
    return tally


def best(plan: Plan) -> Tally:
    """Every step passes at its first attempt, and what has a condition is skipped."""
    unconditional = [step for step in plan.steps if step.when is None and not step.only_if]
    undone = {*plan.global_cleanup, *(index for step in unconditional for index in step.cleanup)}
    calls = {step.index: attempts.first_calls(step) for step in plan.steps}
    return count(plan, Course(calls, undone={index: attempts.first_calls(plan.cleanup[index]) for index in undone}))


def worst(plan: Plan) -> Tally:
    """The most that can come of a plan, and a little more: all polls and retries that fit into the run's time.

    Every condition holds, every diagnostic and clean-up step is done with all its retries, and every branch ends as a
    failing one does, which enters one state more.
    """
    diagnostics = {index for step in plan.steps for index in step.on_failure}
    tally = count(
        plan,
        Course(
            undone={step.index: 1 + _calls(step) for step in plan.cleanup},
            diagnosed={index: 1 + _calls(plan.steps[index]) for index in diagnostics},
        ),
    )
    again = repeats(plan)
    tally.enter("WaitBeforeNextAttempt", "ExecuteAtomicAction", "HandleActionResult", times=again)
    tally.enter("BranchEnded", times=sum(len(segment.branches) for segment in plan.segments))
    return tally


def repeats(plan: Plan) -> int:
    """The most calls of actions beyond their first ones: those whose waits fit into the time of all lanes together."""
    together: Counter[int] = Counter()
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
    return attempts.worst_waits(step, step.until.timeout_seconds if step.until else step.timeout_seconds).number


def _segment(segment: Segment, course: Course, tally: Tally, *, closed: bool) -> bool:
    """Count one segment; whether a step of it failed. In a run that is closed, each branch ends at its first step."""
    tally.iterations += 1
    tally.enter("RunBranches")
    failed = False
    for branch in segment.branches:
        tally.iterations += 1
        tally.enter("RunSteps")
        for index in branch.steps:
            calls = 1 if closed else course.calls.get(index, 1)
            fails = closed or index in course.failing
            tally.iterations += 1
            tally.enter("ExecuteAtomicAction", "HandleActionResult", times=calls)
            tally.enter("WaitBeforeNextAttempt", times=calls - 1)
            tally.enter("ActionFailed" if fails else "ActionSucceeded")
            if fails:
                tally.enter("BranchEnded")
                failed = True
                break
    return failed
