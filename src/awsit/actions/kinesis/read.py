"""Reading a stream: all of its shards, from a place on, as far as they go now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from awsit.actions.documents import from_bytes, iso_time
from awsit.actions.kinesis.params import STARTS, KinesisParams
from awsit.errors import ActionError, ErrorKind
from awsit.model.action.call import ActionContext
from awsit.model.json import Json

Stream = dict[str, str]
_FROM_ITS_BEGINNING = {"ShardIteratorType": "TRIM_HORIZON"}


def stream_of(params: KinesisParams) -> Stream:
    """The stream as the API names it."""
    return {"StreamARN" if params.stream.startswith("arn:") else "StreamName": params.stream}


def read(params: KinesisParams, client: Any, context_data: ActionContext) -> Json:
    """The records of all shards, in the order of each shard.

    Raises ActionError of kind timeout when the attempt's time is over before the ends of the shards are reached.
    """
    in_time = _in_time(params, context_data)
    position = dict(params.since) if isinstance(params.since, dict) else _begin(params, client)
    records: list[Json] = []
    is_truncated = False
    shards = list(position)
    for shard in shards:  # which grows by the shards into which one was split or merged
        iterator: str | None = position[shard]
        is_behind = True
        while iterator is not None and len(records) < params.limit:
            in_time()
            page = client.get_records(ShardIterator=iterator, Limit=params.limit - len(records))
            records += [_record(each, shard) for each in page["Records"]]
            iterator = page.get("NextShardIterator")
            is_behind = iterator is not None and page.get("MillisBehindLatest", 0) > 0
            if not is_behind:
                break
        is_truncated = is_truncated or is_behind
        if iterator is None:  # the shard was split or merged, and read to its end
            del position[shard]
            children = [each["ShardId"] for each in page.get("ChildShards", ()) if each["ShardId"] not in shards]
            position |= {child: _iterator(params, client, child, _FROM_ITS_BEGINNING) for child in children}
            shards += children
        else:
            position[shard] = iterator
    return {
        "records": records,
        "count": len(records),
        "truncated": is_truncated,
        "position": position,
    }


def _begin(params: KinesisParams, client: Any) -> dict[str, str]:
    """An iterator for each shard of the stream."""
    start: dict[str, Any] = (
        {"ShardIteratorType": STARTS[params.since]}
        if params.since in STARTS
        else {"ShardIteratorType": "AT_TIMESTAMP", "Timestamp": datetime.fromisoformat(params.since)}
    )
    pages = client.get_paginator("list_shards").paginate(**stream_of(params))
    shards = [shard["ShardId"] for page in pages for shard in page["Shards"]]
    return {shard: _iterator(params, client, shard, start) for shard in sorted(shards)}


def _iterator(params: KinesisParams, client: Any, shard: str, start: Mapping[str, Any]) -> str:
    iterator: str = client.get_shard_iterator(**stream_of(params), ShardId=shard, **start)["ShardIterator"]
    return iterator


def _in_time(params: KinesisParams, context_data: ActionContext) -> Callable[[], None]:
    deadline = context_data.clock.monotonic() + context_data.timeout_seconds

    def check() -> None:
        if context_data.clock.monotonic() > deadline:
            raise ActionError(
                f"read stream {params.stream}: not all shards were read in time",
                kind=ErrorKind.TIMEOUT,
                hint="begin later (`since`), lower `limit`, or raise the action's `timeout_seconds`",
            )

    return check


def _record(record: Any, shard: str) -> dict[str, Json]:
    return {
        "data": from_bytes(record["Data"]),
        "partition_key": record["PartitionKey"],
        "sequence_number": record["SequenceNumber"],
        "shard_id": shard,
        "arrived_at": iso_time(record["ApproximateArrivalTimestamp"]),
    }
