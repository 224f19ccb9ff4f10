"""The ID and the headers of a run's trace."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest

from awsit.model.text.trace import is_call_of_run, trace_headers, trace_id_of

STARTED = datetime(2016, 6, 9, 22, 27, 20, tzinfo=UTC)
ROOT = "1-5759e988-bd862e3fe1be46a994272793"


def test_an_id_holds_the_time_of_its_run_and_is_that_of_one_run_alone() -> None:
    first, again, other = (trace_id_of(run_id, STARTED) for run_id in ("run-1", "run-1", "run-2"))
    assert first == again != other
    assert first.startswith(f"1-{int(STARTED.timestamp()):x}-")
    assert trace_headers(first, "run-1", 1)


def test_both_headers_name_one_trace_and_one_parent() -> None:
    headers = trace_headers(ROOT, "run-1", "action", 0, 1)
    version, trace, parent, flags = headers["traceparent"].split("-")
    assert (version, trace, flags, len(parent)) == ("00", "5759e988bd862e3fe1be46a994272793", "01", 16)
    assert headers["X-Amzn-Trace-Id"] == f"Root={ROOT};Parent={parent};Sampled=1"
    assert headers["X-Awsit-Run-Id"] == "run-1"


def test_each_call_has_a_parent_of_its_own() -> None:
    calls = [
        ("run-1", "action", 0, 1),
        ("run-1", "action", 0, 2),
        ("run-1", "cleanup", 0, 1),
        ("run-2", "action", 0, 1),
    ]
    assert len({trace_headers(ROOT, *call)["traceparent"] for call in calls}) == len(calls)
    assert trace_headers(ROOT, *calls[0]) == trace_headers(ROOT, *calls[0])


def test_the_parent_of_a_call_is_drawn_from_what_tells_it_apart() -> None:
    drawn = hashlib.sha256(b"run-1:action:0:1").hexdigest()
    for _ in range(2):
        assert trace_headers(ROOT, "run-1", "action", 0, 1)["traceparent"].split("-")[2].endswith(drawn[:8])


@pytest.mark.parametrize("trace_id", ["", "1-another", f"{ROOT}0", ROOT.upper().replace("BD", "XY")])
def test_what_is_no_trace_has_no_headers(trace_id: str) -> None:
    assert trace_headers(trace_id, "run-1", 1) == {}


def test_the_parent_of_a_call_tells_its_run() -> None:
    parents = [trace_headers(ROOT, "run-1", *call)["traceparent"].split("-")[2] for call in ((1,), ("cleanup", 0, 2))]
    assert all(is_call_of_run(parent, "run-1") for parent in parents)
    assert not any(is_call_of_run(parent, "run-2") for parent in parents)
    assert not is_call_of_run("", "run-1")
