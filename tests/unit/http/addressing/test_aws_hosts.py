import json
from pathlib import Path

import botocore
import pytest

from awsit.http.addressing.aws_hosts import is_aws_host, readdressed
from awsit.model.http import HttpRequest

HERE = "http://127.0.0.1:4566"


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("a.execute-api.eu-west-1.amazonaws.com", True),
        ("A.EXECUTE-API.EU-WEST-1.AMAZONAWS.COM.", True),
        ("a.lambda-url.eu-west-1.on.aws", True),
        ("s3.cn-north-1.amazonaws.com.cn", True),
        ("amazonaws.com.evil.example", False),
        ("notamazonaws.com", False),
        ("docs.aws.amazon.com", False),
        ("127.0.0.1", False),
    ],
)
def test_hosts_of_aws(host, expected):
    assert is_aws_host(host) is expected


PARTITIONS = json.loads((Path(botocore.__file__).parent / "data" / "partitions.json").read_text("utf-8"))["partitions"]


@pytest.mark.parametrize("partition", PARTITIONS, ids=lambda partition: partition["id"])
@pytest.mark.parametrize("suffix", ["dnsSuffix", "dualStackDnsSuffix"])
def test_the_endpoints_of_every_partition_are_aws_s(partition, suffix):
    assert is_aws_host(f"sqs.region-1.{partition['outputs'][suffix]}")


def test_a_request_to_aws_has_another_address_and_the_same_host_and_path():
    request = HttpRequest("GET", "https://a.execute-api.eu-west-1.amazonaws.com/p/%2e?q=1", {"X": "y"})

    sent = readdressed(request, HERE)

    assert sent.url == f"{HERE}/p/%2e?q=1"
    assert sent.headers == {"X": "y", "Host": "a.execute-api.eu-west-1.amazonaws.com"}


def test_a_host_of_the_scenario_s_own_is_kept():
    request = HttpRequest("GET", "https://a.execute-api.eu-west-1.amazonaws.com/", {"host": "api.shop.example"})

    assert readdressed(request, HERE).headers == {"host": "api.shop.example"}


@pytest.mark.parametrize(
    ("url", "endpoint"), [("https://shop.example/", HERE), ("https://sqs.eu-west-1.amazonaws.com/", "")]
)
def test_any_other_request_is_sent_as_it_is(url, endpoint):
    request = HttpRequest("GET", url)

    assert readdressed(request, endpoint) is request
