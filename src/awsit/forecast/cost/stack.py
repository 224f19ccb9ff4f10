"""What the stack costs in a month: idle, and with runs.

Idle costs come from the resources of the template, those of runs from the estimates of their scenarios. Prices are the
public ones of us-east-1, without free tiers, as in `awsit.forecast.cost.estimate`. Those of CloudWatch and X-Ray were
compared on 2026-11-28 with tables that others copied from AWS's page in February and June 2026; AWS's own page, which
fills in its tables by script, was read for what is charged and for the free tier.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from awsit.forecast.cost.estimate import AS_OF, GB_SECONDS, LAMBDA_PAGE, MEMORY_GB, REGION, REQUESTS, SECONDS_OF_A_CALL
from awsit.forecast.document import Forecast
from awsit.metrics.catalogue import ACTION_METRICS, RUN_METRICS
from awsit.model.json import Json
from awsit.patterns import lazy_pattern

HOURS, RUNS_AN_HOUR = 730, 100
METRIC, ALARM, DASHBOARD, LOGGED_GB = 0.30, 0.10, 3.00, 0.50
"""Dollars for a metric, an alarm on one metric and a dashboard, each for a month; and for a GB of logs taken in."""
TRACES = 5.00
"""Dollars for a million traces recorded."""
CLOUDWATCH_PAGE, XRAY_PAGE = "https://aws.amazon.com/cloudwatch/pricing/", "https://aws.amazon.com/xray/pricing/"

METRICS_OF_A_BAND = 3
"""An alarm on anomaly detection is charged as the metric and both bounds of the band (CloudWatch pricing, "Alarms")."""
BYTES_OF_A_CALL, BYTES_OF_AN_EVENT = 2_000, 350
"""What a call of the function and an event of an execution are taken to log."""

USED_BY_RUNS = frozenset(
    {"AWS::S3::Bucket", "AWS::DynamoDB::Table", "AWS::Logs::LogGroup", "AWS::Serverless::Function"}
    | {"AWS::Serverless::StateMachine"}
)
"""Types of resources that cost what is used of them, which is nothing while nothing runs."""
FREE = frozenset(
    {"AWS::S3::BucketPolicy", "AWS::Lambda::Permission", "AWS::Lambda::Url"}
    | {"AWS::Events::Rule", "AWS::Logs::QueryDefinition"}
    | {"AWS::Scheduler::ScheduleGroup", "AWS::Lambda::Version", "AWS::Lambda::Alias"}
    | {"AWS::IAM::Role", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::OIDCProvider"}
)
"""Types of resources that are free. What a rule calls is not, nor are the snapshot of a version and started workers."""

_RATE = lazy_pattern(r"rate\((\d+) minutes?\)")
_NOTE = (
    "An estimate from list prices, without free tiers, with every alarm on. Runs are taken to go as they do at best, "
    "one scenario after the other. What is stored, data transfer and the services under test come on top."
)


class MonthlyItem(Struct, frozen=True):
    """One price, and what it comes to in a month in US dollars: idle, and with the runs on top."""

    name: str
    price: float
    per: int
    idle: float
    busy: float
    source: str


class StackCost(Struct, frozen=True):
    """What a stack costs in a month in US dollars. `not_priced` are types of resources that nothing is known of."""

    region: str
    as_of: str
    scenarios: tuple[str, ...]
    runs_an_hour: int
    items: tuple[MonthlyItem, ...]
    idle: float
    busy: float
    not_priced: tuple[str, ...]
    note: str


def stack_cost(resources: Mapping[str, Json], forecasts: Sequence[Forecast]) -> StackCost:
    """The cost of the template's resources, and of a hundred runs an hour of these scenarios, in turn."""
    items = (*_runs(forecasts), *_sweep(resources), *_watching(resources), *_measured(forecasts))
    known = USED_BY_RUNS | FREE | {"AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard"}
    return StackCost(
        region=REGION,
        as_of=AS_OF,
        scenarios=tuple(each.scenario for each in forecasts),
        runs_an_hour=RUNS_AN_HOUR,
        items=items,
        idle=round(sum(item.idle for item in items), 2),
        busy=round(sum(item.busy for item in items), 2),
        not_priced=tuple(sorted({each["Type"] for each in resources.values()} - known)),
        note=_NOTE,
    )


