"""One mock that answers on this machine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from threading import Condition

from awsit.actions.mock.script import MOST_BYTES, MOST_CALLS, answer
from awsit.errors import ActionError, Effect, ErrorKind, exhausted
from awsit.http.server.canned import LOOPBACK, CannedServer
from awsit.model.http import CallLog, CannedResponse, ReceivedCall
from awsit.model.json import Json


class Playing:
    """One server, how often each of its routes was called, and its calls."""

    def __init__(self, routes: list[Mapping[str, Json]], port: int) -> None:
        self._routes = routes
        self._numbers: Counter[int] = Counter()
        self._calls: dict[str, Json] = {}
        self._number = 0
        self._bytes = 0
        self._changed = Condition()
        try:
            self._server = CannedServer(port, self._respond, self._refused)
        except (OSError, RuntimeError) as error:
            raise _not_listening(error, port).with_effect(Effect.NONE) from error
        self.url = self._server.url
        self.close = self._server.close

    def log(self, known: int, seconds: float) -> CallLog:
        """The calls, after a wait for more than `known`."""
        with self._changed:
            self._changed.wait_for(lambda: self._number > known, seconds)
            return CallLog(dict(self._calls), self._number)

    def _respond(self, call: ReceivedCall) -> CannedResponse:
        with self._changed:
            answered = answer(self._routes, call, self._count)
            self._number += 1
            self._bytes += len(call.body)
            if self._number <= MOST_CALLS and self._bytes <= MOST_BYTES:
                self._calls[str(self._number)] = answered.call
            self._changed.notify_all()
        return answered.response

    def _refused(self) -> None:
        with self._changed:
            self._number += 1
            self._changed.notify_all()

    def _count(self, route: int) -> int:
        self._numbers[route] += 1
        return self._numbers[route] - 1


def _not_listening(error: OSError | RuntimeError, port: int) -> ActionError:
    if lacking := exhausted(error):
        return ActionError(f"no mock can listen: {lacking.message}", kind=ErrorKind.INTERNAL, hint=lacking.hint)
    reason = (error.strerror if isinstance(error, OSError) else "") or error
    return ActionError(
        f"no mock can listen at port {port} of {LOOPBACK}: {reason}",
        kind=ErrorKind.VALIDATION,
        hint="leave out `port` for any that is free, or end what listens there; see `concurrency`",
    )
