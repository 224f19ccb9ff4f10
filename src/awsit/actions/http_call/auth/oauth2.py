"""Access tokens by the client credentials grant (RFC 6749, section 4.4)."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

import awsit
from awsit.actions.http_call.auth.headers import with_bearer
from awsit.actions.http_call.encoding import encode_query, host_names
from awsit.actions.http_call.statuses import retry_after, status_text
from awsit.actions.http_call.utf8 import in_utf8
from awsit.errors import ActionError, AwsitError, Effect, ErrorKind
from awsit.http.urls import normalized, origin
from awsit.http.validation import shown_url
from awsit.model.http import ClientCertificate, HttpRequest, HttpResponse
from awsit.model.json import Json, loads
from awsit.model.ports import ActionContext
from awsit.model.sources import Token
from awsit.records import dataclass

if TYPE_CHECKING:
    from awsit.actions.http_call.auth.params import OAuth2Auth

SKEW_SECONDS = 30
"""So long before its end a token is used no more: the request has to arrive, and clocks differ."""
MAX_RESPONSE_BYTES = 256 * 1024
_SHOWN_CHARACTERS = 300
_TOKEN = re.compile(r"[\x20-\x7e]+")
"""What a token may hold (RFC 6749, appendix A.12)."""
_BEARER = "bearer"
"""Of `token_type`, whose case does not matter (section 5.1)."""
_LOOK = "look at the logs of the token endpoint"
_SLOW = "look at why the token endpoint is slow, or raise the action's `timeout_seconds`"

_HINTS: Mapping[str, str] = {
    "invalid_client": "check `client_id`, `client_secret` and `client_auth`",
    "invalid_grant": "check what the client is allowed at the token endpoint",
    "invalid_request": "check `token_url`, `scope` and `audience`, and whether the endpoint wants `client_auth: body`",
    "invalid_scope": "check `scope` against what the client may ask for",
    "unauthorized_client": "allow the client the grant `client_credentials`",
    "unsupported_grant_type": "allow the grant `client_credentials` at the token endpoint",
}
"""Of each error of a token endpoint (RFC 6749, section 5.2) what to do."""


def send_with_token(
    request: HttpRequest, oauth2: OAuth2Auth, context_data: ActionContext
) -> tuple[HttpRequest, HttpResponse]:
    """The request as it was sent, with the token, and its response, all within the request's time.

    A token that was used before may have been revoked: when it is answered with 401, a new one is tried, once.
    Raises ActionError.
    """
    return _Sending(request, oauth2, context_data, context_data.clock.monotonic() + request.timeout_seconds).send()


@dataclass(frozen=True)
class _Sending:
    """One request with a token; `ends` is when its time is over (monotonic seconds)."""

    request: HttpRequest
    oauth2: OAuth2Auth
    context_data: ActionContext
    ends: float

    def send(self) -> tuple[HttpRequest, HttpResponse]:
        """As `send_with_token`."""
        tokens = self.context_data.tokens
        used_before = tokens.find(self._key, self.context_data.clock.monotonic())
        token = used_before or self._new_token()
        sent, response = self._send_with(token)
        refused = response.status == HTTPStatus.UNAUTHORIZED and not response.redirects
        if not used_before or not refused:
            return sent, response
        tokens.drop(self._key, token)
        token = self._new_token()
        self._take_turn(self.request.url)
        return self._send_with(token)

    @property
    def _key(self) -> tuple[object, ...]:
        return self.oauth2, self.request.verify, self._certificate

    @property
    def _url(self) -> str:
        return normalized(self.oauth2.token_url.strip())

    @property
    def _certificate(self) -> ClientCertificate | None:
        """The client's certificate, which is shown to the API's own origin alone."""
        return self.request.client_certificate if origin(self._url) == origin(self.request.url) else None

    def _send_with(self, token: Token) -> tuple[HttpRequest, HttpResponse]:
        sent = self._in_time(with_bearer(self.request, token.text))
        headers = {**sent.headers, **self.context_data.trace_headers}
        return sent, self.context_data.http.send(replace(sent, headers=headers))

    def _new_token(self) -> Token:
        clock, seconds = self.context_data.clock, self._seconds_left()
        try:
            return self.context_data.tokens.get(self._key, self._ask, clock.monotonic, seconds)
        except TimeoutError as error:
            message = f"no token: another action has waited over {seconds:g} s for that of {shown_url(self._url)}"
            raise ActionError(message, kind=ErrorKind.TIMEOUT, hint=_SLOW).with_effect(Effect.NONE) from error

    def _ask(self) -> Token:
        """A new token. Raises ActionError, whose effect is none, as the action's own request was not sent."""
        request = replace(
            _token_request(self.oauth2, self._url), verify=self.request.verify, client_certificate=self._certificate
        )
        self._take_turn(self._url)
        asked_at = self.context_data.clock.monotonic()
        try:
            response = self.context_data.http.send(self._in_time(request))
        except ActionError as error:
            hint = f"check `token_url`; {_LOOK}" if error.kind is ErrorKind.VALIDATION else error.hint
            raise ActionError(
                f"no token: {error.message}", kind=error.kind, service_code=error.service_code, hint=hint
            ).with_effect(Effect.NONE) from error
        return _token(response, asked_at, self.context_data.clock.wall())

    def _take_turn(self, url: str) -> None:
        """Wait until `limits` allow one more request. Nothing was done when they do not: of 401, too, that is known."""
        try:
            self.context_data.take_turn(host_names(url))
        except ActionError as error:
            raise error.with_effect(Effect.NONE) from None

    def _in_time(self, request: HttpRequest) -> HttpRequest:
        seconds = self._seconds_left()
        connect = min(self.request.connect_timeout_seconds, seconds)
        return replace(request, timeout_seconds=seconds, connect_timeout_seconds=connect)

    def _seconds_left(self) -> float:
        """The time that is left, in hundredths of a second, rounded up."""
        return max(0.01, math.ceil(100 * (self.ends - self.context_data.clock.monotonic())) / 100)


