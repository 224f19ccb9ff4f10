from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from awsit.errors import ErrorKind

ARRIVED = datetime(2030, 1, 1, tzinfo=UTC)


def page(*data: bytes, then: str | None, behind: int = 0) -> dict[str, Any]:
    records = [
        {"Data": each, "PartitionKey": "a", "SequenceNumber": str(number), "ApproximateArrivalTimestamp": ARRIVED}
        for number, each in enumerate(data)
    ]
    return {"Records": records, "NextShardIterator": then, "MillisBehindLatest": behind}


class Stream:
    """A stream whose shards answer in turn; `calls` holds the requests, `on_read` runs before each."""

    def __init__(self, pages: dict[str, dict[str, Any]]) -> None:
        self.pages = pages
        self.started: list[dict[str, Any]] = []
        self.read: list[tuple[str, int]] = []
        self.on_read = lambda: None

    def get_paginator(self, operation: str) -> Any:
        assert operation == "list_shards"
        return self

    def paginate(self, **_: Any) -> Any:
        return [{"Shards": [{"ShardId": "s2"}]}, {"Shards": [{"ShardId": "s1"}]}]

    def get_shard_iterator(self, **request: Any) -> Any:
        self.started.append(request)
        return {"ShardIterator": f"{request['ShardId']}-0"}

    def get_records(self, ShardIterator: str, Limit: int) -> Any:  # noqa: N803 - as boto3 has it
        self.on_read()
        self.read.append((ShardIterator, Limit))
        return self.pages[ShardIterator]


def test_all_shards_are_read_as_far_as_they_go(bench: Any) -> None:
    bench.client = Stream(
        {
            "s1-0": page(b'{"total": 1.50}', then="s1-1", behind=5),
            "s1-1": page(then="s1-2", behind=5),  # a page may be empty though more follow
            "s1-2": page(b"text", then="s1-3"),
            "s2-0": page(b"\xff\x00", then=None),  # a shard that was split
        }
    )

    done = bench.run("kinesis", {"operation": "read", "stream": "orders", "since": "2030-01-01T00:00:00Z"})

    assert [each["data"] for each in done.result["records"]] == [
        {"total": Decimal("1.50")},
        "text",
        {"$base64": "/wA="},
    ]
    assert done.result["position"] == {"s1": "s1-3"}
    assert (done.result["count"], done.result["truncated"]) == (3, False)
    assert done.result["records"][0]["arrived_at"] == "2030-01-01T00:00:00Z"
    assert bench.client.started[0] == {
        "StreamName": "orders",
        "ShardId": "s1",
        "ShardIteratorType": "AT_TIMESTAMP",
        "Timestamp": ARRIVED,
    }


def test_the_shards_into_which_one_was_split_are_read_too(bench: Any) -> None:
    children = [{"ShardId": "s2"}, {"ShardId": "s3"}]
    bench.client = Stream(
        {
            "s1-7": {**page(b"a", then=None), "ChildShards": children},
            "s2-0": page(b"b", then="s2-1"),
            "s3-0": page(b"c", then="s3-1"),
        }
    )

    done = bench.run("kinesis", {"operation": "read", "stream": "orders", "since": {"s1": "s1-7"}})

    assert [each["data"] for each in done.result["records"]] == ["a", "b", "c"]
    assert done.result["position"] == {"s2": "s2-1", "s3": "s3-1"}
    assert [each["ShardIteratorType"] for each in bench.client.started] == ["TRIM_HORIZON"] * 2


def test_a_position_goes_on_where_it_is(bench: Any) -> None:
    bench.client = Stream({"s1-7": page(b"a", then="s1-8")})

    done = bench.run("kinesis", {"operation": "read", "stream": "orders", "since": {"s1": "s1-7"}})

    assert bench.client.started == []
    assert done.result["position"] == {"s1": "s1-8"}


def test_no_more_than_the_limit_is_read(bench: Any) -> None:
    bench.client = Stream({"s1-0": page(b"a", b"b", then="s1-1", behind=5)})

    done = bench.run("kinesis", {"operation": "read", "stream": "orders", "limit": 2})

    assert bench.client.read == [("s1-0", 2)]
    assert done.result["truncated"]
    assert done.result["position"] == {"s1": "s1-1", "s2": "s2-0"}


def test_a_read_is_truncated_when_the_limit_leaves_a_shard_unread(bench: Any) -> None:
    bench.client = Stream({"s1-0": page(b"a", b"b", then="s1-1")})

    done = bench.run("kinesis", {"operation": "read", "stream": "orders", "limit": 2})

    assert done.result["truncated"]
    assert done.result["position"] == {"s1": "s1-1", "s2": "s2-0"}


def test_a_stream_that_is_too_long_ends_in_time(bench: Any) -> None:
    bench.client = Stream({"s1-0": page(b"a", then="s1-0", behind=5)})
    bench.client.on_read = lambda: bench.clock.sleep(20)

    refused = bench.refused("kinesis", {"operation": "read", "stream": "orders"})

    assert refused.kind is ErrorKind.TIMEOUT
    assert "not all shards were read in time" in refused.message
