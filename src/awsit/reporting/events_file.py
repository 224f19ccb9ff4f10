"""The file of `--events`: each event of each run is a line of JSON (NDJSON), written when it happens."""

from __future__ import annotations

import re
from types import TracebackType
from typing import Self, TextIO

from awsit.model import json
from awsit.model.codec import encode
from awsit.model.events import Event

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


def event_name(event: Event) -> str:
    """The event's type in snake case: `step_started` for a StepStarted."""
    return _CAPITAL.sub("_", type(event).__name__).lower()


def line(event: Event) -> str:
    """The event as a line of NDJSON without its line break: `{"event":"step_started","run_id":...}`."""
    return json.dumps({"event": event_name(event), **encode(event)})


class EventsFile:
    """Writes events to a stream and closes it. Each line is flushed, so that a program can follow the file."""

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
