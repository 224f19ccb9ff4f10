"""Services, calls and problems of traces, from segment documents as X-Ray gives them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.unit.actions.trace import recorded
from tests.unit.actions.trace.recorded import (
    api,
    function,
    payment,
    put_item,
    segment,
    service,
    span,
    status,
    table,
    whole,
)

from awsit.actions.trace.documents import read
from awsit.actions.trace.graph import graph_of

FUNCTION = ("PlaceOrder", "AWS::Lambda::Function", 1)
CAUSE = {"exceptions": [{"id": "0000000000000abc", "type": "PaymentError", "message": "declined"}]}


def graph(*documents: Any) -> dict[str, Any]:
    spans, is_whole = read(json.dumps(each) for each in documents)
    assert is_whole
    return graph_of(spans).document()


def names(found: dict[str, Any]) -> list[tuple[str, str | None, int]]:
    return [(each["name"], each["type"], each["requests"]) for each in found["services"]]


def edges(found: dict[str, Any]) -> list[tuple[str, str, int]]:
    return [(each["from"], each["to"], each["requests"]) for each in found["edges"]]


def test_services_are_applications_and_the_resources_that_they_called() -> None:
    found = graph(*whole())

    assert names(found) == [
        ("orders/prod", "AWS::ApiGateway::Stage", 1),
        FUNCTION,
        ("orders", "AWS::DynamoDB::Table", 1),
        ("placed", "AWS::SNS", 1),
        ("payments.test", "remote", 1),
    ]
    assert edges(found) == [
        ("orders/prod", "PlaceOrder", 1),
        ("PlaceOrder", "orders", 1),
        ("PlaceOrder", "placed", 1),
        ("PlaceOrder", "payments.test", 1),
    ]
    assert [found[kind] for kind in ("errors", "faults", "throttles")] == [[], [], []]
    assert found["duration_ms"] == 1500
    assert found["services"][1]["duration_ms"] == 1200


def test_a_call_whose_inferred_segment_has_not_come_stands_for_it() -> None:
    *all_but_table, _ = whole()
    assert graph(*all_but_table) == graph(*whole())


def test_a_function_that_is_not_traced_is_known_from_its_call() -> None:
    assert names(graph(api())) == [("orders/prod", "AWS::ApiGateway::Stage", 1), FUNCTION]


def test_each_invocation_is_one_request_and_one_problem_though_lambda_sends_two_segments() -> None:
    failed = graph(api(), service(fault=True, http=None), function(fault=True, cause=CAUSE))

    assert names(failed)[1] == FUNCTION
    assert failed["services"][1]["faults"] == 1
    assert failed["faults"] == [
        {"service": "PlaceOrder", "status": None, "type": "PaymentError", "message": "declined"}
    ]


def test_an_asynchronous_invocation_hangs_on_an_attempt() -> None:
    attempts = [span(11, "Dwell Time"), span(12, "Attempt #1", http=status(200))]
    asynchronous = segment(4, "PlaceOrder", under=12, origin="AWS::Lambda::Function")

    found = graph(service(subsegments=attempts, http=status(202)), asynchronous)

    assert (names(found), edges(found)) == ([FUNCTION], [])


def test_a_function_that_invokes_itself_calls_itself() -> None:
    aws = {"function_name": "PlaceOrder", "operation": "Invoke"}
    again = span(20, "Lambda", namespace="aws", aws=aws)
    nested = [
        segment(21, "PlaceOrder", under=20, origin="AWS::Lambda"),
        segment(22, "PlaceOrder", under=21, origin="AWS::Lambda::Function"),
    ]
    found = graph(service(), function(again), *nested)

    assert (names(found), edges(found)) == (
        [("PlaceOrder", "AWS::Lambda::Function", 2)],
        [("PlaceOrder", "PlaceOrder", 1)],
    )


def test_problems_are_of_the_service_that_had_them_with_status_and_exception() -> None:
    called = payment(429, error=True, throttle=True)
    failed = graph(service(), function(called, fault=True, cause="0000000000000abc"), segment(30, "Other", cause=CAUSE))

    assert (
        failed["throttles"]
        == failed["errors"]
        == [{"service": "payments.test", "status": 429, "type": None, "message": None}]
    )
    assert failed["faults"] == [{"service": "PlaceOrder", "status": 200, "type": "PaymentError", "message": "declined"}]


def test_an_exception_of_a_part_explains_the_request_and_one_that_was_handled_is_no_problem() -> None:
    part = span(40, "## charge", fault=True, cause=CAUSE, http=status(200))

    (fault,) = graph(function(part, fault=True))["faults"]
    assert (fault["message"], fault["status"]) == ("declined", None)
    assert graph(function(part))["faults"] == []


def test_subsegments_that_were_sent_apart_hang_on_their_segment() -> None:
    apart = {**put_item(), "type": "subsegment", "trace_id": recorded.TRACE, "parent_id": f"{4:016x}"}
    assert edges(graph(service(), function(), apart)) == [("PlaceOrder", "orders", 1)]
    assert edges(graph(apart, table(), function(), service())) == [("PlaceOrder", "orders", 1)]


def test_a_complete_document_takes_the_place_of_the_one_in_progress_in_any_order() -> None:
    begun = segment(1, "orders/prod", 0, None, under=recorded.CALL)
    for documents in ((begun, api()), (api(), begun)):
        spans, _ = read(json.dumps(each) for each in documents)
        assert not any(each.in_progress for each in spans.values())


def test_requests_of_the_same_kind_are_counted() -> None:
    puts = [put_item() | {"id": f"{number:016x}"} for number in range(50, 53)]
    found = graph(function(*puts))
    assert edges(found) == [("PlaceOrder", "orders", 3)]


def test_a_database_and_an_aws_service_without_a_resource_are_named_as_their_calls_are() -> None:
    query = span(60, "shop@db.test", namespace="remote", sql={"url": "jdbc:postgresql://db.test/shop"})
    events = span(61, "Events", namespace="aws", aws={"operation": "PutEvents"})
    assert names(graph(function(query, events)))[:2] == [
        ("shop@db.test", "remote", 1),
        ("Events", "AWS::Events", 1),
    ]


STRANGE: list[Any] = [
    [],
    "text",
    {"id": 1},
    {"id": "a", "subsegments": {"id": "b"}},
    {"id": "a", "subsegments": [None, 1, {"id": None}, {"name": "without an ID"}]},
    {"id": "a", "name": ["x"], "aws": 1, "http": "x", "cause": 7, "fault": "true", "namespace": {}},
    {"id": "a", "http": {"request": [], "response": {"status": "200"}}, "aws": {"table_name": {"x": 1}}},
    {"id": "a", "http": {"response": {"status": 1e300}}, "start_time": "now", "end_time": -1e308},
    {
        "id": "a",
        "start_time": 5,
        "end_time": 3,
        "cause": {"exceptions": ["x", {"id": {}, "message": 1}]},
        "fault": True,
    },
    {"id": "a", "parent_id": "a"},
    {"id": "a", "inferred": True, "aws": {"topic_arn": "arn:"}},
]


@pytest.mark.parametrize("document", STRANGE, ids=str)
def test_a_field_that_is_not_as_documented_is_left_out(document: Any) -> None:
    found = graph(document, segment(1, "orders/prod"))
    assert ("orders/prod", None, 1) in names(found)


def test_segments_that_hang_on_each_other_end() -> None:
    assert edges(graph(segment(1, "A", under=2), segment(2, "B", under=1))) == [("B", "A", 1), ("A", "B", 1)]


@pytest.mark.parametrize("text", ["", "{", "[" * 5000 + "]" * 5000, '{"id": "a", "start_time": NaN}', "\ud800"])
def test_what_is_no_document_is_told(text: str) -> None:
    spans, is_whole = read([text, json.dumps(api())])
    assert (len(spans), is_whole) == (2, False)
