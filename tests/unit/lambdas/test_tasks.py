"""What a task waits by itself, what it hands on, and what its log lines name."""

from __future__ import annotations

from typing import Any, cast

import pytest
from tests.unit.aws.fakes import FakeAws
from tests.unit.aws.stepfunctions.test_invocations import ARN, StepFunctions
from tests.unit.engine.world import RUN_ID, World, answer

from awsit.aws.stepfunctions import reserve
from awsit.aws.stepfunctions.execution import Execution
from awsit.engine.log_entry import LogEntry
from awsit.engine.run.prepare import prepare
from awsit.engine.run.verify import verify
from awsit.engine.step.retry import EXACT_WAITS
from awsit.engine.store.records import Directive, Next
from awsit.errors import AccessDeniedError
from awsit.lambdas import tasks
from awsit.lambdas.host import Host
from awsit.lambdas.tasks import MOST_TO_DO, TASKS, action_of
from awsit.model.json import dumps
from awsit.model.plan import Phase
from awsit.model.result import RunResult
from awsit.model.run import RunRequest
from awsit.records import replace
from awsit.scenario.reading.load import load_text

SCENARIO = """
name: named
actions:
  - name: Create
    type: http_call
    params: {url: "http://api.test/"}
    cleanup: [{name: Delete, type: http_call, params: {url: "http://api.test/"}}]
"""


@pytest.mark.parametrize(
    ("event", "named"),
    [
        ({"task": "execute", "index": 0, "sequence": 1}, {"action": "Create"}),
        ({"task": "cleanup", "item": {"kind": "action", "index": 0}}, {"action": "Create"}),
        ({"task": "cleanup", "item": {"kind": "cleanup", "index": 0}}, {"action": "Delete"}),
        ({"task": "cleanup", "item": {"kind": "cleanup", "index": 100_000}}, {"action": "Create"}),
        ({"task": "execute", "index": 7}, {}),
        ({"task": "report"}, {}),
    ],
)
def test_the_action_is_named(event: dict[str, Any], named: dict[str, str]) -> None:
    world = World(answer(), answer())
    world.run(SCENARIO)
    store: Any = world.store
    host = Host(world.services, world.services.aws, store, "bucket", "table")
    assert action_of(host, Execution("arn", RUN_ID), event) == named
    assert action_of(host, Execution("arn", "run-unknown"), event) == {}


class ManyEntries:
    """A store whose run has so many entries in its ledger that their list is no payload."""

    def __init__(self, world: World, number: int) -> None:
        self._store = world.store
        self.ledger = tuple(range(100_000, 100_000 + number))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def close(self, *arguments: Any) -> Any:
        return replace(self._store.close(*arguments), ledger=self.ledger)


def test_what_is_to_be_undone_fits_into_a_payload_and_the_rest_is_left_to_another_execution() -> None:
    world = World(answer(), answer())
    world.run(SCENARIO)
    store: Any = ManyEntries(world, 20_000)
    host = Host(replace(world.services, store=store), world.services.aws, store, "bucket", "table")
    execution = Execution(f"arn:aws:states:eu-west-1:123456789012:execution:awsit-test-flow:{RUN_ID}", RUN_ID)

    told: Any = TASKS["verify"](host, execution, {})

    assert len(dumps(told)) < 128 * 1024
    assert len(told["to_do"]) == MOST_TO_DO + 1
    last: Any = TASKS["cleanup"](host, execution, {"item": told["to_do"][-1], "sequence": 1})
    assert last["next"] == "later"


