"""The calls of CloudWatch that write and read metrics, against botocore's model of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from tests.unit.aws.fakes import FakeAws

from awsit.aws.metrics import CloudWatchMetrics
from awsit.errors import AccessDeniedError
from awsit.metrics.catalogue import ATTEMPTS, LATENCY, Measurement
from awsit.metrics.figures import MetricQuery, MetricWindow

OF_CALLS = {"stack": "shop", "action_type": "http_call"}
DIMENSIONS = [{"Name": "stack", "Value": "shop"}, {"Name": "action_type", "Value": "http_call"}]
NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
WINDOW = MetricWindow.last(timedelta(hours=1), NOON)


@pytest.fixture
def stubbed() -> tuple[CloudWatchMetrics, Stubber]:
    client: Any = boto3.client(
        "cloudwatch", region_name="eu-west-1", aws_access_key_id="key", aws_secret_access_key="secret"
    )
    return CloudWatchMetrics(FakeAws(cloudwatch=client), "tests", "shop"), Stubber(client)


def test_values_are_put_with_their_counts_150_different_ones_at_a_time(
    stubbed: tuple[CloudWatchMetrics, Stubber],
) -> None:
    metrics, stub = stubbed
    different = tuple(float(number) for number in range(151))
    common = {"MetricName": "Latency", "Unit": "Seconds", "Dimensions": DIMENSIONS}
    first = {**common, "Values": different[:150], "Counts": (2,) + (1,) * 149}
    data = [first, {**common, "Values": (150.0,), "Counts": (1,)}]
    stub.add_response("put_metric_data", {}, {"Namespace": "tests", "MetricData": data})

    with stub:
        metrics.put([Measurement(LATENCY, OF_CALLS, (0.0, *different))])

    stub.assert_no_pending_responses()


def test_every_page_of_every_query_is_read(stubbed: tuple[CloudWatchMetrics, Stubber]) -> None:
    metrics, stub = stubbed
    query = MetricQuery(ATTEMPTS, tuple(OF_CALLS.items()), "Sum", timedelta(minutes=5))
    asked = {
        "Id": "q0",
        "MetricStat": {
            "Metric": {"Namespace": "tests", "MetricName": "Attempts", "Dimensions": DIMENSIONS},
            "Stat": "Sum",
            "Period": 300,
        },
    }
    request = {
        "StartTime": WINDOW.since,
        "EndTime": WINDOW.until,
        "ScanBy": "TimestampAscending",
        "MetricDataQueries": [asked],
    }
    pages = [(NOON - timedelta(minutes=10), 2.0), (NOON - timedelta(minutes=5), 3.0)]
    for number, (at, value) in enumerate(pages):
        result = {"Id": "q0", "Timestamps": [at], "Values": [value], "StatusCode": "Complete"}
        response = {"MetricDataResults": [result], **({} if number else {"NextToken": "more"})}
        stub.add_response("get_metric_data", response, {**request, **({"NextToken": "more"} if number else {})})

    with stub:
        assert metrics.read(WINDOW, [query]) == {query: pages}


def test_a_missing_permission_is_named(stubbed: tuple[CloudWatchMetrics, Stubber]) -> None:
    metrics, stub = stubbed
    stub.add_client_error("put_metric_data", "AccessDenied", "is not authorized to perform: cloudwatch:PutMetricData")

    with stub, pytest.raises(AccessDeniedError, match="cloudwatch:PutMetricData"):
        metrics.put([Measurement(ATTEMPTS, OF_CALLS, (1,))])
