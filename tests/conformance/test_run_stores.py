"""The run store in memory and the one in DynamoDB keep the same rules."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.conformance.interpreter import TABLE

from awsit.aws.client.clients import AwsClients
from awsit.aws.runs import secret_variables
from awsit.aws.runs.history import RunHistory
from awsit.aws.runs.store import DynamoRunStore
from awsit.engine.store.memory import MemoryRunStore
from awsit.engine.store.records import (
    Closing,
    Directive,
    Next,
    RecordedCompensation,
    Refusal,
    Refused,
    RunRecord,
    RunState,
    RunStore,
    SecretInputs,
    StepRecord,
)
from awsit.errors import NotFoundError
from awsit.model.plan import Phase, Plan, Step
from awsit.model.result import (
    AssertionResult,
    CleanupResult,
    CleanupVerdict,
    ErrorInfo,
    LeftBehind,
    RunResult,
    RunStatus,
    Status,
    StepResult,
)
from awsit.model.run import HistoryEntry
from awsit.records import replace

NOW, DEADLINE = 1_900_000_000.0, 1_900_000_300.0
RUN = RunRecord("run-1", "orders", "local", "2030-03-17T17:46:40.000Z", DEADLINE, ledger=(4,))
PLAN = Plan("run-1", "orders", steps=(Step(0, "A", "wait"),))
ERROR = ErrorInfo("timeout", "too slow")


@pytest.fixture(params=["memory", "dynamodb"])
def store(request: pytest.FixtureRequest) -> RunStore:
    made: RunStore = MemoryRunStore() if request.param == "memory" else request.getfixturevalue("runs")
    return made


@pytest.fixture
def run(store: RunStore) -> RunStore:
    store.create(RUN, PLAN)
    return store


def record(index: int = 0, sequence: int = 1, kind: Phase = Phase.ACTIONS, kept: object = None) -> StepRecord:
    result = StepResult(index, "actions", "A", "wait", Status.PASSED, started_at="2030-03-17T17:46:40.000Z")
    return StepRecord(kind, index, sequence, Directive(Next.SUCCEEDED), result, kept)


def test_a_run_is_kept_with_its_plan_and_the_first_one_stays(run: RunStore) -> None:
    run.create(RunRecord("run-1", "another", "local", RUN.started_at, 0), PLAN)

    assert run.run("run-1") == RUN
    assert run.plan("run-1") == PLAN


def test_an_unknown_run_is_not_found(store: RunStore) -> None:
    with pytest.raises(NotFoundError, match="run-2"):
        store.run("run-2")


def test_begin_notes_the_step_and_registers_its_clean_up(run: RunStore) -> None:
    begun = run.begin("run-1", 0, 1, NOW, (7, 8))

    assert isinstance(begun, RunRecord)
    assert begun.ledger == (4, 7, 8)
    assert begun.started["0"].sequence == 1
    assert run.run("run-1") == begun


def inverse(index: int = 100_000, size: int = 10) -> RecordedCompensation:
    item = {"id": "7", "price": Decimal("1.50"), "text": "{{ x }}" * size}
    step = Step(index, "A.restore", "dynamodb", params={"operation": "put_item", "item": item}, rendered=True)
    return RecordedCompensation(step, "hash", ("secret",))


@pytest.mark.parametrize("size", [10, 10_000])
def test_an_inverse_is_kept_exactly_and_once(run: RunStore, size: int) -> None:
    assert run.register("run-1", inverse(size=size))
    assert run.register("run-1", inverse(size=size))

    assert run.run("run-1").ledger == (4, 100_000)
    assert run.run("run-1").recorded == {"100000": inverse(size=size)}


def test_nothing_is_registered_in_a_closed_run(run: RunStore) -> None:
    run.close("run-1")

    assert not run.register("run-1", inverse())
    assert run.run("run-1").ledger == (4,)


def test_a_later_call_of_a_step_keeps_its_first_time(run: RunStore) -> None:
    first = run.begin("run-1", 0, 1, NOW, ())
    second = run.begin("run-1", 0, 2, NOW + 5, ())

    assert isinstance(first, RunRecord)
    assert isinstance(second, RunRecord)
    assert second.started["0"].at == first.started["0"].at
    assert second.started["0"].sequence == 2


def test_a_call_that_was_begun_is_refused_the_second_time(run: RunStore) -> None:
    run.begin("run-1", 0, 1, NOW, (7,))

    again = run.begin("run-1", 0, 1, NOW, (7,))

    assert isinstance(again, Refused)
    assert again.reason is Refusal.DUPLICATE
    assert run.run("run-1").ledger == (4, 7)


def test_nothing_begins_after_the_deadline_or_in_a_closed_run(run: RunStore) -> None:
    late = run.begin("run-1", 0, 1, DEADLINE, ())
    run.close("run-1")
    closed = run.begin("run-1", 0, 1, NOW, ())

    assert isinstance(late, Refused)
    assert late.reason is Refusal.DEADLINE
    assert isinstance(closed, Refused)
    assert closed.reason is Refusal.CLOSED


def test_finish_keeps_the_record_and_what_was_captured_exactly(run: RunStore) -> None:
    price = Decimal("12345678901234567890.123456789")
    kept = {"price": price, "text": "ä{{ x }}"}

    run.finish("run-1", record(kept=kept), {"price": price, "big": "x" * 50_000}, None)

    assert run.record("run-1", Phase.ACTIONS, 0) == record(kept=kept)
    assert run.run("run-1").context == {"price": price, "big": "x" * 50_000}
    assert run.run("run-1").state is RunState.OPEN


@pytest.mark.parametrize("size", [1, 100_000])
def test_computed_values_are_kept_before_the_step_has_a_record(run: RunStore, size: int) -> None:
    values = {"total": Decimal("13.70"), "key": "k" * size}
    run.compute("run-1", values, ("$['key']",))

    assert run.run("run-1").context == values
    assert run.run("run-1").hidden == ("$['key']",)
    assert run.records("run-1") == ()


def test_where_secrets_were_captured_is_known_from_then_on(run: RunStore) -> None:
    for number, paths in enumerate((("$['a']['token']", "$['b']"), ("$['b']", "$['c'][0]", "$['d']['\udfaa']"))):
        told = replace(record(number), hidden=paths)
        run.finish("run-1", told, {"a": {"token": "x"}, "b": "y", "c": ["z"]}, None)
    assert set(run.run("run-1").hidden) == {"$['a']['token']", "$['b']", "$['c'][0]", "$['d']['\udfaa']"}


def test_secret_variables_are_part_of_the_run(store: RunStore) -> None:
    given = SecretInputs({"password": {"inner": Decimal("1.50")}}, {"TOKEN": "t"}, ("1.50", "t"))
    store.create(replace(RUN, given=given), PLAN)
    assert store.run("run-1").given == given


def test_secret_variables_wait_for_the_run_that_is_started(runs: DynamoRunStore) -> None:
    aws = AwsClients()
    with pytest.raises(NotFoundError):
        secret_variables.take(aws, TABLE, "run-1")
    secret_variables.give(aws, TABLE, "run-1", SecretInputs({"password": "p"}, {}), NOW)
    assert secret_variables.take(aws, TABLE, "run-1") == SecretInputs({"password": "p"}, {})
    assert list(runs.items("run-1")) == []


def test_the_first_verdict_stays(run: RunStore) -> None:
    run.finish("run-1", record(), {}, Closing(RunStatus.FAILED, ERROR))
    run.finish("run-1", record(1), {}, Closing(RunStatus.ERROR, ErrorInfo("other", "later")))
    closed = run.close("run-1", Closing(RunStatus.PASSED))

    assert (closed.state, closed.verdict, closed.error) == (RunState.CLOSING, RunStatus.FAILED, ERROR)


def test_an_error_that_comes_after_a_verdict_is_not_told(run: RunStore) -> None:
    run.close("run-1", Closing(RunStatus.PASSED))
    closed = run.close("run-1", Closing(RunStatus.CANCELLED, ERROR))

    assert (closed.verdict, closed.error) == (RunStatus.PASSED, None)
    assert run.run("run-1").error is None


def test_closing_keeps_the_final_assertions(run: RunStore) -> None:
    check = AssertionResult(False, "equals", "$.a", expected=1, actual=Decimal("1.5"))

    run.close("run-1", Closing(RunStatus.FAILED), (check,))

    assert run.run("run-1").assertions == (check,)


def test_what_a_suite_cached_is_good_until_its_time(run: RunStore) -> None:
    run.cache("s", "login", {"token": "t", "n": Decimal("1.5")}, NOW + 10)

    assert run.cached("s", "login", NOW) == {"token": "t", "n": Decimal("1.5")}
    assert run.cached("s", "login", NOW + 10) is None
    assert run.cached("other", "login", NOW) is None


def ended() -> RunResult:
    return RunResult("run-1", "orders", RunStatus.PASSED, "local", RUN.started_at, RUN.started_at, 1.0)


def test_a_run_that_is_over_stays_so_and_keeps_its_report(run: RunStore) -> None:
    run.close("run-1", Closing(RunStatus.PASSED))
    run.end(ended())

    run.close("run-1", Closing(RunStatus.ERROR, ERROR))
    run.finish("run-1", record(), {"late": 1}, Closing(RunStatus.ERROR, ERROR))

    assert (run.run("run-1").state, run.run("run-1").verdict) == (RunState.CLOSED, RunStatus.PASSED)
    assert run.report("run-1") == ended()


def test_whoever_takes_over_is_known(run: RunStore) -> None:
    assert run.take_over("run-1", "rule").cleaner == "rule"
    assert run.take_over("run-1", "sweep") == run.run("run-1")
    assert run.run("run-1").cleaner == "sweep"


def test_a_clean_up_that_passed_stays_whatever_comes_later(run: RunStore) -> None:
    passed = record(kind=Phase.CLEANUP)
    later = replace(record(kind=Phase.CLEANUP, sequence=2), result=replace(passed.result, status=Status.ERROR))

    run.finish("run-1", passed, {}, None)
    run.finish("run-1", later, {}, None)

    assert run.record("run-1", Phase.CLEANUP, 0) == passed


def test_the_newest_call_of_a_step_is_timed(run: RunStore) -> None:
    run.begin("run-1", 0, 1, NOW, ())
    second = run.begin("run-1", 0, 2, NOW + 5, ())

    assert isinstance(second, RunRecord)
    assert (second.started["0"].at, second.started["0"].latest) == (
        "2030-03-17T17:46:40.000Z",
        "2030-03-17T17:46:45.000Z",
    )


def test_open_runs_are_those_whose_lease_has_ended_and_that_are_not_over(run: RunStore) -> None:
    if not isinstance(run, DynamoRunStore):
        return
    assert list(run.open_runs(DEADLINE)) == []
    assert list(run.open_runs(DEADLINE + 60)) == list(run.open_runs()) == ["run-1"]

    run.end(ended())

    assert list(run.open_runs()) == []
    assert run.left_behind("run-1") == 0

    failed = StepResult(0, "cleanup", "Undo", "dynamodb", Status.ERROR)
    left = CleanupResult(CleanupVerdict.LEFT_BEHIND, (failed,), (LeftBehind("Undo", "dynamodb", {}, "refused"),))
    run.end(replace(ended(), cleanup=left))

    assert list(run.open_runs()) == ["run-1"]
    assert list(run.open_runs(DEADLINE + 10**9)) == []
    assert run.left_behind("run-1") == 1


def test_records_come_actions_first(run: RunStore) -> None:
    for each in (record(0, kind=Phase.CLEANUP), record(11), record(2)):
        run.finish("run-1", each, {}, None)

    told = [(each.kind, each.index) for each in run.records("run-1")]

    assert told == [(Phase.ACTIONS, 2), (Phase.ACTIONS, 11), (Phase.CLEANUP, 0)]


def test_a_record_larger_than_an_item_is_kept_whole(run: RunStore) -> None:
    large = record(kept={"body": "y" * 500_000})

    run.finish("run-1", large, {}, None)

    assert run.record("run-1", Phase.ACTIONS, 0) == large


def test_a_run_that_is_over_is_in_the_history_once(runs: DynamoRunStore) -> None:
    history = RunHistory(AwsClients(), TABLE)
    runs.create(RUN, PLAN)
    result = RunResult("run-1", "orders", RunStatus.FAILED, "local", RUN.started_at, RUN.started_at, 1.5)
    runs.end(result)
    runs.end(replace(result, finished_at="2030-03-17T18:00:00.000Z"))

    assert history.of("orders") == history.newest() == [HistoryEntry.of(result)]
    assert list(runs.open_runs()) == []


def test_what_is_forgotten_stays_so(run: RunStore) -> None:
    assert not run.run("run-1").forgotten

    assert run.forget("run-1").forgotten
    assert run.forget("run-1").forgotten
    assert run.run("run-1").forgotten


def test_nothing_of_an_unknown_run_is_forgotten(store: RunStore) -> None:
    with pytest.raises(NotFoundError, match="run-2"):
        store.forget("run-2")


def test_a_step_that_is_called_again_registers_its_clean_up_once(run: RunStore) -> None:
    run.begin("run-1", 0, 1, NOW, (7,))
    run.begin("run-1", 0, 2, NOW, (7,))

    assert run.run("run-1").ledger == (4, 7)


def test_turns_come_one_after_the_other_and_none_is_taken_that_comes_too_late(store: RunStore) -> None:
    assert [store.take_turn("http#api", 0.5, NOW, 1.0) for _ in range(4)] == pytest.approx([0, 0.5, 1.0, 1.5])
    assert store.take_turn("http#api", 0.5, NOW, 1.0) == pytest.approx(1.5)
    assert store.take_turn("http#other", 0.5, NOW, 1.0) == 0
    assert store.take_turn("http#api", 0.5, NOW + 1.2, 1.0) == pytest.approx(0.3)
    assert store.take_turn("http#api", 0.5, NOW + 60, 1.0) == 0


def test_a_run_that_is_held_has_a_report_and_is_not_over(store: RunStore) -> None:
    store.create(replace(RUN, hold=True), PLAN)
    assert store.close("run-1", Closing(RunStatus.PASSED)).is_held

    store.hold(RunResult("run-1", "orders", RunStatus.PASSED, "local", RUN.started_at, RUN.started_at, 0.0))

    assert store.report("run-1").status is RunStatus.PASSED
    assert store.run("run-1").state is RunState.CLOSING
    assert store.run("run-1").is_held
    assert not store.take_over("run-1", "awsit run").is_held


def test_one_run_at_a_time_computes_what_a_suite_caches(runs: DynamoRunStore) -> None:
    def claim(owner: str, at: float) -> float:
        return runs.claim("suite", "key", owner, NOW + at, NOW + at + 30)

    assert claim("a", 0) == 0.0
    assert claim("b", 12) == 12.0
    assert claim("a", 20) == 0.0  # a call that is repeated, which goes on for longer
    assert claim("b", 49) > 0.0
    assert claim("b", 50) == 0.0  # a has died

    runs.release_claim("suite", "key", "a")
    assert claim("a", 51) > 0.0
    runs.release_claim("suite", "key", "b")
    assert claim("a", 51) == 0.0

    assert runs.cached("suite", "key", NOW + 52) is None
    runs.cache("suite", "key", {"token": 1}, NOW + 60)
    assert claim("b", 53) > 0.0
    assert runs.cached("suite", "key", NOW + 53) == {"token": 1}
    assert claim("b", 60) == 0.0
    assert runs.cached("suite", "key", NOW + 61) is None
