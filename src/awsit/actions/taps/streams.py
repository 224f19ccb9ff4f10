"""What a tap on a stream hears: each shard from a position on, which steps keep, and the shards that follow it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from awsit.actions.aws_errors import calling, more_than_a_look
from awsit.actions.taps.queues import Batch
from awsit.actions.taps.shards import RecordPage, Stream, StreamShard, is_since
from awsit.errors import ActionError, ErrorKind
from awsit.expressions.assertions.matchers import Rules, matches
from awsit.model.action.call import ActionContext
from awsit.model.json import Json
from awsit.system.clock import iso, parse_iso

LOOK_SECONDS = 5.0
"""After so long a look ends: what it has read is stored, and the next goes on from there."""
_EXPIRED = "ExpiredIteratorException"
_BUSY = frozenset({"ProvisionedThroughputExceededException", "LimitExceededException"})
"""Other readers have used up what a shard gives in a second (5 reads): a later look has its turn."""
_RULES = Rules()

Positions = dict[str, Json]
"""By shard: `{iterator, after, since}`, or None once it is closed, read to its end, and continued by others.

An iterator serves for 5 minutes (15 of a table's stream). Then the position is that after the sequence number `after`;
before any record, the time `since` which the tap was open; without both, the beginning of the shard.
"""


def open_stream(name: str, context_data: ActionContext) -> Positions:
    """The positions from which on the tap hears: the end of each open shard, and of each that none continues yet.

    A stream that has just been turned on may have no shard at all; those that it gets are heard from their beginning.
    """
    with calling(context_data.aws, f"listen to stream {name}"):
        stream = Stream(name, context_data)
        shards, at = stream.shards()
        continued = {parent for each in shards for parent in each.parents}
        return {
            each.name: {"iterator": stream.latest(each.name), "after": "", "since": iso(at)}
            for each in shards
            if each.is_open or each.name not in continued
        }


def newest(kept: Iterable[Mapping[str, Json]]) -> Positions:
    """The positions of the step that has read furthest, shard by shard."""
    found: Positions = {}
    for positions in kept:
        for shard, position in positions.items():
            if shard not in found or _progress(position) >= _progress(found[shard]):
                found[shard] = position
    return found


def _progress(position: Json) -> float:
    return float("inf") if position is None else int(position["after"] or 0)


def hear(name: str, match: Json, positions: Positions, context_data: ActionContext) -> Batch:
    """Read all shards as far as they go now, and move the positions on; what matches is heard."""
    with calling(context_data.aws, f"listen to stream {name}"):
        return _Look(name, match, positions, context_data).batch()


class _Look(Struct):
    name: str
    match: Json
    positions: Positions
    context: ActionContext

    def batch(self) -> Batch:
        batch, stream = Batch(), Stream(self.name, self.context)
        seconds = min(LOOK_SECONDS, self.context.timeout_seconds / 2)
        ends = self.context.clock.monotonic() + seconds
        shards = [shard for shard, position in self.positions.items() if position is not None]
        if not self.positions:
            shards = self._begun(stream, stream.shards()[0])
        for shard in shards:  # which grows by the shards into which one was split or merged
            while (page := self._page(stream, shard, batch)) is not None:
                self._note(page, shard, batch)
                if page.iterator is None:
                    shards += self._children(stream, shard)
                    break
                if not page.is_behind:
                    break
                if self.context.clock.monotonic() > ends:
                    batch.unheard = more_than_a_look(f"stream {self.name}")
                    break
        return batch

    def _page(self, stream: Stream, shard: str, batch: Batch) -> RecordPage | None:
        """The next records of a shard; None while other readers use up what it gives, which the batch is told."""
        for is_new in (False, True):
            try:
                with calling(self.context.aws, f"listen to stream {self.name}"):
                    if is_new:
                        self.positions[shard] = _renewed(stream, shard, self.positions[shard])
                    return stream.page(shard, self.positions[shard]["iterator"])
            except ActionError as error:
                if error.kind is ErrorKind.THROTTLING or error.service_code in _BUSY:
                    batch.unheard = error
                    return None
                if error.service_code != _EXPIRED or is_new:
                    raise
        return None

    def _note(self, page: RecordPage, shard: str, batch: Batch) -> None:
        """Hear a page, and move the position of its shard behind it."""
        before = self.positions[shard]
        since = parse_iso(before["since"]) if before.get("is_sought") else None
        for record in page.records:
            is_new = since is None or is_since(record, since)
            if is_new and matches(self.match, record.document, _RULES):
                batch.messages[f"{shard}/{record.number}"] = record.document
        after = page.records[-1].number if page.records else before["after"]
        self.positions[shard] = {**before, "iterator": page.iterator or before["iterator"], "after": after}

    def _children(self, stream: Stream, closed: str) -> list[str]:
        """The shards that continue one that was read to its end. While none is listed, its end is read again."""
        children = [each for each in stream.shards()[0] if closed in each.parents]
        if children:
            self.positions[closed] = None
        return self._begun(stream, children)

    def _begun(self, stream: Stream, shards: Iterable[StreamShard]) -> list[str]:
        """The shards of these that are not heard yet, which are heard from their beginning."""
        new = [each.name for each in shards if each.name not in self.positions]
        self.positions |= {each: {"iterator": stream.first(each), "after": "", "since": ""} for each in new}
        return new


def _renewed(stream: Stream, shard: str, position: Mapping[str, Json]) -> Json:
    """A position whose iterator does not serve any more, with another one; `is_sought`: that may begin too early."""
    if position["after"]:
        return {**position, "iterator": stream.after(shard, position["after"])}
    if not position["since"]:
        return {**position, "iterator": stream.first(shard)}
    return {**position, "iterator": stream.since(shard, parse_iso(position["since"])), "is_sought": True}
