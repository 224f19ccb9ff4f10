"""The file of `--events`: each event of each run is a line of JSON (NDJSON), written when it happens."""

from __future__ import annotations

import re
from contextlib import suppress
from types import TracebackType
from typing import Self, TextIO

from awsit.errors import EnvironmentFailure
from awsit.model import codec
from awsit.model.events import Event
from awsit.model.text.visible import visible_json

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


def event_name(event: Event) -> str:
    """The event's type in snake case: `step_started` for a StepStarted."""
    return _CAPITAL.sub("_", type(event).__name__).lower()


def line(event: Event) -> str:
    """The event as a line of NDJSON without its line break: `{"event":"step_started","run_id":...}`."""
    return visible_json(f'{{"event":"{event_name(event)}",{codec.text(event)[1:]}')


class EventsFile:
    """Writes events to a stream and closes it. Each line is flushed, so that a program can follow the file.

    What cannot be written ends no run: nothing more is written then.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._error: OSError | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with suppress(OSError):  # what `handle` could not write is still in its buffer
            self._stream.close()

    def handle(self, event: Event) -> None:
        """Write one event."""
        if self._error:
            return
        try:
            self._stream.write(line(event) + "\n")
            self._stream.flush()
        except OSError as error:
            self._error = error

    def check(self) -> None:
        """Raise EnvironmentFailure when an event could not be written. A reader that has gone needs none."""
        if self._error and not isinstance(self._error, BrokenPipeError):
            raise EnvironmentFailure(
                f"--events: an event could not be written: {self._error.strerror}",
                code="cannot_write",
                hint="look at the file, and at the space on its disk",
            )
