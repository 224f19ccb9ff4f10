"""`--events FILE`: every event of every run, as one line of JSON the moment it happens."""

from __future__ import annotations

import re
from types import TracebackType
from typing import Self, TextIO

from awsit.model import json
from awsit.model.codec import encode
from awsit.model.events import Event

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


def event_name(event: Event) -> str:
    """`step_started` for a StepStarted."""
    return _CAPITAL.sub("_", type(event).__name__).lower()


def line(event: Event) -> str:
    """One event as one line of NDJSON, without the line's end: `{"event":"step_started","run_id":...}`."""
    return json.dumps({"event": event_name(event), **encode(event)})


class EventsFile:
    """Writes events to a stream, which it closes; each line is flushed, so that a reader can follow it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stream.close()

    def handle(self, event: Event) -> None:
        """Write one event."""
        self._stream.write(line(event) + "\n")
        self._stream.flush()