def _token_request(oauth2: OAuth2Auth, url: str) -> HttpRequest:
    """The request of RFC 6749, section 4.4.2, with the client's credentials as section 2.3.1 has them."""
    headers = {
        "Accept": "application/json",
        "Content-Type": "application/x-www-form-urlencoded",
        "User-Agent": f"awsit/{awsit.__version__}",
    }
    fields = {"grant_type": "client_credentials", "scope": oauth2.scope, "audience": oauth2.audience}
    credentials = {"client_id": oauth2.client_id, "client_secret": oauth2.client_secret}
    if oauth2.client_auth == "body":
        fields |= credentials
    else:
        pair = ":".join(quote_plus(in_utf8(text, f"auth.oauth2.{name}")) for name, text in credentials.items())
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    body = encode_query(fields, "auth.oauth2", space="+").encode()
    return HttpRequest("POST", url, headers, body, follow_redirects=False, max_response_bytes=MAX_RESPONSE_BYTES)


def _token(response: HttpResponse, asked_at: float, now: datetime) -> Token:
    """The token of a response (RFC 6749, section 5.1). Raises ActionError for any other response."""
    answered = f"no token: POST {shown_url(response.url)} answered {status_text(response.status)}"
    body = _object(response.body)
    if response.status != HTTPStatus.OK:
        raise _refusal(response, body, answered, now)
    text, kind = body.get("access_token"), body.get("token_type", _BEARER)
    if not isinstance(text, str) or not text:
        raise _invalid_response(f"{answered} without an `access_token` in a JSON object")
    if not _TOKEN.fullmatch(text):
        raise _invalid_response(f"{answered} with an `access_token` of characters that no token may hold")
    if not isinstance(kind, str) or kind.lower() != _BEARER:
        raise _invalid_response(f"{answered} with a token that is no bearer token")
    return Token(text, asked_at + _lifetime(body.get("expires_in")) - SKEW_SECONDS)


def _refusal(response: HttpResponse, body: Mapping[str, Json], message: str, now: datetime) -> ActionError:
    """The error of a response that is not 200: by its status what may pass later, by the error's name what will not."""
    status, error, description = response.status, body.get("error"), body.get("error_description")
    if isinstance(error, str) and status in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        # whole or not at all, since a part of a secret is not masked; and a code is shown as it is
        words = [each for each in (error, description) if isinstance(each, str) and len(each) <= _SHOWN_CHARACTERS]
        code = error if error in _HINTS else "refused"
        return _no_token(code, ": ".join([message, *words]), ErrorKind.ACCESS_DENIED, _HINTS.get(code, _LOOK))
    return ActionError(
        message,
        kind=ErrorKind.THROTTLING if status == HTTPStatus.TOO_MANY_REQUESTS else ErrorKind.SERVICE,
        service_code=str(status),
        hint=f"check `token_url`; {_LOOK}",
        retry_after_seconds=retry_after(response.headers.get("retry-after", ""), now),
    ).with_effect(Effect.NONE)


def _invalid_response(message: str) -> ActionError:
    return _no_token("invalid_response", message, ErrorKind.SERVICE, f"check `token_url`; {_LOOK}")


def _no_token(code: str, message: str, kind: ErrorKind, hint: str) -> ActionError:
    """An error of the token endpoint; reports and `retry_on` have its code after `oauth2_`."""
    error = ActionError(message, kind=kind, service_code=f"oauth2_{code}", hint=hint)
    error.code = error.service_code
    return error.with_effect(Effect.NONE)


def _object(body: bytes) -> Mapping[str, Json]:
    try:
        document = loads(body)
    except (ValueError, AwsitError):
        return {}
    return document if isinstance(document, Mapping) else {}


def _lifetime(expires_in: Json) -> float:
    """Seconds; some servers write the number as text. Without it, the token is used until the API answers 401."""
    try:
        return math.inf if expires_in is None else max(0.0, float(expires_in))
    except (TypeError, ValueError, OverflowError):
        return 0.0
