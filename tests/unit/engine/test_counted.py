"""Runs that are counted, by what the engine records of each attempt; and that no run fails for it."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.unit.engine.world import RUN_ID, World, answer

from awsit.engine.counted import CountedEngine
from awsit.engine.local import LocalEngine
from awsit.errors import AccessDeniedError, EnvironmentFailure
from awsit.metrics.measurements import measure
from awsit.model.events import Event, RunFinished
from awsit.model.result import RunResult
from awsit.model.run import RunRequest
from awsit.scenario.reading.load import load_text

SCENARIO = """
name: orders
actions:
  - name: Retried
    type: http_call
    params: {url: "http://api.test/orders", expected_status: 200}
    retry: {max_attempts: 3, retry_on: ["429", "503"]}
  - name: Polled
    type: http_call
    params: {url: "http://api.test/orders"}
    until: {assert: [{path: $.body.stored, equals: true}], timeout_seconds: 9, interval_seconds: 1}
  - {name: Login, type: http_call, cache_seconds: 60, params: {url: "http://api.test/login"}}
  - {name: Again, type: http_call, cache_seconds: 60, params: {url: "http://api.test/login"}}
  - name: Checked
    type: http_call
    params: {url: "http://api.test/orders"}
    assert: [{path: $.status, equals: 201}]
"""
ANSWERS = (answer(429), answer(503), answer(), answer(200, {"stored": False}), answer(200, {"stored": True}))


@dataclass
class Counter:
    error: Exception | None = None
    calls: int = 0
    values: dict[str, float] = field(default_factory=dict)

    def count(self, result: RunResult) -> None:
        self.calls += 1
        if self.error:
            raise self.error
        self.values |= {each.metric.name: sum(each.values) for each in measure(result, "shop")}


def counted(world: World, counter: Counter) -> CountedEngine:
    return CountedEngine(LocalEngine(world.services), lambda: counter)


def follow(engine: CountedEngine, run_id: str = RUN_ID) -> RunResult:
    request = RunRequest(run_id, "orders", load_text(SCENARIO, "orders.yaml").document, suite="suite")
    events: list[Event] = []
    engine.follow(engine.start(request), events.append)
    last = events[-1]
    assert isinstance(last, RunFinished)
    return last.result


def test_a_run_is_counted_as_it_was() -> None:
    counter = Counter()
    follow(counted(World(*ANSWERS, answer(), answer()), counter))

    counts = {
        name: number for name, number in counter.values.items() if name not in {"Duration", "Latency", "Concurrency"}
    }
    assert counts == {
        "Runs": 1,
        "RunsNotPassed": 1,
        "RunsFailed": 1,
        "RunErrors": 0,
        "RunsTimedOut": 0,
        "RunsCancelled": 0,
        "LeftBehind": 0,
        "CacheHits": 1,
        "Attempts": 8,
        "FailedAttempts": 3,
        "Retries": 2,
        "Throttles": 1,
    }


def test_a_run_that_could_not_be_counted_is_what_it_is_and_says_so() -> None:
    denied = AccessDeniedError("cloudwatch:PutMetricData is denied", hint="allow it")

    result = follow(counted(World(*ANSWERS, answer(), answer(201)), Counter(denied)))

    (warning,) = result.warnings
    assert (result.status, warning.code, warning.hint) == ("passed", "not_counted", "allow it")
    assert warning.message == "not counted in CloudWatch: cloudwatch:PutMetricData is denied"


def test_after_a_run_that_could_not_be_counted_none_waits_to_be_counted() -> None:
    counter = Counter(EnvironmentFailure("write metrics: no answer"))
    engine = counted(World(*ANSWERS, answer(), answer(201), *ANSWERS, answer(201)), counter)

    results = [follow(engine), follow(engine, RUN_ID[:-1] + "1")]

    assert counter.calls == 1
    assert [[each.message for each in result.warnings] for result in results] == [
        ["not counted in CloudWatch: write metrics: no answer"]
    ] * 2


def test_the_setup_of_a_suite_is_counted_once_when_it_is_cleaned_up() -> None:
    counter = Counter()
    engine = counted(World(answer()), counter)
    document = {"name": "suite", "actions": [{"name": "Get", "type": "http_call", "params": {"url": "http://a.test"}}]}

    engine.follow(engine.start(RunRequest(RUN_ID, "suite:a", document, hold=True)), lambda _: None)
    assert counter.calls == 0
    engine.clean_up(RUN_ID)
    assert counter.calls == 1
