"""The metrics that CloudWatch has of runs: what is counted, in which unit, by which dimensions, and what it means.

The function and the CLI emit exactly these. Alarms, dashboard, `awsit metrics` and `docs/reference/metrics.md` name no
other one of the namespace, which tests check. Every dimension is bounded, since CloudWatch charges for each combination
of a name and dimensions (Amazon CloudWatch pricing, "Custom metrics").
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

NAMESPACE = "awsit"
"""Of a stack whose parameter `MetricsNamespace` names no other."""

STACK, ACTION_TYPE, SCENARIO = "stack", "action_type", "scenario"
"""The dimensions. Each metric has `stack`, so that two stacks in one namespace never mix."""

OF_RUN, OF_ACTIONS = (STACK,), (STACK, ACTION_TYPE)

TOTAL, LARGEST, PERCENTILES = ("Sum",), ("Maximum",), ("p50", "p95", "p99")


class Unit(StrEnum):
    """As CloudWatch names it (CloudWatch API Reference, "MetricDatum")."""

    COUNT = "Count"
    SECONDS = "Seconds"


class Metric(Struct, frozen=True):
    """A metric: the dimensions that each of its values has, the statistics that say something, and what it means.

    Statistics are named as CloudWatch names them (CloudWatch User Guide, "CloudWatch statistics definitions").
    """

    name: str
    unit: Unit
    dimensions: tuple[str, ...]
    statistics: tuple[str, ...]
    meaning: str


class Measurement(Struct, frozen=True):
    """Values of a metric from one run, by the values of its dimensions."""

    metric: Metric
    dimensions: Mapping[str, str]
    values: tuple[float, ...]


RUNS = Metric("Runs", Unit.COUNT, OF_RUN, TOTAL, "Runs that were reported.")
RUNS_NOT_PASSED = Metric(
    "RunsNotPassed", Unit.COUNT, OF_RUN, TOTAL, "Runs that did not pass: each 1 or 0, so the average is a rate."
)
RUNS_FAILED = Metric("RunsFailed", Unit.COUNT, OF_RUN, TOTAL, "Runs in which a check did not hold.")
RUN_ERRORS = Metric("RunErrors", Unit.COUNT, OF_RUN, TOTAL, "Runs that could not be carried out.")
RUNS_TIMED_OUT = Metric(
    "RunsTimedOut", Unit.COUNT, OF_RUN, TOTAL, "Runs that were not over within their `timeout_seconds`."
)
RUNS_CANCELLED = Metric("RunsCancelled", Unit.COUNT, OF_RUN, TOTAL, "Runs that somebody stopped.")
LEFT_BEHIND = Metric("LeftBehind", Unit.COUNT, OF_RUN, TOTAL, "Runs that left something behind.")
DURATION = Metric("Duration", Unit.SECONDS, OF_RUN, PERCENTILES, "How long a run took, with its clean-up.")
CACHE_HITS = Metric(
    "CacheHits", Unit.COUNT, OF_RUN, TOTAL, "Attempts answered from the suite's cache (`cache_seconds`)."
)
CONCURRENCY = Metric(
    "Concurrency", Unit.COUNT, OF_RUN, LARGEST, "The most attempts of one run that went on at the same time."
)
EVENTS_USED = Metric(
    "EventsUsed",
    Unit.COUNT,
    OF_RUN,
    LARGEST,
    "Events of the run's execution; Step Functions ends one at 25,000. Not local runs.",
)

ATTEMPTS = Metric(
    "Attempts", Unit.COUNT, OF_ACTIONS, TOTAL, "Attempts of actions, those that the AWS SDK repeated included."
)
FAILED_ATTEMPTS = Metric(
    "FailedAttempts", Unit.COUNT, OF_ACTIONS, TOTAL, "Attempts that did not pass; a poll that only goes on is none."
)
RETRIES = Metric("Retries", Unit.COUNT, OF_ACTIONS, TOTAL, "Failed attempts that were followed by another.")
THROTTLES = Metric(
    "Throttles", Unit.COUNT, OF_ACTIONS, TOTAL, "Attempts that a service refused because of too many calls."
)
LATENCY = Metric(
    "Latency", Unit.SECONDS, OF_ACTIONS, PERCENTILES, "How long an attempt took; one from the cache is none."
)

RUN_METRICS = (
    RUNS,
    RUNS_NOT_PASSED,
    RUNS_FAILED,
    RUN_ERRORS,
    RUNS_TIMED_OUT,
    RUNS_CANCELLED,
    LEFT_BEHIND,
    DURATION,
    CACHE_HITS,
    CONCURRENCY,
    EVENTS_USED,
)
"""By the stack; with `MetricsByScenario`, by the stack and the scenario too."""

ACTION_METRICS = (ATTEMPTS, FAILED_ATTEMPTS, RETRIES, THROTTLES, LATENCY)
"""By the stack and the type of the action."""

METRICS = (*RUN_METRICS, *ACTION_METRICS)
