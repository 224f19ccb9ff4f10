"""A tap: the queue in which a run hears something, what it has heard, and how its resources are called."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Self

from msgspec import Struct, field

from awsit.model.json import Json
from awsit.patterns import lazy_pattern

LONGEST_QUEUE, LONGEST_RULE = 80, 64
"""Characters of a name (Amazon SQS API Reference, CreateQueue; Amazon EventBridge API Reference, PutRule)."""
_NOT_IN_NAMES = lazy_pattern(r"[^A-Za-z0-9_-]")


def resource_name(run_id: str, tap: str, longest: int) -> str:
    """The name of a tap's queue or rule: `awsit-RUN-TAP`, or with a hash of the tap's name where that does not fit."""
    name = f"awsit-{run_id}-{tap}"
    if len(name) <= longest and not _NOT_IN_NAMES.search(tap):
        return name
    return f"awsit-{run_id}-{hashlib.sha256(tap.encode()).hexdigest()[:16]}"


class Tap(Struct, frozen=True):
    """An open tap. `kind` says what its messages are: `event_bus`, `topic`, `queue`, `stream` or `log_group`.

    `is_own`: the queue is the run's. Of another one, messages are looked at, or taken out of it (`takes`). A stream
    needs no queue: `stream` names it, and of its records those are heard that `match`. Nor does a log group, of whose
    lines those are heard that `pattern` matches.
    """

    name: str
    queue_url: str
    kind: str
    is_own: bool = True
    takes: bool = True
    stream: str = ""
    match: Json = None
    log_group: str = ""
    pattern: str | None = None

    @classmethod
    def of(cls, kept: Mapping[str, Json]) -> Self:
        """The tap that a `listen` step kept."""
        of_source = (kept.get("stream", ""), kept.get("match"), kept.get("log_group", ""), kept.get("pattern"))
        return cls(kept["tap"], kept["queue"], kept["kind"], kept["is_own"], kept["takes"], *of_source)

    def kept(self, heard: Mapping[str, Json]) -> Json:
        """What its step keeps for later ones, with the messages that it heard by ID."""
        return {
            "tap": self.name,
            "queue": self.queue_url,
            "kind": self.kind,
            "is_own": self.is_own,
            "takes": self.takes,
            "heard": dict(heard),
            **({"stream": self.stream, "match": self.match} if self.stream else {}),
            **({"log_group": self.log_group, "pattern": self.pattern} if self.log_group else {}),
        }


class Heard(Struct):
    """What a tap has heard until now, message by message in that order, by ID; and which of them steps have taken."""

    messages: dict[str, Json] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, tap: str, kept: Iterable[Json]) -> Self:
        """What steps kept of this tap."""
        heard = cls()
        for each in kept:
            if each and each["tap"] == tap:
                heard.messages |= each["heard"]
                heard.taken |= set(each.get("taken", ()))
        return heard
