"""What CloudWatch counts of runs: one line in the Embedded Metric Format when a run is reported."""

from __future__ import annotations

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from awsit.model.result import CleanupVerdict, RunResult, RunStatus

NAMESPACE = "awsit"


def count_run(result: RunResult, stack: str = "", *, by_scenario: bool = False) -> None:
    """Count the run: runs, those that did not pass, those that left something behind, and how long it took.

    By the stack, which makes five metrics whatever is run. By the scenario too where that is asked for: CloudWatch
    charges for every metric, which is every combination of a name and dimensions (Amazon CloudWatch pricing, "Custom
    metrics"), so that each scenario adds five. Zeroes are written too, so that a rate can be made of any of them.
    """
    _count(result, "stack", stack or "awsit")
    if by_scenario:
        _count(result, "scenario", result.scenario or "unknown")


def _count(result: RunResult, dimension: str, value: str) -> None:
    metrics = EphemeralMetrics(namespace=NAMESPACE)
    metrics.add_dimension(dimension, value)
    metrics.add_metric("Runs", MetricUnit.Count, 1)
    metrics.add_metric("RunsNotPassed", MetricUnit.Count, int(result.status is not RunStatus.PASSED))
    metrics.add_metric("RunErrors", MetricUnit.Count, int(result.status is RunStatus.ERROR))
    metrics.add_metric("LeftBehind", MetricUnit.Count, int(result.cleanup.verdict is CleanupVerdict.LEFT_BEHIND))
    metrics.add_metric("Duration", MetricUnit.Seconds, result.duration_seconds)
    metrics.add_metadata("run_id", result.run_id)
    metrics.flush_metrics()
