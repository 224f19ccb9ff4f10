"""What CloudWatch counts of runs: one line in the Embedded Metric Format when a run is reported."""

from __future__ import annotations

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from awsit.model.result import CleanupVerdict, RunResult, RunStatus

NAMESPACE = "awsit"


def count_run(result: RunResult) -> None:
    """Count the run by its scenario: runs, those that did not pass, those that left something behind, and how long.

    Zeroes are written too, so that a rate can be made of any of them.
    """
    metrics = EphemeralMetrics(namespace=NAMESPACE)
    metrics.add_dimension("scenario", result.scenario or "unknown")
    metrics.add_metric("Runs", MetricUnit.Count, 1)
    metrics.add_metric("RunsNotPassed", MetricUnit.Count, int(result.status is not RunStatus.PASSED))
    metrics.add_metric("RunErrors", MetricUnit.Count, int(result.status is RunStatus.ERROR))
    metrics.add_metric("LeftBehind", MetricUnit.Count, int(result.cleanup.verdict is CleanupVerdict.LEFT_BEHIND))
    metrics.add_metric("Duration", MetricUnit.Seconds, result.duration_seconds)
    metrics.add_metadata("run_id", result.run_id)
    metrics.flush_metrics()
