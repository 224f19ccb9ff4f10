"""When a trace is complete, what is missing when it is not, and which part of it is the run's."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.unit.actions.trace import recorded
from tests.unit.actions.trace.recorded import (
    HEADERS,
    NOTHING,
    RUN_ID,
    TRACE,
    api,
    function,
    page,
    payment,
    segment,
    service,
    span,
    whole,
)

from awsit.actions.registry import dispatch_action
from awsit.actions.trace.action import LOOK_SECONDS, TraceAction
from awsit.errors import ErrorKind
from awsit.model.action.abilities import Resumptions
from awsit.model.action.call import Kept
from awsit.model.action.protocol import Summary
from awsit.model.permissions import AwsLocation, Permission
from awsit.model.text.trace import trace_headers

OTHER = "1-5880168b-000000000000000000000001"
WITHIN = 60.0


class Looks:
    """The looks of one step, each two seconds after the one before."""

    def __init__(self, bench: Any, params: dict[str, Any], *answers: Any) -> None:
        bench.script(batch_get_traces=list(answers))
        self._bench, self._params, self._kept = bench, params, None
        self.elapsed = 0.0

    def look(self, **more: Any) -> Any:
        kept, elapsed = Kept((), self._kept), self.elapsed
        context = self._bench.context(RUN_ID, trace_headers=HEADERS, kept=kept, elapsed_seconds=elapsed, **more)
        done = dispatch_action("trace", self._params, context)
        self._kept = self._kept if done.keeps is None else done.keeps
        self.elapsed += done.resume_after_seconds or 0.0
        return done

    def until_done(self, **more: Any) -> Any:
        done = self.look(**more)
        while done.resume_after_seconds is not None:
            done = self.look(**more)
        return done


def test_a_trace_is_complete_when_nothing_new_has_come_for_a_while(bench: Any) -> None:
    looks = Looks(bench, {}, NOTHING, page([api()]), page([api(), service()]), *[page(whole())] * 4)

    done = looks.until_done()

    assert (done.failure, looks.elapsed) == (None, 6 + 3 * LOOK_SECONDS)
    assert done.result["trace_id"] == TRACE
    assert [each["name"] for each in done.result["services"]] == [
        "orders/prod",
        "PlaceOrder",
        "orders",
        "placed",
        "payments.test",
    ]
    assert (done.result["segments"], done.result["truncated"]) == (4, False)
    assert done.keeps == {}, "a later attempt begins anew"
    assert bench.client.calls[0] == ("batch_get_traces", {"TraceIds": [TRACE]})


def test_without_a_time_to_settle_one_look_may_do(bench: Any) -> None:
    done = Looks(bench, {"settle_seconds": 0}, page(whole())).look()
    assert (done.failure, done.resume_after_seconds, done.keeps) == (None, None, None)


@pytest.mark.parametrize(
    ("documents", "missing"),
    [
        ([api(), segment(3, "PlaceOrder", 0.2, None, under=2)], "still in progress is PlaceOrder"),
        ([api(), service(), function(span(70, "## load", 0.2, None))], "still in progress is ## load"),
        ([api(), service(), function(payment(traced=True))], "no segment came of payments.test"),
    ],
)
def test_a_trace_with_parts_to_come_is_not_complete(bench: Any, documents: list[Any], missing: str) -> None:
    looks = Looks(bench, {"settle_seconds": 0}, *[page(documents)] * 40)

    done = looks.until_done()

    assert (done.failure, done.failure_code) == (f"after 60 s, the trace is not complete: {missing}", "not_complete")
    assert looks.elapsed == WITHIN
    assert done.result["services"], "what has come is in the result"


def test_a_trace_that_goes_on_changing_is_not_complete(bench: Any) -> None:
    pages = [
        page([api(), *(segment(100 + each, f"s{each}", under=1) for each in range(number))]) for number in range(40)
    ]
    done = Looks(bench, {}, *pages).until_done()
    assert done.failure == "after 60 s, the trace is not complete: parts of it still came"


def test_it_waits_for_what_it_visits_and_then_says_what_is_missing(bench: Any) -> None:
    params = {"visits": ["orders/prod", "PlaceOrder", "order"], "settle_seconds": 0}
    assert Looks(bench, params | {"visits": ["placed"]}, page([api()]), page(whole())).until_done().failure is None

    looks = Looks(bench, params, *[page(whole())] * 40)
    done = looks.until_done()

    assert done.failure == "after 60 s, the trace does not visit 'order'; did you mean `orders`?"
    assert (done.failure_code, looks.elapsed) == ("not_visited", WITHIN)


def test_a_trace_that_never_comes_says_what_to_switch_on(bench: Any) -> None:
    done = Looks(bench, {"within_seconds": 3}, *[NOTHING] * 5).until_done()
    assert done.failure == (
        f"after 3 s, X-Ray has nothing of trace {TRACE}: services record it in their own region, when tracing is on "
        "(`Tracing: Active` of functions, `TracingEnabled` of stages of REST APIs), and X-Ray does not find it where "
        "CloudWatch Transaction Search is on"
    )
    assert (done.failure_code, done.result["services"]) == ("not_recorded", [])


def test_the_time_of_the_step_bounds_it_too(bench: Any) -> None:
    looks = Looks(bench, {}, NOTHING)
    assert looks.look(patience_seconds=0.0).failure_code == "not_recorded"


def test_only_what_calls_of_the_run_caused_is_the_runs(bench: Any) -> None:
    own = segment(200, "awsit-test-flow", 0, None, origin="AWS::StepFunctions::StateMachine")
    task = segment(201, "awsit-invoker", under=200, origin="AWS::Lambda::Function")
    of_other_run = segment(202, "orders", under=trace_headers(TRACE, "run-2", 1)["traceparent"].split("-")[2])
    at_once = {"settle_seconds": 0}

    done = Looks(bench, at_once, page([own, task, of_other_run, *whole()])).look()
    assert done.result == Looks(bench, at_once, page(whole())).look().result

    nothing = Looks(bench, {"within_seconds": 1}, *[page([own, task])] * 2).until_done()
    assert nothing.failure.startswith(
        f"after 1 s, X-Ray has only 2 spans that no call of the run caused of trace {TRACE}"
    )


@pytest.mark.parametrize("given", [OTHER, f"Root={OTHER};Parent=53995c3f42cd8ad8;Sampled=1", f"Self=1-a;Root={OTHER}"])
def test_another_trace_is_read_as_a_whole(bench: Any, given: str) -> None:
    answer = page([segment(1, "worker")])
    bench.script(batch_get_traces=[{"Traces": [{**answer["Traces"][0], "Id": OTHER}]}])

    done = bench.run("trace", {"trace_id": given, "settle_seconds": 0})

    assert [each["name"] for each in done.result["services"]] == ["worker"]
    assert bench.client.calls == [("batch_get_traces", {"TraceIds": [OTHER]})]
    assert done.request["trace_id"] == OTHER


def test_all_pages_are_one_trace(bench: Any) -> None:
    first, second = page(whole()[:2], NextToken="more"), page(whole()[2:])
    done = Looks(bench, {"settle_seconds": 0, "visits": ["orders/prod", "orders"]}, first, second).look()
    assert (done.failure, done.result["segments"]) == (None, 4)
    assert [call["NextToken"] for _, call in bench.client.calls[1:]] == ["more"]


def test_pages_that_do_not_end_are_out_of_time(bench: Any) -> None:
    bench.script(batch_get_traces=[page([], NextToken="more")] * 100)
    ticks = iter(range(1000))
    bench.clock.monotonic = lambda: float(next(ticks))

    error = bench.refused("trace", {}, trace_headers=HEADERS, timeout_seconds=5.0)

    assert (error.kind, error.message) == (ErrorKind.TIMEOUT, f"trace {TRACE}: not all of it was read in time")


@pytest.mark.parametrize(
    "answer",
    [page([*whole(), "no document"]), page(whole(), trace={"LimitExceeded": True})],
    ids=["unread", "too large"],
)
def test_a_trace_of_which_a_part_is_missing_says_so(bench: Any, answer: Any) -> None:
    assert Looks(bench, {"settle_seconds": 0}, answer).look().result["truncated"] is True
    done = Looks(bench, {"visits": ["mail"], "within_seconds": 1}, answer, answer).until_done()
    assert done.failure.endswith("; X-Ray does not have the whole trace (`truncated`)")


def test_a_run_without_a_trace_is_told_why(bench: Any) -> None:
    error = bench.refused("trace", {})
    assert (error.kind, error.message) == (ErrorKind.VALIDATION, "the run has no trace of its own")
    assert "`trace: false`" in error.hint


def test_what_the_service_refuses_names_the_trace(bench: Any, errors: Any) -> None:
    bench.script(batch_get_traces=[errors.service("AccessDeniedException", "not authorized")])
    error = bench.refused("trace", {}, trace_headers=HEADERS)
    assert (error.message, error.service_code) == (f"read trace {TRACE}: not authorized", "AccessDeniedException")


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"trace_id": "5759e988bd862e3fe1be46a994272793"}, "must be an ID such as 1-5759e988-bd862e3fe1be46a994272793"),
        ({"trace_id": "1-5759e988-bd862e3fe1be46a994272793ab"}, "must be an ID such as"),
        ({"trace_id": "11-5759e988-bd862e3fe1be46a994272793"}, "must be an ID such as"),
        ({"trace_id": 1}, "`trace_id` must be text, not 1"),
        ({"visits": "PlaceOrder"}, "`visits` must be a list"),
        ({"visits": [""]}, "`visits[0]` must not be empty"),
        ({"within_seconds": 0}, "`within_seconds` must be"),
        ({"settle": 1}, "unknown key `settle`; did you mean `settle_seconds`?"),
    ],
)
def test_wrong_params_are_refused(bench: Any, params: Any, message: str) -> None:
    assert message in bench.refused("trace", params, trace_headers=HEADERS).message


@pytest.mark.parametrize(
    ("params", "text", "looks"),
    [
        ({}, "read the trace", 30),
        ({"trace_id": OTHER, "within_seconds": Decimal("3.5")}, f"read the trace {OTHER}", 2),
        ({"visits": ["orders/prod", "{{ vars.x }}"]}, "read the trace, which visits orders/prod → {{ vars.x }}", 30),
        ({"visits": "{{ vars.all }}", "within_seconds": "{{ x }}"}, "read the trace, which visits {{ vars.all }}", 1),
    ],
)
def test_what_plan_says_of_it(params: Any, text: str, looks: int) -> None:
    action = TraceAction()
    assert action.summary(params) == Summary(text, others=(("service", "X-Ray"),))
    assert action.resumptions(params) == Resumptions(looks, LOOK_SECONDS, polls=True)
    here = AwsLocation("aws", "eu-west-1", "123456789012")
    assert action.permissions(params, here).permissions == (Permission("xray:BatchGetTraces", "*"),)


def test_a_large_trace_is_read_in_time_that_grows_with_it(bench: Any) -> None:
    chain = [segment(number, f"s{number}", under=number - 1) for number in range(2, 1500)]
    done = Looks(bench, {"settle_seconds": 0}, page([segment(1, "s1", under=recorded.CALL), *chain])).look()
    assert len(done.result["edges"]) == 1498
