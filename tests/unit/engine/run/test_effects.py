"""Effects that come late: a service goes on with a request whose caller has gone."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from tests.unit.engine.world import RUN_ID, World, answer

from awsit.engine.run.effects import RunEffects
from awsit.engine.run.prepare import prepare
from awsit.engine.run.recover import Recovery
from awsit.engine.run.report import what_is_left
from awsit.engine.step.ledger import CompensationId
from awsit.engine.store.records import Closing, RecordedCompensation, RunRecord
from awsit.errors import ActionError, ErrorKind
from awsit.model.http import HttpRequest, HttpResponse
from awsit.model.plan import Phase, Plan, Step
from awsit.model.result import CleanupOutcome, CleanupVerdict, RunResult, RunStatus, Status
from awsit.model.run import LastLook, RunRequest
from awsit.records import replace
from awsit.scenario.reading.load import load_text
from awsit.system.clock import FakeClock

DONE, NOTHING, MAYBE = CleanupOutcome.DONE, CleanupOutcome.NOTHING_TO_UNDO, CleanupOutcome.MAY_BE_THERE

SCENARIO = """
name: late
actions:
  - name: Before
    type: http_call
    params: {url: "http://api.test/before", method: PUT}
    cleanup: [{name: Last, type: http_call, params: {url: "http://api.test/before", method: DELETE}}]
  - name: Make
    type: http_call
    timeout_seconds: 5
    params: {url: "http://api.test/late", method: POST}
    cleanup: [{name: Remove, type: http_call, params: {url: "http://api.test/late", method: DELETE}}]
