"""Taps on streams: from now on, over all shards and those that follow them, whatever becomes of an iterator."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from pydantic import ValidationError
from tests.unit.actions.services import Clients
from tests.unit.engine.world import World

from awsit.actions.taps.listen import ACTION
from awsit.actions.taps.params import ListenParams
from awsit.actions.taps.streams import hear, open_stream
from awsit.model.action.call import ActionContext
from awsit.model.permissions import AwsLocation
from awsit.model.result import RunResult, RunStatus
from awsit.system.clock import FakeClock

START = datetime(2030, 1, 1, tzinfo=UTC)
TABLE = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders/stream/2030-01-01"


@dataclass
class Shard:
    parent: str = ""
    records: list[tuple[int, datetime, Any]] = field(default_factory=list)
    is_closed: bool = False


class StreamAws(Clients):
    """Streams whose iterators serve for 5 minutes; `busy` reads are refused, and each page has two records."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = FakeClock()
        self.shards = {"s1": Shard(), "s2": Shard()}
        self.busy = 0
        self.plan: list[tuple[float, Any]] = []
        self.number = 7

    def in_world(self) -> World:
        world = World(aws=self)
        self.clock = world.clock
        return world

    def context(self) -> ActionContext:
        return ActionContext("run-1", self.in_world().http, self, self.clock)

    def put(self, shard: str, data: Any) -> None:
        self.number += 1
        self.shards[shard].records.append((self.number, self._now(), data))

    def split(self, shard: str, *children: str) -> None:
        self.shards[shard].is_closed = True
        self.shards |= {child: Shard(parent=shard) for child in children}

    def list_shards(self, StreamName: str = "", NextToken: str = "", **_: Any) -> Any:  # noqa: N803 - as boto3 has it
        assert not (StreamName and NextToken)
        names, page = list(self.shards), int(NextToken or 0)
        following = {"NextToken": str(page + 1)} if page + 1 < len(names) else {}
        return {**self._described(names[page : page + 1]), **following}

    def describe_stream(self, ExclusiveStartShardId: str = "", **_: Any) -> Any:  # noqa: N803 - as boto3 has it
        names = list(self.shards)
        one = names[names.index(ExclusiveStartShardId) + 1 if ExclusiveStartShardId else 0]
        more = {} if one == names[-1] else {"LastEvaluatedShardId": one}
        page = self._described([one])
        return {"StreamDescription": {"Shards": page["Shards"], **more}, "ResponseMetadata": page["ResponseMetadata"]}

    def get_shard_iterator(self, ShardId: str, ShardIteratorType: str, **more: Any) -> Any:  # noqa: N803
        records = self.shards[ShardId].records
        place = {
            "LATEST": lambda: len(records),
            "TRIM_HORIZON": lambda: 0,
            "AT_TIMESTAMP": lambda: sum(at < more["Timestamp"] for _, at, _ in records),
            "AFTER_SEQUENCE_NUMBER": lambda: sum(
                number <= int(more["StartingSequenceNumber"]) for number, _, _ in records
            ),
        }[ShardIteratorType]()
        return {"ShardIterator": json.dumps([ShardId, place, self.clock.monotonic()])}

    def get_records(self, ShardIterator: str) -> Any:  # noqa: N803 - as boto3 has it
        while self.plan and self.plan[0][0] <= self.clock.monotonic():
            self.plan.pop(0)[1]()
        name, place, at = json.loads(ShardIterator)
        if self.clock.monotonic() - at > 300:
            raise _error("ExpiredIteratorException")
        if self.busy:
            self.busy -= 1
            raise _error("ProvisionedThroughputExceededException")
        shard = self.shards[name]
        records, end = shard.records[place : place + 2], min(place + 2, len(shard.records))
        following = json.dumps([name, end, self.clock.monotonic()])
        is_over = shard.is_closed and end == len(shard.records)
        more = {} if is_over else {"NextShardIterator": following}
        behind = 1000 * (len(shard.records) - end)
        return {"Records": [_record(*each) for each in records], "MillisBehindLatest": behind, **more}

    def _now(self) -> datetime:
        return START + timedelta(seconds=self.clock.monotonic())

    def _described(self, names: list[str]) -> Any:
        shards = []
        for name in names:
            shard = self.shards[name]
            numbers = {"StartingSequenceNumber": "1"} | ({"EndingSequenceNumber": "9"} if shard.is_closed else {})
            parent = {"ParentShardId": shard.parent} if shard.parent else {}
            shards.append({"ShardId": name, "SequenceNumberRange": numbers, **parent})
        date = self._now().strftime("%a, %d %b %Y %H:%M:%S GMT")
        return {"Shards": shards, "ResponseMetadata": {"HTTPHeaders": {"date": date}}}


