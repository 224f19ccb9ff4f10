"""A request with an access token, which is used again until shortly before its end."""

from __future__ import annotations

import math
from collections.abc import Hashable
from http import HTTPStatus
from typing import Protocol

from msgspec import Struct

from awsit.actions.http_call.auth.headers import with_bearer
from awsit.actions.http_call.encoding import host_names
from awsit.errors import ActionError, Effect, ErrorKind
from awsit.model.action.call import ActionContext
from awsit.model.http import HttpRequest, HttpResponse
from awsit.model.sources import Token
from awsit.records import replace

SKEW_SECONDS = 30
"""So long before its end a token is used no more: the request has to arrive, and clocks differ."""


class TokenGiver(Protocol):
    """Where a token comes from. Tokens of one `key` are the same."""

    @property
    def shown(self) -> str:
        """Whose token it is, in messages."""

    @property
    def slow_hint(self) -> str:
        """What to do where it takes too long."""

    @property
    def key(self) -> Hashable:
        """What the token is for."""

    def ask(self, sending: TokenSending) -> Token:
        """A new token. Raises ActionError, whose effect is none, as the action's own request was not sent."""


def send_with_token(
    request: HttpRequest, giver: TokenGiver, context_data: ActionContext
) -> tuple[HttpRequest, HttpResponse]:
    """The request as it was sent, with the token, and its response, all within the request's time.

    A token that was used before may have been revoked: when it is answered with 401, a new one is tried, once.
    Raises ActionError.
    """
    return TokenSending(request, giver, context_data, context_data.clock.monotonic() + request.timeout_seconds).send()


class TokenSending(Struct, frozen=True):
    """One request with a token; `ends` is when its time is over (monotonic seconds)."""

    request: HttpRequest
    giver: TokenGiver
    context_data: ActionContext
    ends: float

    def send(self) -> tuple[HttpRequest, HttpResponse]:
        """As `send_with_token`."""
        tokens = self.context_data.tokens
        used_before = tokens.find(self.giver.key, self.context_data.clock.monotonic())
        token = used_before or self._new_token()
        sent, response = self._send_with(token)
        refused = response.status == HTTPStatus.UNAUTHORIZED and not response.redirects
        if not used_before or not refused:
            return sent, response
        tokens.drop(self.giver.key, token)
        token = self._new_token()
        self.take_turn(self.request.url)
        return self._send_with(token)

    def _send_with(self, token: Token) -> tuple[HttpRequest, HttpResponse]:
        sent = self.in_time(with_bearer(self.request, token.text))
        headers = {**sent.headers, **self.context_data.trace_headers}
        return sent, self.context_data.http.send(replace(sent, headers=headers))

    def _new_token(self) -> Token:
        clock, seconds = self.context_data.clock, self._seconds_left()
        try:
            return self.context_data.tokens.get(self.giver.key, lambda: self.giver.ask(self), clock.monotonic, seconds)
        except TimeoutError as error:
            message = f"no token: another action has waited over {seconds:g} s for that of {self.giver.shown}"
            raise ActionError(message, kind=ErrorKind.TIMEOUT, hint=self.giver.slow_hint).with_effect(
                Effect.NONE
            ) from error

    def take_turn(self, url: str) -> None:
        """Wait until `limits` allow one more request. Nothing was done when they do not: of 401, too, that is known."""
        try:
            self.context_data.take_turn(host_names(url))
        except ActionError as error:
            raise error.with_effect(Effect.NONE) from None

    def in_time(self, request: HttpRequest) -> HttpRequest:
        """The request, with the time that is left."""
        seconds = self._seconds_left()
        connect = min(self.request.connect_timeout_seconds, seconds)
        allowed = self.request.allowed_seconds
        return replace(request, timeout_seconds=seconds, connect_timeout_seconds=connect, allowed_seconds=allowed)

    def _seconds_left(self) -> float:
        """The time that is left, in hundredths of a second, rounded up."""
        return max(0.01, math.ceil(100 * (self.ends - self.context_data.clock.monotonic())) / 100)
