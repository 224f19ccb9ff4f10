"""A log group that is heard from now on: its lines come late and in any order, and none is lost or comes twice."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Any

from msgspec import Struct

from awsit.actions.aws_errors import answered_at, calling, more_than_a_look
from awsit.actions.logs.events import named, plain
from awsit.errors import ActionError, ErrorKind
from awsit.model.action.call import ActionContext
from awsit.model.json import Json

LOOK_SECONDS = 5.0
"""After so long a look ends; the next goes on from there."""
LATE_MILLISECONDS = 300_000
"""So long after the time that a line has, it is still looked for: agents and services send lines in batches."""
FIRST_MILLISECONDS = 1000
"""So long after a group was first asked for, its lines are heard: the service tells its time in whole seconds."""
_BAD_TOKEN = "InvalidParameterException"  # noqa: S105 - a service's error code


class _Page(Struct, frozen=True):
    """Events, the token of the next page, and when the service answered."""

    events: Sequence[Mapping[str, Any]]
    token: str | None
    at: int


class LogGroup(Struct):
    """A log group, of which the lines that `pattern` matches are heard; `is_missing` once it was not there.

    `unheard` says why the last look may not have read all that is stored; None when it has.
    """

    name: str
    pattern: str | None
    context_data: ActionContext
    is_missing: bool = False
    unheard: ActionError | None = None

    def begin(self) -> Json:
        """The position from which on its lines are heard. One that is not there may come: it is heard all the same.

        A position is `{after, token, began}`: lines of the time `after` and later are read. `token` is that of a sweep
        which ended before its last page, and which had begun at `began`. Times are milliseconds since the epoch.
        """
        now = int(self.context_data.clock.wall().timestamp() * 1000)
        page = self._page({"after": now, "token": None}, limit=1)
        return {"after": page.at + FIRST_MILLISECONDS, "token": None, "began": None}

    def hear(self, position: Mapping[str, Json], known: Container[str] = ()) -> tuple[dict[str, Json], Json]:
        """Read the lines as far as they are stored now. Returns the new ones by ID, and the position to go on from.

        Each sweep begins before the end of the one before, at the lines that may have come late. Those that came
        before come again with the same IDs. FilterLogEvents gives lines in the order of their times, and a page may be
        empty though more follow (CloudWatch Logs API Reference).
        """
        seconds = min(LOOK_SECONDS, self.context_data.timeout_seconds / 2)
        ends = self.context_data.clock.monotonic() + seconds
        heard: dict[str, Json] = {}
        while True:
            try:
                page = self._page(position)
            except ActionError as error:
                if error.kind is ErrorKind.THROTTLING:
                    self.unheard = error
                    return heard, position
                if position["token"] and error.service_code == _BAD_TOKEN:
                    position = {**position, "token": None, "began": None}
                    continue
                raise
            heard |= {name: plain(event) for event in page.events if (name := _id_of(event)) not in known}
            position = {**position, "token": page.token, "began": position["began"] or page.at}
            if not position["token"]:
                after = max(position["after"], position["began"] - LATE_MILLISECONDS)
                return heard, {"after": after, "token": None, "began": None}
            if self.context_data.clock.monotonic() > ends:
                self.unheard = more_than_a_look(f"log group {self.name}")
                return heard, position

    def _page(self, position: Mapping[str, Json], **more: Any) -> _Page:
        """A page; without events, of a group that is not there."""
        request = {**named(self.name), "startTime": position["after"], **more}
        request |= {"filterPattern": self.pattern} if self.pattern else {}
        request |= {"nextToken": position["token"]} if position["token"] else {}
        clock = self.context_data.clock
        try:
            with calling(self.context_data.aws, f"listen to log group {self.name}"):
                answer = self.context_data.aws.client("logs").filter_log_events(**request)
                self.is_missing, events = False, answer["events"]
        except ActionError as error:
            if error.kind is not ErrorKind.NOT_FOUND:
                raise
            answer = getattr(error.__cause__, "response", {})
            self.is_missing, events = True, []
        return _Page(events, answer.get("nextToken"), int(answered_at(answer, clock).timestamp() * 1000))


def _id_of(event: Mapping[str, Any]) -> str:
    return event.get("eventId") or f"{event.get('logStreamName')}/{event['timestamp']}/{event['message']}"
