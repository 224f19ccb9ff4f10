"""Access tokens by the client credentials grant (RFC 6749, section 4.4)."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from msgspec import Struct

import awsit
from awsit.actions.http_call.auth.sending import SKEW_SECONDS, TokenSending
from awsit.actions.http_call.encoding import encode_query
from awsit.actions.http_call.statuses import retry_after, status_text
from awsit.actions.http_call.utf8 import in_utf8
from awsit.errors import ActionError, AwsitError, Effect, ErrorKind
from awsit.http.urls import normalized, origin
from awsit.http.validation import shown_url
from awsit.model.http import ClientCertificate, HttpRequest, HttpResponse
from awsit.model.json import Json, loads
from awsit.model.sources import Token
from awsit.records import replace

if TYPE_CHECKING:
    from awsit.actions.http_call.auth.params import OAuth2Auth

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


class OAuth2Giver(Struct, frozen=True):
    """The token endpoint of `auth: {oauth2: ...}`, for one request."""

    oauth2: OAuth2Auth
    request: HttpRequest
    slow_hint: str = _SLOW

    @property
    def shown(self) -> str:
        """The endpoint, for messages."""
        return shown_url(self._url)

    @property
    def key(self) -> tuple[object, ...]:
        """The client and how it shows itself."""
        return self.oauth2, self.request.verify, self._certificate

    @property
    def _url(self) -> str:
        return normalized(self.oauth2.token_url.strip())

    @property
    def _certificate(self) -> ClientCertificate | None:
        """The client's certificate, which is shown to the API's own origin alone."""
        return self.request.client_certificate if origin(self._url) == origin(self.request.url) else None

    def ask(self, sending: TokenSending) -> Token:
        """As `TokenGiver`."""
        request = replace(
            _token_request(self.oauth2, self._url), verify=self.request.verify, client_certificate=self._certificate
        )
        sending.take_turn(self._url)
        clock = sending.context_data.clock
        asked_at = clock.monotonic()
        try:
            response = sending.context_data.http.send(sending.in_time(request))
        except ActionError as error:
            hint = f"check `token_url`; {_LOOK}" if error.kind is ErrorKind.VALIDATION else error.hint
            raise ActionError(
                f"no token: {error.message}", kind=error.kind, service_code=error.service_code, hint=hint
            ).with_effect(Effect.NONE) from error
        return _token(response, asked_at, clock.wall())


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
