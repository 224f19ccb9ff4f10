"""What the sandbox makes of log lines and of alarms on metric math."""

from __future__ import annotations

import json
from typing import Any

import pytest

from awsit.sandbox.metrics import collecting, data_of, with_metric_math

LINE = {
    "_aws": {
        "Timestamp": 1893456000000,
        "CloudWatchMetrics": [
            {
                "Namespace": "shop",
                "Dimensions": [["stack"], ["stack", "kind"]],
                "Metrics": [{"Name": "Runs", "Unit": "Count"}, {"Name": "Latency"}],
            }
        ],
    },
    "stack": "awsit",
    "kind": "smoke",
    "Runs": 1,
    "Latency": [0.5, 1.5],
}


def test_each_metric_has_its_values_for_each_set_of_dimensions() -> None:
    assert data_of(json.dumps(LINE)) == [
        ("shop", "Runs", {"stack": "awsit"}, 1893456000.0, "Count", [1.0]),
        ("shop", "Latency", {"stack": "awsit"}, 1893456000.0, "None", [0.5, 1.5]),
        ("shop", "Runs", {"stack": "awsit", "kind": "smoke"}, 1893456000.0, "Count", [1.0]),
        ("shop", "Latency", {"stack": "awsit", "kind": "smoke"}, 1893456000.0, "None", [0.5, 1.5]),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "START RequestId: 1",
        '{"message": "no metrics"}',
        '{"_aws": {}}',
        'cut off {"_aws"',
        '{"_aws": null}',
        json.dumps({**LINE, "Runs": "many"}),
        json.dumps({key: value for key, value in LINE.items() if key != "stack"}),
    ],
)
def test_any_other_line_makes_none(line: str) -> None:
    assert data_of(line) == []


def test_events_are_kept_as_before_and_alarms_are_evaluated_once_for_a_batch_with_metrics() -> None:
    kept, data, evaluations = list[Any](), list[Any](), list[bool]()
    append = collecting(
        lambda stream, events: kept.append((stream, events)),
        lambda *datum: data.append(datum),
        lambda: evaluations.append(True),
    )
    lines = [{"message": json.dumps(LINE)}, {"message": "START"}]

    append("stream", lines)
    append("stream", [{"message": "END"}])

    assert kept == [("stream", lines), ("stream", [{"message": "END"}])]
    assert (len(data), len(evaluations)) == (4, 1)
    assert data[1] == ("shop", "Latency", {"stack": "awsit"}, 1893456000.0, "None", None, [0.5, 1.5], None, None)


def test_an_alarm_on_metric_math_is_made_and_has_no_data_and_others_are_as_they_were() -> None:
    def record(name: str, properties: Any) -> dict[str, Any]:
        return {"AlarmName": name, **properties}

    read = with_metric_math(record)
    math = read(
        "band", {"Metrics": [{"Id": "m"}], "ThresholdMetricId": "m", "ComparisonOperator": "GreaterThanUpperThreshold"}
    )

    assert math == {
        "AlarmName": "band",
        "ComparisonOperator": "GreaterThanUpperThreshold",
        "Threshold": 0,
        "Namespace": "awsit/metric-math",
        "MetricName": "band",
    }
    assert read("plain", {"MetricName": "Runs"}) == {"AlarmName": "plain", "MetricName": "Runs"}
