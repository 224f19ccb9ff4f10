"""Cached results of a suite, each computed by one of its runs, and the turns of limits."""

from __future__ import annotations

from contextlib import suppress

from awsit.aws.runs import items, updates
from awsit.aws.runs.dynamodb.table import ConditionFailed, Table
from awsit.aws.runs.objects import RunObjects
from awsit.model.json import Json

LARGEST_RESULT = 256 * 1024
"""Bytes of JSON that stay in the table; what is larger goes to S3."""

SHORTEST_CLAIM = 0.001
"""Seconds that the claim of another counts as held at least: a clock that is behind must not make it one's own."""


class SharedByRuns:
    """The part of a run store that is of no single run."""

    def __init__(self, table: Table, objects: RunObjects) -> None:
        self._table = table
        self._objects = objects

    def cached(self, suite: str, key: str, at: float) -> Json | None:
        """What was cached in a suite and is still good at `at` (seconds since the epoch)."""
        item = self._table.get(*items.cache_key(suite, key))
        if item is None or float(item.get("until", 0)) <= at:
            return None
        return items.read_text(item["body"], self.fetch)

    def cache(self, suite: str, key: str, value: Json, until: float) -> None:
        """Keep a value for the runs of a suite, over an older one; the table's TTL removes it."""
        body = self._objects.attribute(f"runs/suites/{suite}/{key}.json", value, LARGEST_RESULT)
        run_id, sk = items.cache_key(suite, key)
        self._table.put({"run_id": run_id, "sk": sk, "body": body, "until": until, "expires_at": int(until) + 1})

    def claim(self, suite: str, key: str, owner: str, at: float, until: float) -> float:
        """Make `owner` the one who computes what is to be cached; returns for how long another one has done so."""
        try:
            self._table.update(*items.cache_key(suite, key), updates.claim(owner, at, until))
        except ConditionFailed as other:
            return max(SHORTEST_CLAIM, at - float(other.item.get("claimed_at", at)))
        return 0.0

    def release_claim(self, suite: str, key: str, owner: str) -> None:
        """Let another one compute what is to be cached, where `owner` had claimed that."""
        with suppress(ConditionFailed):
            self._table.update(*items.cache_key(suite, key), updates.release_claim(owner))

    def take_turn(self, key: str, apart: float, at: float, within: float) -> float:
        """Take the next turn of `key`; returns the seconds from `at` to it. One write, or two to wait for it."""
        partition = f"limit#{key}"
        try:
            with suppress(ConditionFailed):
                self._table.update(partition, updates.TURN, updates.take_free_turn(apart, at))
                return 0.0
            turn = self._table.update(partition, updates.TURN, updates.queue(apart, at + within), returns="ALL_NEW")
        except ConditionFailed as too_late:
            return float(too_late.item["next_at"]) - at
        return max(0.0, float(turn["next_at"]) - apart - at)

    def fetch(self, key: str) -> str:
        """A text that lies in the bucket, whole."""
        return self._objects.get(key)
