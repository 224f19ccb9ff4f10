from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from awsit.actions.aws_api.conversion import to_input
from awsit.actions.aws_api.service_model import find_operation

HALF = "x\ud83dy"


def shape(service: str, operation: str) -> Any:
    return find_operation(service, operation).input_shape


@pytest.mark.parametrize(
    ("service", "operation", "params", "place"),
    [
        ("ssm", "get_parameter", {"Name": HALF}, "params.Name"),
        ("s3", "put_object", {"Bucket": "b", "Key": "k", "Body": HALF}, "params.Body"),
        ("s3", "put_object", {"Bucket": "b", "Key": "k", "Metadata": {"a": HALF}}, "params.Metadata.a"),
        ("sqs", "tag_queue", {"QueueUrl": "u", "Tags": {HALF: "v"}}, "params.Tags"),
        ("ssm", "get_parameters", {"Names": ["fine", HALF]}, "params.Names[1]"),
    ],
)
def test_text_that_utf_8_cannot_hold_is_refused_with_its_place(
    service: str, operation: str, params: dict[str, Any], place: str
) -> None:
    with pytest.raises(ValueError, match="which UTF-8 cannot hold") as error:
        to_input(params, shape(service, operation))
    assert str(error.value).startswith(f"`{place}` holds `\\ud83d`, half of a surrogate pair, at character 2")


def test_a_number_that_no_float_holds_is_refused() -> None:
    params = {"Namespace": "n", "MetricData": [{"MetricName": "m", "Value": Decimal("1e400")}]}
    with pytest.raises(ValueError, match=r"`params\.MetricData\[0\]\.Value`: 1\.000E\+400 is larger"):
        to_input(params, shape("cloudwatch", "put_metric_data"))