"""
LATE_CLEANUP = SCENARIO.rpartition("    cleanup:")
OF_THE_SCENARIO = f"{LATE_CLEANUP[0]}cleanup:{LATE_CLEANUP[2]}"


@dataclass
class LateService:
    """Holds things by their URL. A POST is answered too late, and carried out after so many seconds.

    `absent` are its answers to a DELETE of what is not there, in order; the last one stays.
    """

    clock: FakeClock
    after: float
    absent: list[int]
    made_at: dict[str, float] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)

    @property
    def things(self) -> list[str]:
        return [url for url, at in self.made_at.items() if at <= self.clock.monotonic()]

    def send(self, request: HttpRequest) -> HttpResponse:
        self.requests.append(f"{request.method} {request.url.rpartition('/')[2]} {self.clock.monotonic():g}")
        if request.method in {"POST", "GET"}:
            if request.method == "POST":
                self.made_at[request.url] = self.clock.monotonic() + self.after
            self.clock.sleep(5)
            raise ActionError("no complete answer within 5 s", kind=ErrorKind.TIMEOUT)
        if request.method == "PUT":
            self.made_at[request.url] = self.clock.monotonic()
            return answer(201)
        if request.url in self.things:
            del self.made_at[request.url]
            return answer(204)
        return answer(self.absent.pop(0) if len(self.absent) > 1 else self.absent[0])


def late(after: float, *absent: int) -> tuple[World, LateService]:
    world = World()
    service = LateService(world.clock, after, list(absent or (404,)))
    world.services = replace(world.services, http=service)
    return world, service


def outcomes(result: RunResult) -> dict[str, CleanupOutcome | None]:
    return {step.name.partition(".")[2] or step.name: step.outcome for step in result.cleanup.steps}


@pytest.mark.parametrize("scenario", [SCENARIO, OF_THE_SCENARIO])
@pytest.mark.parametrize("absent", [404, 204])
@pytest.mark.parametrize("after", [2.0, 8.0, 14.0])
def test_what_comes_after_its_clean_up_is_removed_in_the_end(scenario: str, after: float, absent: int) -> None:
    world, service = late(after, absent)

    result = world.run(scenario)

    world.clock.sleep(100)
    assert service.things == []
    assert (result.status, result.cleanup.verdict) == (RunStatus.ERROR, CleanupVerdict.CLEAN)
    assert outcomes(result) == {"Remove": DONE, "Last": DONE}


def test_it_undoes_at_once_goes_on_with_the_rest_and_looks_again_last() -> None:
    world, service = late(8)

    result = world.run(SCENARIO)

    assert service.requests == ["PUT before 0", "POST late 0", "DELETE late 5", "DELETE before 5", "DELETE late 15"]
    remove = result.cleanup.steps[0]
    assert [attempt.number for attempt in remove.attempts] == [1, 2]
    assert (remove.status, remove.attempts[0].delay_seconds) == (Status.PASSED, 10.0)


@pytest.mark.parametrize(
    ("after", "absent", "wanted"),
    [(99, (404,), NOTHING), (2, (404,), DONE), (99, (204,), DONE), (2, (409,), MAYBE), (99, (409, 404), NOTHING)],
)
def test_both_looks_together_say_what_came_of_it(after: float, absent: tuple[int, ...], wanted: CleanupOutcome) -> None:
    world, _ = late(after, *absent)

    assert outcomes(world.run(SCENARIO))["Remove"] is wanted


@pytest.mark.parametrize(
    ("of_the_scenario", "of_the_action", "at"), [(3, None, 8), (99, 1, 6), (0, None, None), (99, 0, None), (0, 4, 9)]
)
def test_the_time_that_a_service_takes_to_settle_can_be_chosen(
    of_the_scenario: float, of_the_action: float | None, at: float | None
) -> None:
    scenario = SCENARIO.replace("name: late\n", f"name: late\nsettle_seconds: {of_the_scenario}\n")
    if of_the_action is not None:
        scenario = scenario.replace("timeout_seconds: 5", f"timeout_seconds: 5\n    settle_seconds: {of_the_action}")
    world, service = late(99)

    world.run(scenario)

    assert service.requests[4:] == ([] if at is None else [f"DELETE late {at}"])


@pytest.mark.parametrize("millisecond", range(0, 1000, 61))
def test_the_last_look_is_never_taken_for_one_that_came_too_early(millisecond: int) -> None:
    scenario = SCENARIO.replace("timeout_seconds: 5", "timeout_seconds: 0.4\n    settle_seconds: 5.8")
    world, _ = late(5.5)
    world.clock.sleep(millisecond / 1000)

    result = world.run(scenario)

    assert outcomes(result) == {"Remove": DONE, "Last": DONE}
    assert result.cleanup.verdict is CleanupVerdict.CLEAN


def test_nobody_waits_for_what_only_reads() -> None:
    world, service = late(99)

    result = world.run(OF_THE_SCENARIO.replace("method: POST", "method: GET"))

    assert service.requests[-1] == "DELETE late 5"
    assert world.clock.monotonic() == 5
    assert result.status is RunStatus.ERROR


def test_nobody_waits_for_what_can_be_named_by_no_one() -> None:
    world, _ = late(99)
    captures = SCENARIO.replace("    timeout_seconds", "    pass_to_context: {id: $.body.id}\n    timeout_seconds")

    result = world.run(captures.replace('late", method: DEL', 'late/{{ context.id }}", method: DEL'))

    assert world.clock.monotonic() == 5
    assert outcomes(result)["Remove"] is MAYBE


def killed(world: World, service: LateService) -> None:
    """A run whose process was killed in the middle of the request."""
    request = RunRequest(RUN_ID, "it", load_text(SCENARIO, "it.yaml").document)
    plan = prepare(world.services, request).plan
    world.store.begin(RUN_ID, 1, 1, world.clock.now().timestamp(), plan.steps[1].cleanup)
    service.made_at["http://api.test/late"] = service.after


def cleaned_up(world: World, patience: float = 900, *, looks: list[LastLook] | None = None) -> RunResult | None:
    ends = world.clock.monotonic() + patience
    tell = [] if looks is None else looks
    recovery = Recovery(world.services, RUN_ID, "awsit cleanup", 900, ends, in_flight=2, tell=tell.append)
    return recovery.recover(Closing(RunStatus.ERROR))


def test_what_a_killed_process_had_sent_is_looked_for_until_it_can_come_no_more() -> None:
    world, service = late(13)
    killed(world, service)

    result = cleaned_up(world)

    assert service.requests == ["DELETE late 2", "DELETE late 15"]
    assert result is not None
    assert outcomes(result) == {"Remove": DONE}


def test_a_clean_up_that_ends_before_its_last_look_leaves_it_to_the_next() -> None:
    world, service = late(13)
    killed(world, service)

    assert cleaned_up(world, patience=5) is None

    (left,) = what_is_left(world.store, RUN_ID)
    assert (left.outcome, "nobody looked again" in left.reason) == (MAYBE, True)
    record = world.store.record(RUN_ID, Phase.CLEANUP, 1)
    assert record is not None
    assert record.result.status is Status.RUNNING
    assert cleaned_up(world) is not None
    assert service.things == []
    assert what_is_left(world.store, RUN_ID) == ()


# What the ledger holds, oldest first: "-" is a declared step, "+a" puts a back, "a" removes a.
LEDGERS = {
    "nothing of the other's": (["+a", "b"], 0, []),
    "removed again after it was put back": (["a", "+a"], 0, [1]),
    "put back again after it was removed": (["+a", "a"], 0, [1]),
    "put back as it was first": (["+a", "+b", "+a"], 0, [2]),
    "a declared step removes what is put back again": (["-", "+a"], 0, [1]),
    "a declared step takes nothing else back": (["-", "a"], 0, []),
    "what a declared step removes again is put back": (["+a", "-"], 0, [1]),
    "what a declared step removes again is gone": (["a", "-"], 0, []),
    "declared steps are each by themselves": (["-", "-", "a"], 0, []),
    "by way of a batch": (["a", "+ab", "+b"], 0, [1, 2]),
    "by way of a declared step": (["+a", "-", "+b"], 0, [1, 2]),
    "the newest": (["+a", "+a"], 1, []),
}


def effects_of(entries: list[str]) -> tuple[RunEffects, list[int]]:
    """A run with a step for each entry of its ledger, and the ledger."""
    steps, cleanup, ledger, recorded = list[Step](), list[Step](), list[int](), dict[str, RecordedCompensation]()
    for number, each in enumerate(entries):
        is_declared = each == "-"
        index = len(cleanup) if is_declared else CompensationId(number, 0).index
        undo = Step(index, f"Undo{number}", "dynamodb", phase=Phase.CLEANUP)
        ledger.append(index)
        if is_declared:
            cleanup.append(undo)
        else:
            recorded[str(index)] = RecordedCompensation(undo, "", (), tuple(each.lstrip("+")), each.startswith("+"))
        own = (index,) if is_declared else ()
        steps.append(Step(number, f"Step{number}", "dynamodb", restore=not is_declared, cleanup=own))
    plan = Plan("run", "x", steps=tuple(steps), cleanup=tuple(cleanup))
    run = RunRecord("run", "x", "local", "", 0.0, ledger=tuple(ledger), recorded=recorded)
    return RunEffects.of(plan, run, ()), ledger


@pytest.mark.parametrize("case", LEDGERS)
def test_an_entry_follows_the_last_look_of_a_newer_one_that_undoes_what_it_did(case: str) -> None:
    entries, entry, wanted = LEDGERS[case]
    effects, ledger = effects_of(entries)

    assert effects.redone_before(ledger[entry]) == tuple(ledger[each] for each in wanted)
