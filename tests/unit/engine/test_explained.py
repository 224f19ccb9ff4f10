"""Failures that come with evidence: when it is looked for, for what, and that nothing ever waits or fails for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event as Signal
from types import SimpleNamespace
from typing import Any

import pytest
from tests.unit.engine.world import RUN_ID, NoAws, World, answer

from awsit.diagnosis.inquiry import Inquiry
from awsit.engine.explained import SLACK, ExplainedEngine
from awsit.engine.local import LocalEngine
from awsit.errors import EnvironmentFailure
from awsit.model.events import Event, RunFinished
from awsit.model.evidence import Evidence, EvidenceKind
from awsit.model.json import Json
from awsit.model.result import RunResult, RunStatus
from awsit.model.run import RunRequest
from awsit.scenario.reading.load import load_text
from awsit.system.clock import FakeClock, SystemClock, parse_iso

ERROR = Evidence(EvidenceKind.FUNCTION_ERROR, "function worker", "KeyError: 'id'")
POLLS = """
name: order_is_stored
actions:
  - {name: Create, type: http_call, params: {url: "http://api.test/orders", method: POST}}
  - name: Stored
    type: http_call
    params: {url: "{{ stack('shop').Url }}/orders"}
    until: {assert: [{path: $.body.stored, equals: true}], timeout_seconds: 1, interval_seconds: 1}
"""
CALLS = """
name: price
actions:
  - {name: Price, type: http_call, params: {url: "{{ stack('shop').Url }}/price", method: PUT, expected_status: 200}}
"""
URL = "http://api.test"
REQUEST_ID, TRACE_ID = "8f507cfc-aaaa-4697-b07a-ac58fc914c95", "1-58406520-a006649127e371903a2de979"


@dataclass
class FakeEvidence:
    """A source of `evidence` that keeps what it was asked."""

    evidence: Sequence[Evidence] = (ERROR,)
    error: Exception | None = None
    inquiries: list[Inquiry] = field(default_factory=list)

    def read(self, inquiry: Inquiry, seconds: float, emit: Callable[[Evidence], None]) -> None:
        assert seconds <= 5.0
        self.inquiries.append(inquiry)
        for each in self.evidence:
            emit(each)
        if self.error:
            raise self.error


def request(text: str) -> RunRequest:
    return RunRequest(RUN_ID, "scenario", load_text(text, "scenario.yaml").document)


def run(world: World, text: str, source: FakeEvidence) -> RunResult:
    def make() -> FakeEvidence:
        return source

    engine = ExplainedEngine(LocalEngine(world.services), make, FakeClock())
    events: list[Event] = []
    engine.follow(engine.start(request(text)), events.append)
    last = events[-1]
    assert isinstance(last, RunFinished)
    return last.result


def world_of(*answers: object) -> World:
    return World(*answers, shop={"Url": URL})


def test_a_poll_that_ends_without_success_has_the_evidence_of_its_stacks() -> None:
    source = FakeEvidence()

    result = run(world_of(answer(201), *[answer(200, {})] * 5), POLLS, source)

    assert [step.evidence for step in result.steps] == [(), (ERROR,)]
    since = parse_iso(result.started_at) - SLACK
    assert source.inquiries == [Inquiry(("shop",), since, runs=frozenset({RUN_ID}))]


def test_a_single_request_asks_for_what_is_behind_its_url_at_that_time() -> None:
    source = FakeEvidence()

    result = run(world_of(answer(500)), CALLS, source)

    since = parse_iso(result.steps[0].started_at) - SLACK
    assert source.inquiries == [Inquiry(("shop",), since, f"{URL}/price", "PUT", runs=frozenset({RUN_ID}))]
    assert timedelta(0) < SLACK < timedelta(seconds=10)


def test_what_a_step_sent_and_what_its_answer_tells_bounds_what_is_of_interest() -> None:
    source, setup = FakeEvidence(), RUN_ID[:-1] + "Z"
    headers = {"X-Amzn-RequestId": REQUEST_ID, "X-Amzn-Trace-Id": f"Root={TRACE_ID};Parent=463ac35c9f6413ad;Sampled=1"}

    run(world_of(answer(500, **headers)), CALLS.replace("/price", f"/price?of={setup}"), source)

    (inquiry,) = source.inquiries
    assert inquiry.runs == {RUN_ID, setup}
    assert inquiry.requests == {REQUEST_ID, TRACE_ID}


def test_nothing_is_asked_for_a_run_that_passed() -> None:
    source = FakeEvidence()

    assert run(world_of(answer(200)), CALLS, source).status is RunStatus.PASSED
    assert source.inquiries == []


def test_nothing_is_asked_for_a_scenario_that_names_no_stack() -> None:
    source = FakeEvidence()

    run(world_of(answer(500)), CALLS.replace("{{ stack('shop').Url }}", URL), source)

    assert source.inquiries == []


def test_nothing_is_asked_where_one_answer_is_not_what_was_expected() -> None:
    source = FakeEvidence()
    text = """