def _runs(forecasts: Sequence[Forecast]) -> Iterator[MonthlyItem]:
    """What the runs themselves cost, by the prices of their estimates."""
    for of_item in zip(*(each.cost.items for each in forecasts), strict=True):
        first = of_item[0]
        dollars = _monthly(sum(item.dollars.best for item in of_item) / len(forecasts))
        yield MonthlyItem(first.name, first.price, first.per, 0.0, dollars, first.source)


def _sweep(resources: Mapping[str, Json]) -> Iterator[MonthlyItem]:
    """The calls of the function by rules with a schedule, whether anything runs or not."""
    rates = [_RATE.fullmatch(str(_properties(each).get("ScheduleExpression"))) for each in resources.values()]
    calls = sum(HOURS * 60 / int(rate[1]) for rate in rates if rate)
    requests, gb_seconds = calls * REQUESTS / 1_000_000, calls * SECONDS_OF_A_CALL * MEMORY_GB * GB_SECONDS / 1_000_000
    logged = calls * BYTES_OF_A_CALL * LOGGED_GB / 1e9
    yield MonthlyItem("scheduled calls", REQUESTS, 1_000_000, requests, requests, LAMBDA_PAGE)
    yield MonthlyItem("their GB-seconds", GB_SECONDS, 1_000_000, gb_seconds, gb_seconds, LAMBDA_PAGE)
    yield MonthlyItem("their logs", LOGGED_GB, 1, logged, logged, CLOUDWATCH_PAGE)


def _watching(resources: Mapping[str, Json]) -> Iterator[MonthlyItem]:
    """Alarms and dashboards, which cost by being there."""
    alarms = sum(_alarm_metrics(each) for each in resources.values() if each["Type"] == "AWS::CloudWatch::Alarm")
    dashboards = sum(each["Type"] == "AWS::CloudWatch::Dashboard" for each in resources.values())
    yield MonthlyItem("alarms, by metric", ALARM, 1, alarms * ALARM, alarms * ALARM, CLOUDWATCH_PAGE)
    yield MonthlyItem("dashboard", DASHBOARD, 1, dashboards * DASHBOARD, dashboards * DASHBOARD, CLOUDWATCH_PAGE)


def _alarm_metrics(alarm: Json) -> int:
    metrics = _properties(alarm).get("Metrics", ())
    if any("ANOMALY_DETECTION_BAND" in str(metric.get("Expression")) for metric in metrics):
        return METRICS_OF_A_BAND
    return max(1, sum("MetricStat" in metric for metric in metrics))


def _measured(forecasts: Sequence[Forecast]) -> Iterator[MonthlyItem]:
    """The metrics, logs and traces of runs. A metric without data costs nothing."""
    types = {step.type for each in forecasts for step in (*each.steps, *each.cleanup)}
    metrics = (len(RUN_METRICS) + len(ACTION_METRICS) * len(types)) * METRIC
    yield MonthlyItem("metrics", METRIC, 1, 0.0, metrics if forecasts else 0.0, CLOUDWATCH_PAGE)
    logged = sum(
        each.execution.invocations.best * BYTES_OF_A_CALL + each.execution.events.best * BYTES_OF_AN_EVENT
        for each in forecasts
    )
    of_a_run = logged / len(forecasts) / 1e9 if forecasts else 0.0
    yield MonthlyItem("logs, in GB", LOGGED_GB, 1, 0.0, _monthly(of_a_run * LOGGED_GB), CLOUDWATCH_PAGE)
    traced = _monthly(TRACES / 1_000_000) if forecasts else 0.0
    yield MonthlyItem("traces", TRACES, 1_000_000, 0.0, traced, XRAY_PAGE)


def _monthly(dollars_of_a_run: float) -> float:
    return dollars_of_a_run * RUNS_AN_HOUR * HOURS


def _properties(resource: Json) -> Mapping[str, Json]:
    return resource.get("Properties") or {}