def _record(number: int, at: datetime, data: Any) -> Any:
    """A record in the words of both services."""
    return {
        "Data": json.dumps(data).encode(),
        "PartitionKey": "a",
        "SequenceNumber": str(number),
        "ApproximateArrivalTimestamp": at,
        "eventName": "INSERT",
        "dynamodb": {
            "Keys": {"id": {"S": str(number)}},
            "NewImage": {"n": {"N": str(data.get("n", 0))}},
            "SequenceNumber": str(number),
            "ApproximateCreationDateTime": at.replace(microsecond=0),
        },
    }


def _error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": 400}}, "Call")


def heard(aws: StreamAws, stream: str, positions: Any, match: Any = None) -> list[Any]:
    found = hear(stream, match or {}, positions, aws.context()).messages.values()
    return [int(each["data"]["n"] if stream == "clicks" else each["new"]["n"]) for each in found]


@pytest.mark.parametrize("stream", ["clicks", TABLE])
@pytest.mark.parametrize("pause", [1, 301, 4000])
def test_all_that_comes_from_now_on_is_heard_once_however_late(stream: str, pause: float) -> None:
    aws = StreamAws()
    for number in range(5):
        aws.put("s1", {"n": number})
    aws.clock.sleep(60)
    positions = open_stream(stream, aws.context())
    numbers = []
    for number in range(10, 22, 3):
        aws.clock.sleep(pause)
        for more in range(3):
            aws.put(f"s{1 + (number + more) % 2}", {"n": number + more})
        numbers += heard(aws, stream, positions)

    assert sorted(numbers) == [*range(10, 22)]


@pytest.mark.parametrize("stream", ["clicks", TABLE])
def test_shards_that_follow_a_closed_one_are_heard_from_their_beginning(stream: str) -> None:
    aws = StreamAws()
    aws.split("s2", "s0")
    positions = open_stream(stream, aws.context())
    aws.put("s1", {"n": 1})
    aws.split("s1", "s3", "s4")
    aws.put("s3", {"n": 3})
    aws.split("s3", "s5")
    aws.put("s5", {"n": 5})

    assert (heard(aws, stream, positions), heard(aws, stream, positions)) == ([1, 3, 5], [])
    aws.clock.sleep(400)
    aws.put("s4", {"n": 4})
    aws.put("s0", {"n": 0})
    assert sorted(heard(aws, stream, positions)) == [0, 4]


@pytest.mark.parametrize("stream", ["clicks", TABLE])
def test_shards_that_are_listed_late_are_heard_from_their_beginning(stream: str) -> None:
    aws = StreamAws()
    aws.split("s2")
    positions = open_stream(stream, aws.context())
    aws.put("s1", {"n": 1})
    aws.split("s1")

    assert set(heard(aws, stream, positions)) == {1}
    aws.clock.sleep(400)
    aws.shards |= {"s3": Shard(parent="s1"), "s4": Shard(parent="s2")}
    aws.put("s3", {"n": 3})
    aws.put("s4", {"n": 4})
    assert sorted(heard(aws, stream, positions))[-2:] == [3, 4]
    assert heard(aws, stream, positions) == []


def test_a_stream_that_was_just_turned_on_is_heard_from_its_beginning() -> None:
    aws = StreamAws()
    aws.shards = {}
    positions = open_stream("clicks", aws.context())
    assert heard(aws, "clicks", positions) == []
    aws.shards = {"s1": Shard()}
    aws.put("s1", {"n": 1})

    assert (heard(aws, "clicks", positions), heard(aws, "clicks", positions)) == ([1], [])


def test_a_shard_that_others_read_has_its_turn_later() -> None:
    aws = StreamAws()
    positions = open_stream("clicks", aws.context())
    aws.put("s1", {"n": 1})
    aws.busy = 2

    assert (heard(aws, "clicks", positions), heard(aws, "clicks", positions)) == ([], [1])


