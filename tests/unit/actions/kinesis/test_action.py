from __future__ import annotations

from typing import Any

import pytest

from awsit.actions.registry import BY_TYPE
from awsit.model.action.protocol import Summary
from awsit.model.permissions import AwsLocation, Permission

ARN = "arn:aws:kinesis:eu-central-1:123456789012:stream/orders"
HERE = AwsLocation.of("eu-central-1", "123456789012")
RECORD = {"data": {"id": 7}, "partition_key": "a"}
REFUSED = {"ErrorCode": "ProvisionedThroughputExceededException", "ErrorMessage": "slow down"}


@pytest.mark.parametrize(("stream", "named"), [("orders", {"StreamName": "orders"}), (ARN, {"StreamARN": ARN})])
def test_records_are_put(bench: Any, stream: str, named: dict[str, str]) -> None:
    bench.script(put_records=[{"Records": [{"ShardId": "s1", "SequenceNumber": "1"}, REFUSED]}])
    records = [RECORD, {"data": "text", "partition_key": "b", "explicit_hash_key": "0"}]

    done = bench.run("kinesis", {"operation": "put", "stream": stream, "records": records})

    assert bench.client.calls == [
        (
            "put_records",
            {
                **named,
                "Records": [
                    {"Data": b'{"id":7}', "PartitionKey": "a"},
                    {"Data": b"text", "PartitionKey": "b", "ExplicitHashKey": "0"},
                ],
            },
        )
    ]
    assert done.result["records"] == [
        {"shard_id": "s1", "sequence_number": "1"},
        {"shard_id": None, "sequence_number": None},
    ]
    assert done.failure is not None
    assert done.failure.startswith("PutRecords: 1 of 2 entries was refused: [1] ProvisionedThroughput")


def test_records_of_which_none_was_put_are_a_refused_call(bench: Any) -> None:
    bench.script(put_records=[{"Records": [REFUSED]}])

    refused = bench.refused("kinesis", {"operation": "put", "stream": "orders", "records": [RECORD]})

    assert refused.service_code == "ProvisionedThroughputExceededException"


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"operation": "put"}, "put needs `records`"),
        ({"operation": "put", "records": [RECORD], "since": "latest"}, "put does not take `since`"),
        ({"operation": "read", "since": 7}, "must be `trim_horizon`, `latest`, an ISO 8601 time, or the `position`"),
        ({"operation": "read", "since": {}}, "must be `trim_horizon`"),
        ({"operation": "read", "since": "yesterday"}, "must be an ISO 8601 time"),
        ({"operation": "read", "since": "2030-01-01"}, "must name its time zone"),
        ({"operation": "put", "records": [{**RECORD, "explicit_hash_key": "x"}]}, "explicit_hash_key"),
    ],
)
def test_what_does_not_fit_is_refused(bench: Any, params: dict[str, Any], said: str) -> None:
    assert said in bench.refused("kinesis", {"stream": "orders", **params}).message


@pytest.mark.parametrize("stream", ["orders", ARN])
def test_plan_names_the_stream(stream: str) -> None:
    action = BY_TYPE["kinesis"]
    read = {"operation": "read", "stream": stream}

    names = ("ListShards", "GetShardIterator", "GetRecords")
    assert action.permissions(read, HERE).permissions == tuple(Permission(f"kinesis:{name}", ARN) for name in names)
    assert action.summary(read) == Summary(f"read {stream}", stream)
    assert action.permissions({"operation": "{{ vars.o }}"}, HERE).unknown


def test_only_a_read_may_be_done_twice() -> None:
    action = BY_TYPE["kinesis"]
    each = [
        action.params_model.model_validate({"stream": "s", **more})
        for more in ({"operation": "read"}, {"operation": "put", "records": [RECORD]})
    ]

    assert [action.is_safe_to_repeat(params) for params in each] == [True, False]
