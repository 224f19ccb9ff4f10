"""The streams of Kinesis and DynamoDB, in the same words: shards, iterators, and pages of records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from awsit.actions.aws_errors import answered_at
from awsit.actions.documents import from_bytes, iso_time
from awsit.actions.dynamodb.attribute_values import decode_map
from awsit.model.action.call import ActionContext
from awsit.model.json import Json

_MARGIN = timedelta(seconds=1)
"""By how much the times of records may lag behind those of answers: both are cut to seconds."""


class StreamShard(Struct, frozen=True):
    """A shard; `parents` are those that it continues. One that is not open gets no more records."""

    name: str
    parents: tuple[str, ...]
    is_open: bool


class Record(Struct, frozen=True):
    """A record, as scenarios see it: its sequence number grows within its shard."""

    number: str
    at: datetime
    document: Json


class RecordPage(Struct, frozen=True):
    """Records of a shard, and the iterator to go on with: None at the end of a shard that is closed."""

    records: tuple[Record, ...]
    iterator: str | None
    is_behind: bool


class Stream:
    """A stream of Kinesis, by its name or ARN, or of a table of DynamoDB, by its ARN.

    Kinesis API Reference: ListShards, GetShardIterator, GetRecords. DynamoDB API Reference, "Amazon DynamoDB Streams":
    DescribeStream, GetShardIterator, GetRecords; a stream has no iterators by time there.
    """

    def __init__(self, name: str, context_data: ActionContext) -> None:
        self.of_table = is_of_table(name)
        self._client: Any = context_data.aws.client("dynamodbstreams" if self.of_table else "kinesis")
        self._named = {"StreamARN" if name.startswith("arn:") else "StreamName": name}
        if self.of_table:
            self._named = {"StreamArn": name}
        self._clock = context_data.clock

    def shards(self) -> tuple[list[StreamShard], datetime]:
        """All shards, and the time by the clock of the service."""
        pages = list(self._described() if self.of_table else self._listed())
        return [_shard(each) for page in pages for each in page["Shards"]], answered_at(pages[0], self._clock)

    def latest(self, shard: str) -> str:
        """An iterator for what comes from now on."""
        return self._iterator(shard, ShardIteratorType="LATEST")

    def first(self, shard: str) -> str:
        """An iterator for all that the shard holds."""
        return self._iterator(shard, ShardIteratorType="TRIM_HORIZON")

    def after(self, shard: str, number: str) -> str:
        """An iterator for what came after the record with this sequence number."""
        return self._iterator(shard, ShardIteratorType="AFTER_SEQUENCE_NUMBER", StartingSequenceNumber=number)

    def since(self, shard: str, at: datetime) -> str:
        """An iterator for what came at this time or later, and maybe for records before (`is_since`)."""
        if self.of_table:
            return self.first(shard)
        return self._iterator(shard, ShardIteratorType="AT_TIMESTAMP", Timestamp=at - _MARGIN)

    def page(self, shard: str, iterator: str) -> RecordPage:
        """The next records of a shard; there may be none though more follow."""
        answer = self._client.get_records(ShardIterator=iterator)
        records = tuple(_of_table(each) if self.of_table else _of_kinesis(each, shard) for each in answer["Records"])
        is_behind = bool(records) if self.of_table else answer.get("MillisBehindLatest", 0) > 0
        return RecordPage(records, answer.get("NextShardIterator"), is_behind)

    def _iterator(self, shard: str, **start: Any) -> str:
        iterator: str = self._client.get_shard_iterator(**self._named, ShardId=shard, **start)["ShardIterator"]
        return iterator

    def _listed(self) -> Iterator[Mapping[str, Any]]:
        """The pages; each after the first is asked for by its token alone (ListShards, `NextToken`)."""
        request = self._named
        while request:
            page = self._client.list_shards(**request)
            yield page
            request = {"NextToken": page["NextToken"]} if page.get("NextToken") else {}

    def _described(self) -> Iterator[Mapping[str, Any]]:
        request = self._named
        while True:
            page = self._client.describe_stream(**request)
            description = page["StreamDescription"]
            yield {"Shards": description["Shards"], "ResponseMetadata": page.get("ResponseMetadata", {})}
            if "LastEvaluatedShardId" not in description:
                return
            request = {**request, "ExclusiveStartShardId": description["LastEvaluatedShardId"]}


def is_of_table(name: str) -> bool:
    """Whether it is the ARN of the stream of a table."""
    return name.startswith("arn:") and name.split(":")[2:3] == ["dynamodb"]


def is_since(record: Record, at: datetime) -> bool:
    """Whether a record came at this time or later, by times that are cut to seconds."""
    return record.at >= at - _MARGIN


def _shard(given: Mapping[str, Any]) -> StreamShard:
    parents = (given.get("ParentShardId"), given.get("AdjacentParentShardId"))
    is_open = "EndingSequenceNumber" not in given["SequenceNumberRange"]
    return StreamShard(given["ShardId"], tuple(each for each in parents if each), is_open)


def _of_kinesis(record: Mapping[str, Any], shard: str) -> Record:
    at = record["ApproximateArrivalTimestamp"]
    document = {
        "data": from_bytes(record["Data"]),
        "partition_key": record["PartitionKey"],
        "sequence_number": record["SequenceNumber"],
        "shard_id": shard,
        "arrived_at": iso_time(at),
    }
    return Record(record["SequenceNumber"], at, document)


def _of_table(record: Mapping[str, Any]) -> Record:
    change = record["dynamodb"]
    at = change["ApproximateCreationDateTime"]
    document = {
        "event": record["eventName"],
        "keys": decode_map(change["Keys"]),
        "new": decode_map(change["NewImage"]) if "NewImage" in change else None,
        "old": decode_map(change["OldImage"]) if "OldImage" in change else None,
        "sequence_number": change["SequenceNumber"],
        "created_at": iso_time(at),
    }
    return Record(change["SequenceNumber"], at, document)