def test_the_history_is_looked_at_again_and_again_wherever_the_entries_stand_in_the_plan(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World(answer(), answer())
    world.run(SCENARIO)
    store: Any = ManyEntries(world, 0)
    store.ledger = tuple(range(0, 400, 10))
    host = Host(replace(world.services, store=store), world.services.aws, store, "bucket", "table")
    execution = Execution(f"arn:aws:states:eu-west-1:123456789012:execution:awsit-test-flow:{RUN_ID}", RUN_ID)
    monkeypatch.setattr(reserve, "used_events", lambda *_: reserve.EVENT_QUOTA)
    monkeypatch.setattr(tasks, "call_follow_up", lambda *_: Directive(Next.SUCCEEDED))

    to_do: Any = TASKS["verify"](host, execution, {})
    answers: list[Any] = [TASKS["cleanup"](host, execution, {"item": each, "sequence": 1}) for each in to_do["to_do"]]

    assert [each["next"] for each in answers].count("later") == 4


def test_what_could_not_be_undone_is_tried_again_when_somebody_asks_but_not_by_who_goes_on_with_the_clean_up() -> None:
    world = World(answer(), answer(403))
    world.run(SCENARIO)
    store: Any = world.store
    host = Host(world.services, world.services.aws, store, "bucket", "table")
    prefix = "arn:aws:states:eu-west-1:123456789012:execution:awsit-test-flow"
    name = reserve.hand_over(world.services, Execution(f"{prefix}:{RUN_ID}", RUN_ID))["name"]
    following = Execution.of({"execution": {"id": f"{prefix}:{name}", "name": name}})

    to_do: Any = TASKS["verify"](host, following, {})

    assert to_do["to_do"] == []
    asked_for = Execution.of({"execution": {"id": f"{prefix}:cleanup-{RUN_ID}-abc", "name": f"cleanup-{RUN_ID}-abc"}})
    store.take_over(RUN_ID, asked_for.cleaner)
    again: Any = TASKS["verify"](host, asked_for, {})
    assert again["to_do"] == [{"kind": "cleanup", "index": 0, "calls": 3}]


@pytest.mark.parametrize(
    ("retries", "error", "outcome"),
    [
        (0, "", "failed"),
        (1, "Sandbox.Timedout", "nothing_to_undo"),
        (1, "Lambda.TooManyRequestsException", "failed"),
    ],
)
def test_a_delete_that_finds_nothing_may_be_a_repeated_one_where_the_function_was_cut_off_but_not_where_it_did_not_run(
    retries: int, error: str, outcome: str
) -> None:
    world = World(answer(), answer(404))
    document = load_text(SCENARIO, "it.yaml").document
    prepare(world.services, RunRequest(RUN_ID, "it", document))
    store: Any = world.store
    aws: Any = FakeAws(stepfunctions=StepFunctions(error))
    host = Host(world.services, aws, store, "bucket", "table")
    execution = Execution(ARN, RUN_ID)
    TASKS["execute"](host, execution, {"index": 0, "sequence": 1})
    (item,) = cast("Any", TASKS["verify"](host, execution, {}))["to_do"]

    TASKS["cleanup"](host, execution, {"item": item, "sequence": 1, "retries": retries})

    (record,) = world.store.records(RUN_ID)[1:]
    assert record.result.outcome == outcome


RETRIED = """
name: retried
actions:
  - name: Ask
    type: http_call
    params: {url: "http://api.test/"}
    KEY
    cleanup: [{name: Delete, type: http_call, params: {url: "http://api.test/"}}]
"""
EXECUTION = Execution("arn", RUN_ID)


def prepared(key: str, status: int = 503) -> tuple[World, Host]:
    world = World(answer(status))
    services = replace(world.services, engine="stepfunctions", exact_waits=EXACT_WAITS)
    store: Any = world.store
    prepare(services, RunRequest(RUN_ID, "it", load_text(RETRIED.replace("KEY", key), "it.yaml").document))
    return world, Host(services, services.aws, store, "bucket", "table")


@pytest.mark.parametrize(("interval", "here", "state"), [(0.2, [0.2], 0), (1.0, [], 1), (2.5, [0.5], 2)])
def test_what_a_wait_state_would_round_up_is_waited_by_the_function(
    interval: float, here: list[float], state: int
) -> None:
    retry = f"{{max_attempts: 3, interval_seconds: {interval}, jitter: false, retry_on: ['503']}}"
    world, host = prepared(f"retry: {retry}")

    handed_on: Any = TASKS["execute"](host, EXECUTION, {"index": 0, "sequence": 1})

    assert (world.clock.slept, handed_on["delay_seconds"]) == (here, state)
    record = world.store.record(RUN_ID, Phase.ACTIONS, 0)
    assert record is not None
    assert record.result.attempts[0].delay_seconds == interval


def test_a_long_poll_waits_whole_seconds_in_the_end_and_says_so() -> None:
    until = "{interval_seconds: 0.2, timeout_seconds: 60, assert: [{path: $.status, equals: 200}]}"
    world, host = prepared(f"until: {until}")

    for sequence in range(1, EXACT_WAITS + 2):
        handed_on: Any = TASKS["execute"](host, EXECUTION, {"index": 0, "sequence": sequence})

    record = world.store.record(RUN_ID, Phase.ACTIONS, 0)
    assert record is not None
    assert [each.delay_seconds for each in record.result.attempts] == [0.2] * EXACT_WAITS + [1.0]
    assert (len(world.clock.slept), handed_on["delay_seconds"]) == (EXACT_WAITS, 1)


def test_a_last_look_is_waited_for_by_a_wait_state() -> None:
    world, host = prepared("timeout_seconds: 5", 404)
    world.store.begin(RUN_ID, 0, 1, world.clock.now().timestamp(), (0,))
    verify(host.services, RUN_ID)
    to_do: Any = TASKS["verify"](host, EXECUTION, {})
    first, last = to_do["to_do"]

    TASKS["cleanup"](host, EXECUTION, {"item": first, "sequence": 1})
    handed_on: Any = TASKS["cleanup"](host, EXECUTION, {"item": last, "sequence": 1})

    entry = {"kind": "cleanup", "index": 0}
    assert (first, last) == ({**entry, "first_of_two": True}, {**entry, "again": True})
    assert handed_on == {"item": last, "next": "wait", "sequence": 2, "delay_seconds": 15}
    assert world.clock.slept == []


class ToldTopic:
    """A topic that keeps which schedules' runs it was told of."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []

    def tell(self, schedule: str, result: RunResult) -> bool:
        self.told.append((schedule, result.scenario))
        return True


@pytest.fixture
def topic() -> Any:
    return ToldTopic()


def test_a_run_that_never_began_is_reported_though_there_is_a_topic(topic: Any) -> None:
    world = World()
    store: Any = world.store
    host = Host(world.services, world.services.aws, store, "bucket", "table", topic=topic)
    failure = {"failure": {"Error": "States.Timeout", "Cause": ""}}

    done: Any = TASKS["report"](host, Execution("", "run-unknown"), {"state": failure})

    assert done["status"] == "error"
    assert topic.told == []


def test_the_topic_is_told_of_a_scheduled_run_whose_scenario_cannot_be_read(topic: Any) -> None:
    world = World()
    store: Any = world.store
    host = Host(world.services, world.services.aws, store, "bucket", "table", topic=topic)
    execution = Execution("", RUN_ID)
    started_with = {"scenario": {}, "label": "orders[book]", "schedule": "orders-1"}

    TASKS["prepare"](host, execution, {"input": started_with})
    TASKS["report"](host, execution, {})

    assert topic.told == [("orders-1", "orders[book]")]


class Untellable:
    """A topic that cannot be told."""

    def tell(self, schedule: str, result: RunResult) -> bool:
        raise AccessDeniedError(f"sns:Publish is denied for {schedule}")


def test_a_topic_that_cannot_be_told_is_in_the_log_and_the_run_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    world = World(answer(200))
    document = load_text(SCENARIO, "it.yaml").document
    plan = prepare(world.services, RunRequest(RUN_ID, "it", document, schedule="orders")).plan
    verify(world.services, RUN_ID)
    lines: list[LogEntry] = []
    store: Any = world.store
    topic: Any = Untellable()
    services = replace(world.services, log=lines.append)
    host = Host(services, services.aws, store, "bucket", "table", topic=topic)

    TASKS["report"](host, Execution("", RUN_ID), {})

    assert plan.schedule == "orders"
    assert [(each.level, each.message) for each in lines][-2:] == [
        ("INFO", "run ended"),
        ("WARNING", "the topic could not be told"),
    ]
    assert lines[-1].fields == {"run_id": RUN_ID, "error": "sns:Publish is denied for orders"}
    assert '"RunsNotPassed"' in capsys.readouterr().out


class Killing:
    """A topic during whose call the function is killed."""

    def tell(self, schedule: str, result: RunResult) -> bool:
        raise SystemExit(schedule)


def test_a_run_is_counted_once_though_the_function_is_killed_after_its_report(
    capsys: pytest.CaptureFixture[str], topic: Any
) -> None:
    world = World(answer(200))
    document = load_text(SCENARIO, "it.yaml").document
    prepare(world.services, RunRequest(RUN_ID, "it", document, schedule="orders"))
    verify(world.services, RUN_ID)
    store, killing = world.store, Killing()
    host = Host(world.services, world.services.aws, cast("Any", store), "bucket", "table", topic=cast("Any", killing))

    with pytest.raises(SystemExit):
        TASKS["report"](host, Execution("", RUN_ID), {})
    TASKS["report"](replace(host, topic=topic), Execution("", RUN_ID), {})

    assert capsys.readouterr().out.count('"RunsNotPassed"') == 2  # its definition, and its value
    assert topic.told == [("orders", "it")]
