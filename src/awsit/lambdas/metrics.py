"""The metrics of a run as lines of the function's log, of which CloudWatch makes metrics without a call.

The lines have the Embedded Metric Format (Amazon CloudWatch User Guide, "Specification: Embedded metric format").
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from aws_lambda_powertools.metrics import EphemeralMetrics

from awsit.metrics.catalogue import Measurement


def emit(measurements: Iterable[Measurement], namespace: str, run_id: str) -> None:
    """Write a line for each combination of dimensions, and further ones for more than 100 values of a metric."""
    for dimensions, group in groupby(measurements, lambda each: each.dimensions):
        # an empty service: Powertools would add its name to the dimensions
        line = EphemeralMetrics(namespace=namespace, service="")
        line.add_metadata("run_id", run_id)
        for name, value in dimensions.items():
            line.add_dimension(name, value)
        for measurement in group:
            for number in measurement.values:
                line.add_metric(measurement.metric.name, measurement.metric.unit, number)
        if line.metric_set:  # a full one is written already
            line.flush_metrics()
