"""How `listen` opens a WebSocket."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from msgspec import Struct

import awsit
from awsit.actions.documents import binary, from_bytes
from awsit.actions.http_call.auth.headers import authenticate, shown_headers
from awsit.actions.http_call.headers import header_texts, trace_besides
from awsit.actions.http_call.statuses import retry_after, status_text
from awsit.actions.taps.tap import Tap
from awsit.actions.taps.websockets.source import closed_words, encoded
from awsit.errors import ActionError, Effect, ErrorKind
from awsit.expressions.assertions.matchers import Rules, matches
from awsit.http.urls import normalized
from awsit.http.validation import shown_url
from awsit.model.action.call import ActionContext, ActionResult
from awsit.model.connections.transport import Wire
from awsit.model.connections.websockets import Handshake, SocketEnd
from awsit.model.http import HttpRequest, HttpResponse
from awsit.model.json import Json, dumps
from awsit.records import replace

if TYPE_CHECKING:
    from awsit.actions.taps.params import ListenParams

_SHOWN_CHARACTERS = 300
_SHOWN = {"websocket", "protocols", "send", "ready_when"}
_CONNECT_SECONDS = 5.0
_RULES = Rules()


def listen_to_websocket(params: ListenParams, context_data: ActionContext) -> ActionResult:
    """Open it, send what is to be sent, and wait for the message that says that it hears.

    Result: `{websocket, status, elapsed_ms}`. A handshake that is answered with another status than the expected one is
    a failed check. Raises ActionError.
    """
    began = context_data.clock.monotonic()
    messages = [] if params.send is None else encoded(params.send, "send")
    sent, response = _opened(_request(params, context_data), params, context_data)
    is_open = response.status == HTTPStatus.SWITCHING_PROTOCOLS
    failure = "" if response.status == params.expected_status else _failure(params, response)
    if is_open and not failure:
        _begin(params, messages, context_data, began + context_data.timeout_seconds)
    lasted = context_data.clock.monotonic() - began
    shown = params.model_dump(include=_SHOWN, exclude_defaults=True)
    return ActionResult(
        {"websocket": params.websocket, "status": response.status, "elapsed_ms": round(1000 * lasted)},
        request={**shown, "headers": shown_headers(sent.headers)},
        failure=failure or None,
        failure_code=str(response.status),
        retry_after_seconds=retry_after(response.headers.get("retry-after", ""), context_data.clock.wall()),
        keeps=Tap(context_data.step, "", params.kind, is_own=False).kept({}) if is_open else None,
        effect=Effect.DONE if is_open and params.send is not None else Effect.NONE,
    )


def _begin(params: ListenParams, messages: list[str | bytes], context_data: ActionContext, ends: float) -> None:
    """Send the messages, and wait for `ready_when`. Raises ActionError."""
    if end := context_data.websockets.send(context_data.run_id, context_data.step, messages):
        raise _ended(params, end)
    if params.ready_when is not None:
        _wait(params, context_data, ends)


def read(message: str | bytes) -> Json:
    """A message as `match` and paths see it: `{body}`, parsed where it is a list or mapping in JSON."""
    if isinstance(message, str):
        return {"body": from_bytes(message.encode())}
    body = from_bytes(message)
    return {"body": binary(message) if isinstance(body, str) else body}


def _request(params: ListenParams, context_data: ActionContext) -> HttpRequest:
    headers = header_texts(params.headers)
    if "user-agent" not in {name.lower() for name in params.headers}:
        headers["User-Agent"] = f"awsit/{awsit.__version__}"
    request = HttpRequest(
        method="GET",
        url=normalized(params.handshake_url),
        headers=headers,
        timeout_seconds=context_data.timeout_seconds,
        connect_timeout_seconds=min(_CONNECT_SECONDS, context_data.timeout_seconds),
        follow_redirects=False,
        verify=params.verify_tls,
        allowed_seconds=context_data.allowed_seconds,
    )
    return authenticate(request, params.auth, context_data.aws)


def _opened(
    request: HttpRequest, params: ListenParams, context_data: ActionContext
) -> tuple[HttpRequest, HttpResponse]:
    """The handshake as it was sent, and its response."""
    handshake = _Handshake(context_data, params.protocols)
    besides = trace_besides(params.headers, context_data.trace_headers)
    if params.auth and (params.auth.oauth2 or params.auth.cognito):
        from awsit.actions.http_call.auth.givers import giver_of  # few need them
        from awsit.actions.http_call.auth.sending import send_with_token

        context = replace(context_data, http=handshake, trace_headers=besides)
        return send_with_token(request, giver_of(params.auth, request), context)
    return request, handshake.send(replace(request, headers={**request.headers, **besides}))


class _Handshake(Struct, frozen=True):
    """As `HttpTransport`; a GET opens the WebSocket of the step. Tokens for it are asked for by POST."""

    context_data: ActionContext
    protocols: list[str]

    def send(self, request: HttpRequest) -> HttpResponse:
        """Open the WebSocket, or send another request."""
        context = self.context_data
        if request.method != "GET":
            return context.http.send(request)
        handshake = Handshake(request, context.http.connect, tuple(self.protocols), read)
        return context.websockets.open(context.run_id, context.step, handshake)

    def connect(self, request: HttpRequest) -> Wire:
        """As the transport itself."""
        return self.context_data.http.connect(request)


def _failure(params: ListenParams, response: HttpResponse) -> str:
    """What is said of a response of another status than the expected one."""
    answered = f"GET {shown_url(params.websocket or '')} answered {status_text(response.status)}"
    if location := response.headers.get("location", ""):
        return f"{answered}, which leads to {shown_url(location)}; redirects are not followed: give that URL"
    expected = f"{answered}, expected {status_text(params.expected_status)}"
    needs = "; the caller needs execute-api:Invoke on the route $connect"
    signed = needs if response.status == HTTPStatus.FORBIDDEN and params.auth and params.auth.sigv4 else ""
    body = from_bytes(response.body)
    text = body if isinstance(body, str) else dumps(body)
    return expected + (f"; the body: {text[:_SHOWN_CHARACTERS].strip()}" if text else "") + signed


def _wait(params: ListenParams, context_data: ActionContext, ends: float) -> None:
    """Wait for the message that `ready_when` describes; it stays for `receive`. Raises ActionError."""
    clock, known = context_data.clock, 0
    while True:
        log = context_data.websockets.heard(context_data.run_id, context_data.step, known, ends - clock.monotonic())
        if any(matches(params.ready_when, message, _RULES) for message in log.messages.values()):
            return
        known += len(log.messages)
        if log.end and not log.messages:
            raise _ended(params, log.end, " before a message came that fits `ready_when`")
        if clock.monotonic() >= ends:
            raise ActionError(
                f"{shown_url(params.websocket or '')}: no message fits `ready_when` within "
                f"{context_data.allowed_seconds or context_data.timeout_seconds:g} s; {log.number} came",
                kind=ErrorKind.TIMEOUT,
                hint="look at what the service answers to `send`, or raise the action's `timeout_seconds`",
            ).with_effect(Effect.UNKNOWN)


def _ended(params: ListenParams, end: SocketEnd, when: str = "") -> ActionError:
    return ActionError(
        f"{shown_url(params.websocket or '')}: the WebSocket was closed{when}: {closed_words(end)}",
        kind=ErrorKind.CONNECTION,
        service_code=str(end.code),
        hint="look at why the service closes it",
    ).with_effect(Effect.UNKNOWN)
