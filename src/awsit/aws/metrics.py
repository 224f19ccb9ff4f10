"""The metrics of a stack in CloudWatch: written for runs of this machine, and read."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from awsit.aws.client import errors
from awsit.metrics.catalogue import Measurement
from awsit.metrics.figures import MetricQuery, MetricWindow, Point
from awsit.metrics.measurements import measure
from awsit.model.ports import Aws
from awsit.model.result import RunResult

MOST_VALUES = 150
"""Different values of one metric in a call (CloudWatch API Reference, "MetricDatum", `Values`)."""


class CloudWatchMetrics(Struct, frozen=True):
    """The metrics of a stack, in its namespace."""

    aws: Aws
    namespace: str
    stack: str

    def count(self, result: RunResult) -> None:
        """Count a run as the function counts those of the stack. Raises EnvironmentFailure."""
        self.put(measure(result, self.stack))

    def put(self, measurements: Iterable[Measurement]) -> None:
        """Add the values. Raises EnvironmentFailure."""
        data = [datum for measurement in measurements for datum in _data(measurement)]
        with errors.reported("write metrics"):
            self.aws.client("cloudwatch").put_metric_data(Namespace=self.namespace, MetricData=data)

    def read(self, window: MetricWindow, queries: Sequence[MetricQuery]) -> Mapping[MetricQuery, Sequence[Point]]:
        """The values of each query over a time. Raises EnvironmentFailure."""
        by_id = {f"q{number}": query for number, query in enumerate(queries)}
        points: defaultdict[MetricQuery, list[Point]] = defaultdict(list)
        with errors.reported("read metrics"):
            pages = self.aws.client("cloudwatch").get_paginator("get_metric_data")
            for page in pages.paginate(
                StartTime=window.since,
                EndTime=window.until,
                ScanBy="TimestampAscending",
                MetricDataQueries=[self._query(name, query) for name, query in by_id.items()],
            ):
                for result in page["MetricDataResults"]:
                    points[by_id[result["Id"]]] += zip(result["Timestamps"], result["Values"], strict=True)
        return points

    def _query(self, name: str, query: MetricQuery) -> Mapping[str, Any]:
        metric = {
            "Namespace": self.namespace,
            "MetricName": query.metric.name,
            "Dimensions": _dimensions(query.dimensions),
        }
        period = int(query.period.total_seconds())
        return {"Id": name, "MetricStat": {"Metric": metric, "Stat": query.statistic, "Period": period}}


def _data(measurement: Measurement) -> Iterator[Mapping[str, Any]]:
    counts = list(Counter(measurement.values).items())
    for first in range(0, len(counts), MOST_VALUES):
        values, numbers = zip(*counts[first : first + MOST_VALUES], strict=True)
        yield {
            "MetricName": measurement.metric.name,
            "Unit": str(measurement.metric.unit),
            "Dimensions": _dimensions(measurement.dimensions.items()),
            "Values": values,
            "Counts": numbers,
        }


def _dimensions(pairs: Iterable[tuple[str, str]]) -> list[Mapping[str, str]]:
    return [{"Name": name, "Value": value} for name, value in pairs]
