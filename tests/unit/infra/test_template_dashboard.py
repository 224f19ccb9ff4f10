"""No widget and no alarm shows what is not emitted, and every widget fits the screen."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.unit.infra.dashboard import expressions, shown_metrics, widgets
from tests.unit.infra.rendered import STACK, Rendered

from awsit.actions.registry import BY_TYPE
from awsit.engine.log_entry import run_ended
from awsit.forecast.cost import estimate
from awsit.metrics import catalogue
from awsit.metrics.catalogue import METRICS
from awsit.model.result import ErrorInfo, RunResult, RunStatus
from awsit.quotas.catalogue import EVENT_QUOTA, RESERVE

NAMESPACE = "tests/e2e"
CALLS_NOTHING = {"mock", "wait", "choice"}
WAITS_FOR_OTHERS = {"listen", "receive", "trace"}
"""Types whose time says nothing of what they call."""
OF_AWS = {
    ("AWS/Lambda", ""): {"ClaimedAccountConcurrency"},
    ("AWS/Lambda", "FunctionName"): {"Invocations", "Duration", "Errors", "Throttles", "ConcurrentExecutions"},
    ("AWS/States", "ServiceMetric"): {"ConsumedCapacity", "ProvisionedRefillRate"},
    ("AWS/States", "APIName"): {"ConsumedCapacity", "ProvisionedRefillRate"},
    ("AWS/DynamoDB", "TableName"): {"ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"},
    ("AWS/Logs", "LogGroupName"): {"IncomingBytes"},
}
"""Metrics that AWS emits itself: the developer guides of Lambda, Step Functions, DynamoDB and CloudWatch Logs."""


@pytest.fixture(scope="module")
def stack() -> Rendered:
    return Rendered(
        MetricsNamespace=NAMESPACE, AlarmTopicArn="arn:aws:sns:eu-west-1:123456789012:t", AlarmSilentHours="6"
    )


@pytest.fixture(scope="module")
def body(stack: Rendered) -> str:
    text: str = stack.properties("RunsDashboard")["DashboardBody"]
    return text


def alarms(stack: Rendered) -> list[dict[str, Any]]:
    return [each["Properties"] for each in stack.resources.values() if each["Type"] == "AWS::CloudWatch::Alarm"]


def check_emitted(namespace: str, name: str, dimensions: tuple[tuple[str, str], ...]) -> None:
    if namespace != NAMESPACE:
        dimension = "".join(dimension for dimension, _ in dimensions)
        assert name in OF_AWS[namespace, dimension]
        return
    (metric,) = [each for each in METRICS if each.name == name]
    assert tuple(dimension for dimension, _ in dimensions) == metric.dimensions
    values = dict(dimensions)
    assert values["stack"] == STACK
    assert values.get("action_type", "wait") in BY_TYPE


def test_every_widget_shows_what_is_emitted(body: str) -> None:
    shown = list(shown_metrics(body))

    for each in shown:
        check_emitted(each.namespace, each.name, each.dimensions)
    of_runs = {(each.name, each.statistic) for each in shown if each.namespace == NAMESPACE}
    not_shown = {metric.name for metric in METRICS} - {name for name, _ in of_runs}
    assert not_shown == {"Retries", "CacheHits"}, "`awsit metrics` shows these"
    known = {(metric.name, statistic) for metric in METRICS for statistic in metric.statistics}
    assert of_runs <= known


def test_latency_and_rates_are_of_every_type_that_calls_something(body: str) -> None:
    by_place: dict[tuple[str, str, str], set[str]] = {}
    for each in shown_metrics(body):
        if "action_type" in dict(each.dimensions):
            kinds = by_place.setdefault((each.widget, each.name, each.statistic), set())
            kinds.add(dict(each.dimensions)["action_type"])

    assert {statistic for _, name, statistic in by_place if name == "Latency"} == set(catalogue.PERCENTILES)
    shown = BY_TYPE.keys() - CALLS_NOTHING - WAITS_FOR_OTHERS
    wrong = {place: kinds ^ shown for place, kinds in by_place.items() if kinds != shown}
    assert not wrong, f"add these types to the widget in infra/template.yaml, or remove them: {wrong}"


def test_every_expression_names_ids_of_its_own_widget(body: str) -> None:
    for widget in widgets(body):
        rows = widget["properties"].get("metrics", ())
        ids = {row[-1]["id"] for row in rows if isinstance(row[-1], dict) and "id" in row[-1]}
        named = {name for text in expressions(widget) for name in re.findall(r"\b[a-z]\w*", text)}
        assert named == ids, widget["properties"]["title"]


def test_it_fits_one_screen_without_a_gap(body: str) -> None:
    covered = [
        (x, y)
        for widget in widgets(body)
        for x in range(widget["x"], widget["x"] + widget["width"])
        for y in range(widget["y"], widget["y"] + widget["height"])
    ]

    assert len(covered) == len(set(covered)), "widgets overlap"
    assert set(covered) == {(x, y) for x in range(24) for y in range(17)}


def test_quotas_and_prices_are_those_that_the_code_knows(body: str) -> None:
    quotas = {
        widget["properties"]["title"]: line["value"]
        for widget in widgets(body)
        for line in widget["properties"].get("annotations", {}).get("horizontal", ())
    }
    cost = " ".join(text for widget in widgets(body) for text in expressions(widget) if "/ 1000000" in text)

    assert quotas == {"Events of an execution": EVENT_QUOTA, "Quotas of the account a second, used (%)": 100}
    for price in (estimate.TRANSITIONS, estimate.REQUESTS, estimate.GB_SECONDS, estimate.WRITES, estimate.READS):
        assert re.search(rf"\b{price:g}\b", cost), price


def test_every_alarm_is_about_what_is_emitted_and_says_what_to_do(stack: Rendered) -> None:
    assert len(alarms(stack)) == 7
    for alarm in alarms(stack):
        described = [
            alarm,
            *(each["MetricStat"]["Metric"] for each in alarm.get("Metrics", ()) if "MetricStat" in each),
        ]
        (metric,) = [each for each in described if "MetricName" in each]
        dimensions = tuple((each["Name"], each["Value"]) for each in metric["Dimensions"])
        check_emitted(metric["Namespace"], metric["MetricName"], dimensions)
        assert len(alarm["AlarmDescription"].split(". ")) >= 2, "what happened, then what to do"
        assert alarm["AlarmActions"] == alarm["OKActions"] == ["arn:aws:sns:eu-west-1:123456789012:t"]
        assert alarm["TreatMissingData"] in {"ignore", "breaching", "notBreaching"}


def test_the_alarm_on_events_is_before_the_end_of_runs(stack: Rendered) -> None:
    threshold = stack.properties("EventsAlarm")["Threshold"]
    description = stack.properties("EventsAlarm")["AlarmDescription"]

    assert threshold < EVENT_QUOTA - RESERVE
    assert {f"{number:,}" for number in (threshold, EVENT_QUOTA, EVENT_QUOTA - RESERVE)} <= set(
        re.findall(r"\d+,\d+", description)
    )


def test_without_a_topic_nobody_is_told_and_no_silence_is_noticed_unless_asked_for() -> None:
    usual = Rendered()

    assert len(alarms(usual)) == 6
    assert not any("AlarmActions" in alarm for alarm in alarms(usual))


def test_alarms_and_dashboard_can_be_left_out() -> None:
    without = Rendered(Alarms="false", Dashboard="false", AlarmSilentHours="6").resources.values()

    assert not [each for each in without if each["Type"].startswith("AWS::CloudWatch::")]


def test_a_stack_of_the_version_before_needs_no_new_parameter() -> None:
    parameters = Rendered().document["Parameters"]

    assert all("Default" in parameter for parameter in parameters.values())


def test_the_cost_by_scenario_is_that_of_the_catalogue() -> None:
    described = Rendered().document["Parameters"]["MetricsByScenario"]["Description"]

    assert len(catalogue.RUN_METRICS) == 11
    assert "every scenario adds eleven" in described


def test_the_widget_of_the_last_failures_names_fields_of_the_summaries_of_runs(body: str) -> None:
    (query,) = [widget["properties"]["query"] for widget in widgets(body) if widget["type"] == "log"]
    at = "2030-01-01T00:00:00.000Z"
    failed = RunResult("run-1", "s", RunStatus.FAILED, "stepfunctions", at, at, 1.0, error=ErrorInfo("x", "why"))
    entry = run_ended(failed, events_used=1)
    shown = query.partition("| fields ")[2].partition(" |")[0].split(", ")
    compared = re.findall(r"(\w+) (?:=|!=|>) ", query)

    assert f"message = '{entry.message}'" in query
    assert {*shown, *compared} - {"@timestamp", "message"} <= entry.fields.keys()
    assert {"run_id", "cause", "error"} <= set(shown)