@pytest.mark.parametrize(("busy", "code"), [(2, "received"), (10**6, "throttling")])
def test_that_none_came_is_not_known_while_others_use_up_what_a_shard_gives(busy: int, code: str) -> None:
    aws = StreamAws()
    aws.plan = [(1, lambda: (aws.put("s1", {"n": 1}), setattr(aws, "busy", busy)))]
    none = "{name: None, type: receive, params: {from: Clicks, match: {data: {n: 1}}, count: 0}}"

    step = run(aws, none).steps[-1]

    assert step.error
    assert step.error.code == code


def test_that_none_came_is_known_only_of_what_was_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    aws = StreamAws()
    aws.plan = [(1, lambda: [aws.put("s1", {"n": number}) for number in range(8)])]
    monkeypatch.setattr(aws, "get_records", _slowly(aws))
    last = "{name: Last, type: receive, params: {from: Clicks, match: {data: {n: 7}}, count: 0}}"

    step = run(aws, last).steps[-1]

    assert step.error
    assert step.error.code == "received"


def _slowly(aws: StreamAws) -> Any:
    """Reads that take 2 seconds each, so that a look ends before it has read all."""
    at_once = aws.get_records

    def get_records(**given: Any) -> Any:
        aws.clock.sleep(2)
        return at_once(**given)

    return get_records


def run(aws: StreamAws, *steps: str) -> RunResult:
    clicks = '{name: Clicks, type: listen, params: {stream: clicks, match: {data: {n: "#number"}}}}'
    text = "".join(f"  - {step}\n" for step in (clicks, "{name: Act, type: wait, params: {seconds: 400}}", *steps))
    return aws.in_world().run(f"name: stream\ntimeout_seconds: 3000\nactions:\n{text}")


def test_steps_go_on_where_the_one_before_has_read() -> None:
    aws = StreamAws()
    aws.plan = [
        (1, lambda: (aws.put("s1", {"n": 1}), aws.put("s1", {"x": "of others"}), aws.put("s2", {"n": 2}))),
        (405, lambda: aws.put("s1", {"n": 3})),
    ]
    third = "{name: Third, type: receive, params: {from: Clicks, match: {data: {n: 3}}}}"
    first = "{name: First, type: receive, params: {from: Clicks}, assert: [{path: $.first.data.n, equals: 1}]}"
    none = "{name: None, type: receive, params: {from: Clicks, match: {data: {n: 3}}, count: 0}}"

    result = run(aws, third, first, none)

    assert result.status is RunStatus.PASSED, [each.error for each in result.steps]
    assert [result.steps[index].response["heard"] for index in (2, 3, 4)] == [3, 3, 3]
    assert result.cleanup.steps == ()


def test_what_does_not_come_ends_in_time_with_the_closest() -> None:
    aws = StreamAws()
    aws.plan = [(1, lambda: aws.put("s1", {"n": 1}))]

    step = run(aws, "{name: R, type: receive, params: {from: Clicks, match: {data: {n: 9}}, within_seconds: 4}}").steps[
        2
    ]

    assert step.error
    assert step.error.message == "no message came that matches within 4 s; the tap Clicks heard 1 message"
    assert step.assertions[0].message == "$.data.n: expected 9, got 1"
    assert 4 <= step.duration_seconds < 5


def test_reading_a_stream_needs_no_queue_and_is_allowed_on_the_stream_alone() -> None:
    here = AwsLocation("aws", "eu-west-1", "123456789012")
    of_kinesis, of_table = (ACTION.permissions({"stream": name}, here).permissions for name in ("clicks", TABLE))

    assert {each.resource for each in of_kinesis} == {"arn:aws:kinesis:eu-west-1:123456789012:stream/clicks"}
    assert {(each.action, each.resource) for each in of_table} == {
        (f"dynamodb:{name}", TABLE) for name in ("DescribeStream", "GetShardIterator", "GetRecords")
    }


def test_a_stream_that_only_the_run_knows_may_be_of_either_service() -> None:
    here = AwsLocation("aws", "eu-west-1", "123456789012")

    needed = ACTION.permissions({"stream": "{{ context.stream }}"}, here).permissions

    assert {each.resource for each in needed} == {
        "arn:aws:kinesis:eu-west-1:123456789012:stream/*",
        "arn:aws:dynamodb:eu-west-1:123456789012:table/*/stream/*",
    }


@pytest.mark.parametrize("more", [{"ready_seconds": 1}, {"pattern": {"a": [1]}}, {"match": {"data": "#strin"}}])
def test_what_does_not_go_with_a_stream_is_refused(more: Any) -> None:
    with pytest.raises(ValidationError, match=r"stream|strin"):
        ListenParams.model_validate({"stream": "clicks", **more})
