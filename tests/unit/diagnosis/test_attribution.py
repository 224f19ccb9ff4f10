"""Which invocations of a log are this run's, in the formats of Lambda's log."""

from __future__ import annotations

import json

import pytest

from awsit.diagnosis.attribution import of_run
from awsit.diagnosis.log_errors import LoggedLine

OWN, OTHER, SETUP = (f"run-{each * 26}" for each in "123")
FIRST, SECOND = "8f507cfc-aaaa-4697-b07a-ac58fc914c95", "79b4f56e-95b1-4643-9700-2807f4e68189"
TRACE = "1-58406520-a006649127e371903a2de979"

AS_TEXT = (
    f"START RequestId: {FIRST} Version: $LATEST",
    f"got an order of {OTHER}",
    "[ERROR] KeyError: 'price'",
    f"REPORT RequestId: {FIRST}\tDuration: 4 ms\tXRAY TraceId: {TRACE}",
    f"START RequestId: {SECOND} Version: $LATEST",
    "[ERROR] ValueError: 'total'",
)


def record(request_id: str, message: str) -> str:
    return json.dumps({"level": "ERROR", "message": message, "requestId": request_id})


AS_JSON = (record(FIRST, f"of {OTHER}"), record(FIRST, "no price"), record(SECOND, "no total"))


def log(*messages: str, streams: str = "a") -> list[LoggedLine]:
    return [LoggedLine(number, streams[number % len(streams)], message) for number, message in enumerate(messages)]


def kept(*messages: str, own: set[str], requests: frozenset[str] = frozenset(), streams: str = "a") -> list[str]:
    return [line.message for line in of_run(log(*messages, streams=streams), own, requests)]


@pytest.mark.parametrize(("messages", "own_from"), [(AS_TEXT, 4), (AS_JSON, 2)])
def test_an_invocation_that_names_only_another_run_is_left_out_as_a_whole(
    messages: tuple[str, ...], own_from: int
) -> None:
    assert kept(*messages, own={OWN}) == list(messages[own_from:])


@pytest.mark.parametrize("own", [{OTHER}, {OWN, OTHER}, set[str]()])
def test_nothing_is_left_out_of_what_may_be_the_runs_own(own: set[str]) -> None:
    assert kept(*AS_TEXT, own=own) == list(AS_TEXT)


def test_a_batch_with_an_order_of_this_run_is_its_own() -> None:
    batch = ("START RequestId: x", f"orders of {OTHER} and {OWN}", "[ERROR] KeyError: 'price'")
    assert kept(*batch, own={OWN, SETUP}) == list(batch)


@pytest.mark.parametrize("known", [FIRST, TRACE])
def test_where_the_request_is_known_only_its_invocation_is_shown(known: str) -> None:
    assert kept(*AS_TEXT, own={OTHER}, requests=frozenset({known})) == list(AS_TEXT[:4])


def test_a_request_that_no_invocation_names_leaves_all() -> None:
    assert kept(*AS_TEXT, own={OTHER}, requests=frozenset({"0" * 36})) == list(AS_TEXT)


def test_the_lines_of_streams_that_are_written_side_by_side_do_not_mix() -> None:
    messages = ("START RequestId: a", "START RequestId: b", f"of {OTHER}", f"of {OWN}", "KeyError", "ValueError")
    assert kept(*messages, own={OWN}, streams="ab") == [messages[1], messages[3], messages[5]]
