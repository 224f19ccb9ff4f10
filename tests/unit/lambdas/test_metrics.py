"""The lines that the function's log has of a run's metrics."""

from __future__ import annotations

import json

import pytest
from tests.emf.lines import metric_values

from awsit.lambdas.metrics import emit
from awsit.metrics.catalogue import LATENCY, RUNS, Measurement

OF_STACK = {"stack": "shop"}
OF_CALLS = {"stack": "shop", "action_type": "http_call"}


def test_each_value_is_there_once_by_its_own_dimensions_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "awsit")  # as in the stack; it must not become a dimension
    latencies = tuple(number / 10 for number in range(230))

    emit([Measurement(RUNS, OF_STACK, (1,)), Measurement(LATENCY, OF_CALLS, latencies)], "tests", "run-1")

    lines = capsys.readouterr().out.splitlines()
    assert metric_values(lines) == {
        ("tests", "Runs", frozenset(OF_STACK.items())): [1],
        ("tests", "Latency", frozenset(OF_CALLS.items())): list(latencies),
    }
    assert {json.loads(line)["run_id"] for line in lines} == {"run-1"}


def test_a_full_line_is_followed_by_none_that_is_empty(capsys: pytest.CaptureFixture[str]) -> None:
    emit([Measurement(LATENCY, OF_CALLS, (0.5,) * 100)], "tests", "run-1")

    (line,) = capsys.readouterr().out.splitlines()
    assert list(metric_values([line]).values()) == [[0.5] * 100]
