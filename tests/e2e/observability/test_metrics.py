"""Twenty runs on the sandbox are counted exactly, wherever one looks; an alarm goes off, is told of, and ends."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.deployed import Deployed
from tests.emf.lines import metric_values
from tests.unit.infra.dashboard import shown_metrics

from awsit.aws.installation import Installation, from_stack
from awsit.metrics.catalogue import ACTION_METRICS, RUN_METRICS

AWSIT = Path(sys.executable).with_name("awsit")
STACK, NAMESPACE = "counted", "tests/counted"

WHO = {"name": "Who", "type": "aws_api", "params": {"service": "sts", "operation": "get_caller_identity"}}
FAILS = {**WHO, "assert": [{"path": "$.Account", "equals": "nobody"}]}
FAILS_TWICE = {**FAILS, "retry": {"max_attempts": 2, "interval_seconds": 0.1, "retry_on": ["assertion"]}}
LEAVES = {**WHO, "cleanup": [{**FAILS, "name": "Undo", "retry": {"max_attempts": 2, "retry_on": ["timeout"]}}]}

RUNS = [*[WHO] * 13, *[FAILS] * 2, *[FAILS_TWICE] * 3, *[LEAVES] * 2]
OF_RUNS = {"Runs": 20, "RunsNotPassed": 5, "RunsFailed": 5, "RunErrors": 0, "RunsTimedOut": 0, "RunsCancelled": 0}
OF_RUNS |= {"LeftBehind": 2, "CacheHits": 0}
OF_ACTIONS = {"Attempts": 25, "FailedAttempts": 10, "Retries": 3, "Throttles": 0}
"""13 + 2 + 3 · 2 + 2 · 2 attempts, those of the clean-up included; 2 + 3 · 2 + 2 of them did not pass."""


@dataclass(frozen=True)
class Counted:
    """A stack of its own in the sandbox, in which twenty runs were made."""

    deployed: Deployed
    installation: Installation
    folder: Path
    queue: str

    def client(self, service: str) -> Any:
        return self.deployed.aws.client(service)

    def awsit(self, *arguments: str) -> Any:
        command = [str(AWSIT), *arguments, "--sandbox", "--stack", STACK, "--json"]
        done = subprocess.run(
            command, env=self.deployed.environment(), cwd=self.folder, capture_output=True, text=True, check=False
        )
        assert done.stdout, done.stderr
        return json.loads(done.stdout)

    def run(self, actions: list[Any], name: str) -> list[Any]:
        """Run a scenario for each of these actions, a few at a time."""
        scenarios = self.folder / name
        scenarios.mkdir()
        for number, action in enumerate(actions):
            scenario = {"name": f"{name}_{number}", "actions": [action]}
            (scenarios / f"{number}.json").write_text(json.dumps(scenario), encoding="utf-8")
        results: list[Any] = self.awsit("run", str(scenarios), "--jobs", "8")
        assert len(results) == len(actions)
        return results

    def alarm(self, name: str) -> str:
        (alarm,) = self.client("cloudwatch").describe_alarms(AlarmNames=[f"{STACK}-{name}"])["MetricAlarms"]
        state: str = alarm["StateValue"]
        return state

    def notifications(self) -> list[tuple[str, str]]:
        """The name and the new state of each alarm that the topic's queue was told of, oldest first."""
        received = self.client("sqs").receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get("Messages", ())
        states = []
        for message in received:
            self.client("sqs").delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])
            alarm = json.loads(json.loads(message["Body"])["Message"])
            states.append((alarm["AlarmName"], alarm["NewStateValue"]))
        return states + self.notifications() if states else []


@pytest.fixture(scope="module")
def counted(deployed: Deployed, tmp_path_factory: pytest.TempPathFactory) -> Counted:
    client = deployed.aws.client
    topic = client("sns").create_topic(Name=STACK)["TopicArn"]
    queue = client("sqs").create_queue(QueueName=STACK)["QueueUrl"]
    arn = client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    deployed.install(STACK, MetricsNamespace=NAMESPACE, AlarmTopicArn=topic)
    installation = from_stack(deployed.aws, STACK)
    stack = Counted(deployed, installation, tmp_path_factory.mktemp(STACK), queue)
    stack.run(RUNS, "twenty")
    return stack


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def lines(counted: Counted) -> list[str]:
    pages = counted.client("logs").get_paginator("filter_log_events")
    events = [
        event["message"]
        for page in pages.paginate(logGroupName=counted.installation.function_log_group)
        for event in page["events"]
    ]
    return [line for line in events if '"CloudWatchMetrics"' in line]