name: compared
variables: {url: "{{ stack('shop').Url }}"}
actions:
  - name: Read
    type: aws_api
    params: {service: sqs, operation: list_queues}
    assert: [{path: $.QueueUrls, length: 1}]
"""

    class Queues(NoAws):
        def client(self, service: str) -> Any:
            return SimpleNamespace(list_queues=lambda **_: {"QueueUrls": []})

    result = run(World(shop={"Url": URL}, aws=Queues()), text, source)

    assert result.status is RunStatus.FAILED
    assert source.inquiries == []


def test_nothing_is_asked_where_the_scenario_is_wrong() -> None:
    source = FakeEvidence()

    result = run(world_of(answer(200)), CALLS.replace("/price", "/{{ context.price | int }}"), source)

    assert result.status is RunStatus.ERROR
    assert source.inquiries == []


@pytest.mark.parametrize("error", [RuntimeError("a bug"), EnvironmentFailure("no network")])
def test_whatever_is_wrong_with_the_evidence_the_result_stands(error: Exception) -> None:
    result = run(world_of(answer(500)), CALLS, FakeEvidence((), error))

    assert result.status is RunStatus.FAILED
    assert [each.text for each in result.steps[0].evidence] == (["no network"] if error.args == ("no network",) else [])


def test_evidence_is_masked_as_the_run_is() -> None:
    leak = Evidence(EvidenceKind.FUNCTION_ERROR, "function worker", "bad token open-sesame for hush-hush")
    text = CALLS.replace("method: PUT", "method: PUT, headers: {x-token: \"{{ secret('key') }}{{ vars.password }}\"}")
    world = World(answer(500), shop={"Url": URL}, secrets={"key": "open-sesame"})

    result = run(world, text + "variables: {password: hush-hush}\n", FakeEvidence((leak,)))

    assert [each.text for each in result.steps[0].evidence] == ["bad token *** for ***"]


def test_a_secret_that_cannot_be_read_cannot_be_masked_so_nothing_is_looked_for() -> None:
    source = FakeEvidence()
    text = CALLS.replace("method: PUT", "method: \"{{ secret('key') if false else 'PUT' }}\"")

    result = run(world_of(answer(500)), text, source)

    assert source.inquiries == []
    assert [(str(each.kind), each.text) for each in result.steps[0].evidence] == [
        ("not_read", "there is no secret key")
    ]


@pytest.mark.parametrize(("place", "seen"), [("", ({"Source": "shop"},)), ("at: {region: eu-north-1}", ())])
def test_events_that_the_scenario_put_here_are_handed_over(place: str, seen: tuple[Json, ...]) -> None:
    source = FakeEvidence()
    put = """
name: announced
actions:
  - name: Put
    type: aws_api
    params: {service: events, operation: put_events, params: {Entries: [{Source: shop}]}}
  - name: Stored
    type: http_call
    params: {url: "{{ stack('shop').Url }}/orders"}
    until: {assert: [{path: $.body.stored, equals: true}], timeout_seconds: 1, interval_seconds: 1}
"""

    class Events(NoAws):
        def client(self, service: str) -> Any:
            return SimpleNamespace(put_events=lambda **_: {"FailedEntryCount": 0})

    world = World(*[answer(200, {})] * 5, shop={"Url": URL}, aws=Events(), aws_at=lambda _: Events())

    run(world, put.replace("type: aws_api\n", f"type: aws_api\n    {place}\n"), source)

    assert source.inquiries[0].events == seen


@pytest.mark.parametrize(("seen", "shown"), [([ERROR], ["KeyError: 'id'"]), ([], ["the stacks: no answer in time"])])
def test_the_clean_up_does_not_wait_and_the_result_not_for_long(
    monkeypatch: pytest.MonkeyPatch, seen: Sequence[Evidence], shown: Sequence[str]
) -> None:
    never = Signal()
    monkeypatch.setattr("awsit.engine.explained.SECONDS", 0.1)

    class Hanging(FakeEvidence):
        def read(self, inquiry: Inquiry, seconds: float, emit: Callable[[Evidence], None]) -> None:
            for each in seen:
                emit(each)
            never.wait(10)

    world = world_of(answer(500), answer(204))
    cleaned = CALLS + "cleanup: [{name: Reset, type: http_call, params: {url: 'http://api.test/reset'}}]\n"
    source = Hanging()
    engine = ExplainedEngine(LocalEngine(world.services), lambda: source, SystemClock())
    events: list[Event] = []

    engine.follow(engine.start(request(cleaned)), events.append)
    never.set()

    assert isinstance(events[-1], RunFinished)
    assert [each.text for each in events[-1].result.steps[0].evidence] == shown
    assert world.urls[-1] == "GET http://api.test/reset"
