"""Metrics and alarms of the emulated CloudWatch: what it makes of log lines, and of alarms on metric math.

The emulator keeps lines in the embedded metric format as text alone. In an account they become metrics, whatever writes
them to whichever log group (Amazon CloudWatch User Guide, "Specification: Embedded metric format").
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

LOGGER = logging.getLogger("awsit.sandbox.metrics")
NEVER_PUT = "awsit/metric-math"
"""The namespace of the metric that an alarm on metric math is about here: nothing is ever put there."""

Document = Mapping[str, Any]
Append = Callable[[Any, list[Any]], None]
Record = Callable[[str, Document], dict[str, Any]]
Datum = tuple[str, str, dict[str, str], float, str, list[float]]
"""Namespace, name, dimensions, time (seconds since the epoch), unit, values."""


def collecting(append: Append, store: Callable[..., None], evaluate: Callable[[], None]) -> Append:
    """The emulator's function that adds events to a log stream; of their metrics it has `store` keep each datum.

    Then it has `evaluate` look at all alarms.
    """

    def collect(stream: Any, events: list[Any]) -> None:
        append(stream, events)
        data = [datum for event in events for datum in data_of(event["message"])]
        for namespace, name, dimensions, at, unit, values in data:
            store(namespace, name, dimensions, at, unit, None, values, None, None)
        if data:
            evaluate()

    return collect


def data_of(line: str) -> list[Datum]:
    """The metrics of a log line; none of a line of another format, or of one that is not as specified."""
    if '"_aws"' not in line:
        return []
    try:
        return list(_data(json.loads(line)))
    except (ValueError, KeyError, TypeError, AttributeError):
        LOGGER.warning("a line in the embedded metric format makes no metrics: %s", line)
        return []


def _data(document: Document) -> Iterator[Datum]:
    at = document["_aws"]["Timestamp"] / 1000
    for directive in document["_aws"]["CloudWatchMetrics"]:
        for names in directive["Dimensions"]:
            dimensions = {name: document[name] for name in names}
            for metric in directive["Metrics"]:
                values = list(map(float, _listed(document[metric["Name"]])))
                yield directive["Namespace"], metric["Name"], dimensions, at, metric.get("Unit", "None"), values


def _listed(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else [value]


def with_metric_math(record: Record) -> Record:
    """The emulator's reading of an alarm's properties, for alarms on metric math too, which stay without data."""

    def read(name: str, properties: Document) -> dict[str, Any]:
        if not properties.get("Metrics"):
            return record(name, properties)
        plain = {key: value for key, value in properties.items() if key not in {"Metrics", "ThresholdMetricId"}}
        return record(name, {"Threshold": 0, **plain, "Namespace": NEVER_PUT, "MetricName": name})

    return read