def test_the_lines_of_the_log_are_as_specified_and_give_these_counts(counted: Counted) -> None:
    values = metric_values(lines(counted))
    of_runs, of_actions = {("stack", STACK)}, {("stack", STACK), ("action_type", "aws_api")}
    sums = {(name, dimensions): sum(each) for (_, name, dimensions), each in values.items()}

    assert {namespace for namespace, _, _ in values} == {NAMESPACE}
    assert {name: sums[name, frozenset(of_runs)] for name in OF_RUNS} == OF_RUNS
    assert {name: sums[name, frozenset(of_actions)] for name in OF_ACTIONS} == OF_ACTIONS
    assert sums.keys() == {
        *((metric.name, frozenset(of_runs)) for metric in RUN_METRICS),
        *((metric.name, frozenset(of_actions)) for metric in ACTION_METRICS),
    }


def test_the_command_says_the_same(counted: Counted) -> None:
    figures = counted.awsit("metrics", "--last", "1h")

    assert totals(figures["runs"]) == OF_RUNS
    assert {kind: totals(values) for kind, values in figures["actions"].items()} == {"aws_api": OF_ACTIONS}
    assert figures["runs"]["EventsUsed"]["Maximum"] > 0
    assert figures["runs"]["Concurrency"] == {"Maximum": 1}
    assert set(figures["actions"]["aws_api"]["Latency"]) == {"p50", "p95", "p99"}
    assert sum(figures["series"]["RunsNotPassed"]) == 5


def totals(values: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    return {name: statistics["Sum"] for name, statistics in values.items() if "Sum" in statistics}


def test_the_queries_of_the_dashboard_say_the_same(counted: Counted) -> None:
    region = counted.deployed.aws.region
    body = counted.client("cloudwatch").get_dashboard(DashboardName=f"{STACK}-{region}")["DashboardBody"]
    shown = [each for each in shown_metrics(body) if each.namespace == NAMESPACE and each.statistic == "Sum"]
    now = datetime.now(UTC)
    answers = counted.client("cloudwatch").get_metric_data(
        StartTime=now - timedelta(hours=1),
        EndTime=now + timedelta(minutes=1),
        MetricDataQueries=[
            {
                "Id": f"q{number}",
                "MetricStat": {
                    "Metric": {
                        "Namespace": each.namespace,
                        "MetricName": each.name,
                        "Dimensions": [{"Name": name, "Value": value} for name, value in each.dimensions],
                    },
                    "Stat": each.statistic,
                    "Period": 60,
                },
            }
            for number, each in enumerate(shown)
        ],
    )["MetricDataResults"]

    sums = {shown[int(answer["Id"][1:])]: sum(answer["Values"]) for answer in answers}
    expected = {**OF_RUNS, **OF_ACTIONS}
    assert len(sums) == len(set(shown)) > 10
    for each, number in sums.items():
        is_used = dict(each.dimensions).get("action_type", "aws_api") == "aws_api"
        assert number == (expected[each.name] if is_used else 0), each


def test_alarms_go_off_and_end_and_a_message_arrives_each_time(counted: Counted) -> None:
    until(lambda: counted.alarm("run-failures") == "ALARM")  # 5 of 20
    assert counted.alarm("left-behind") == "ALARM"
    assert counted.alarm("events") == "OK"
    assert counted.alarm("duration") == "INSUFFICIENT_DATA"  # metric math, which the sandbox does not evaluate
    notifications = counted.notifications()
    assert (f"{STACK}-run-failures", "ALARM") in notifications
    assert (f"{STACK}-left-behind", "ALARM") in notifications

    counted.run([WHO] * 6, "six")  # 5 of 26 are less than a fifth

    until(lambda: counted.alarm("run-failures") == "OK")
    assert (f"{STACK}-run-failures", "OK") in counted.notifications()


def test_a_run_of_this_machine_is_counted_among_those_of_the_stack(counted: Counted) -> None:
    local = counted.folder / "local.json"
    local.write_text(json.dumps({"name": "local", "actions": [WHO]}), encoding="utf-8")
    before = counted.awsit("metrics")["runs"]["Runs"]["Sum"]

    result = counted.awsit("run", str(local), "--engine", "local", "--metrics")

    assert result["warnings"] == []
    assert counted.awsit("metrics")["runs"]["Runs"]["Sum"] == before + 1
