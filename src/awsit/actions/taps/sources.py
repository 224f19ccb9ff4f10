"""Where messages come from that `receive` takes: the queue or stream of a tap, or the calls of a mock."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct

from awsit.actions.logs.following import LogGroup
from awsit.actions.taps.queues import Batch, receive
from awsit.actions.taps.streams import Positions, hear, newest, open_stream
from awsit.actions.taps.tap import Tap
from awsit.errors import ActionError, ErrorKind
from awsit.model.action.call import ActionContext
from awsit.model.json import Json
from awsit.suggestions import suggestion

LONG_POLL = 4.0
"""Seconds that one look waits for a message (Amazon SQS Developer Guide, "Amazon SQS short and long polling")."""
SHORT_POLL = 1.0
"""Seconds that the only look for none waits: a long poll asks all of the queue's servers."""
PAUSE = 1.0
"""Seconds between two looks, when the one before heard something else."""


class MessageSource(Protocol):
    """Hears messages; `number` counts those, too, that it does not keep. `noun` and `message` are what failures say.

    `stores` says that it keeps them itself; `keeps` is what the step stores of the source besides them. `end` says why
    nothing more can come; it is empty while anything can. `unheard` says why more may have come than was heard, which
    a later look hears.
    """

    noun: str
    message: str
    stores: bool
    number: int
    end: str
    unheard: ActionError | None

    @property
    def keeps(self) -> Mapping[str, Json]:
        """How far it has been read."""

    @property
    def may_repeat(self) -> bool:
        """Whether one look may hear several times."""

    def hear(self, known: Mapping[str, Json], seconds: float) -> Mapping[str, Json]:
        """Messages by ID, those that are not known among them, after a wait of at most so many seconds for one."""

    def pause(self, *, heard_more: bool) -> float:
        """Seconds until the next look."""

    def remark(self, messages: Mapping[str, Json]) -> str:
        """What else to say of these messages where none is the one that is wanted."""


def open_positions(tap: Tap, context_data: ActionContext) -> Positions:
    """The positions from which on a tap hears a stream or a log group."""
    if tap.stream:
        return open_stream(tap.stream, context_data)
    return {tap.log_group: LogGroup(tap.log_group, tap.pattern, context_data).begin()}


class TapSource(Struct):
    """The queue, the stream or the log group of a tap; the latter are heard from `positions` on, which looks move."""

    tap: Tap
    context_data: ActionContext
    positions: Positions
    number: int = 0
    noun: str = "tap"
    message: str = "message"
    stores: bool = False
    end: str = ""
    is_missing: bool = False
    unheard: ActionError | None = None

    @property
    def keeps(self) -> Mapping[str, Json]:
        """As `MessageSource`: the positions in a stream or log group."""
        return {} if self.tap.queue_url else {"positions": self.positions}

    @property
    def may_repeat(self) -> bool:
        """No: a look takes all that there is."""
        return False

    @classmethod
    def of(cls, name: str, context_data: ActionContext) -> TapSource:
        """The tap of a `listen` step. Raises ActionError of kind validation when it is not open."""
        kept = context_data.kept.others
        open_taps = {each["tap"]: each for each in kept if isinstance(each, Mapping) and "queue" in each}
        if name in open_taps:
            of_tap = (each for each in (*kept, context_data.kept.own) if each and each["tap"] == name)
            positions = newest(each["positions"] for each in of_tap if "positions" in each)
            return cls(Tap.of(open_taps[name]), context_data, positions)
        listed = ", ".join(open_taps) or "none"
        raise ActionError(
            f"there is no open tap {name!r}{suggestion(name, open_taps)}",
            kind=ErrorKind.VALIDATION,
            hint=f"open it by a `listen` action of this name, before what it is to hear; open taps: {listed}",
        )

    def hear(self, known: Mapping[str, Json], seconds: float) -> Mapping[str, Json]:
        """As `MessageSource`."""
        if self.tap.stream:
            return self._of(hear(self.tap.stream, self.tap.match, self.positions, self.context_data))
        if self.tap.log_group:
            group = LogGroup(self.tap.log_group, self.tap.pattern, self.context_data)
            heard, self.positions[self.tap.log_group] = group.hear(self.positions[self.tap.log_group], known)
            self.is_missing, self.unheard = group.is_missing, group.unheard
            return heard
        return self._of(receive(self.tap, known, math.ceil(seconds), self.context_data))

    def _of(self, batch: Batch) -> Mapping[str, Json]:
        self.unheard = batch.unheard
        return batch.messages

    def pause(self, *, heard_more: bool) -> float:
        """As `MessageSource`; a look into a queue alone waits by itself."""
        return PAUSE if heard_more or not self.tap.queue_url else 0.0

    def remark(self, _messages: Mapping[str, Json]) -> str:
        """As `MessageSource`: that a log group is not there, or that not all was read."""
        if self.is_missing:
            return f", and the log group {self.tap.log_group} is not there"
        return f", and more may be there ({self.unheard})" if self.unheard else ""


class MockSource(Struct):
    """The calls of a mock, which keeps them itself."""

    name: str
    context_data: ActionContext
    number: int = 0
    noun: str = "mock"
    message: str = "call"
    stores: bool = True
    end: str = ""
    unheard: ActionError | None = None

    @property
    def keeps(self) -> Mapping[str, Json]:
        """As `MessageSource`: nothing."""
        return {}

    @property
    def may_repeat(self) -> bool:
        """Where a look waits for the next call by itself."""
        return self.context_data.mocks.pause_seconds == 0

    def hear(self, known: Mapping[str, Json], seconds: float) -> Mapping[str, Json]:
        """As `MessageSource`. Raises ActionError of kind validation when there is no such mock."""
        known_number = max(len(known), self.number)
        log = self.context_data.mocks.calls(self.context_data.run_id, self.name, known_number, seconds)
        self.number = log.number
        return log.calls

    def pause(self, *, heard_more: bool) -> float:  # noqa: ARG002 - of `MessageSource`
        """As `MessageSource`."""
        return self.context_data.mocks.pause_seconds

    def remark(self, messages: Mapping[str, Json]) -> str:
        """As `MessageSource`: how many calls no route fits."""
        lost = sum(1 for call in messages.values() if call["route"] is None)
        kept = f", and kept {len(messages)} of them" if self.number > len(messages) else ""
        return f", {lost} of them without a route{kept}" if lost else kept
