"""What `receive` hears of a WebSocket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from awsit.actions.documents import is_binary, to_bytes, to_text
from awsit.errors import ActionError
from awsit.model.action.call import ActionContext
from awsit.model.connections.websockets import SocketEnd
from awsit.model.json import Json


class SocketSource(Struct):
    """The messages of a WebSocket, which the process keeps while it is open, and when it has ended."""

    name: str
    context_data: ActionContext
    number: int = 0
    noun: str = "tap"
    message: str = "message"
    stores: bool = True
    end: str = ""
    may_repeat: bool = True
    unheard: ActionError | None = None

    @property
    def keeps(self) -> Mapping[str, Json]:
        """As `MessageSource`: nothing."""
        return {}

    def send(self, messages: Sequence[str | bytes]) -> None:
        """Send messages; where it has ended, `hear` says so, after what came before. Raises as `hear`."""
        self.context_data.websockets.send(self.context_data.run_id, self.name, messages)

    def hear(self, known: Mapping[str, Json], seconds: float) -> Mapping[str, Json]:
        """As `MessageSource`. Raises ActionError of kind validation when there is no such WebSocket."""
        log = self.context_data.websockets.heard(self.context_data.run_id, self.name, len(known), seconds)
        self.number = log.number
        if log.end:
            self.end = f"the WebSocket was closed: {closed_words(log.end)}"
        return log.messages

    def pause(self, *, heard_more: bool) -> float:  # noqa: ARG002 - of `MessageSource`
        """As `MessageSource`: none, since a look waits by itself."""
        return 0.0

    def remark(self, messages: Mapping[str, Json]) -> str:
        """As `MessageSource`: how many messages were too many to keep."""
        return f", and kept {len(messages)} of them" if self.number > len(messages) else ""


def encoded(given: Json, where: str) -> list[str | bytes]:
    """The messages of `send`: one, or a list of them. Raises ActionError for what cannot be sent."""
    return [
        to_bytes(each, where) if is_binary(each) else to_text(each, where)
        for each in (given if isinstance(given, list) else [given])
    ]


def closed_words(end: SocketEnd) -> str:
    """The code of a close frame, and its reason, if it has one."""
    return f"code {end.code} ({end.reason})" if end.reason else f"code {end.code}"
