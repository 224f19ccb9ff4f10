"""What the gate itself answers, and what it takes out of the emulator's answers."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from xml.sax.saxutils import escape

from awsit.http.addressing.aws_hosts import REFUSED
from awsit.sandbox.gate.callers import values

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

DENIED = 403
MISDIRECTED = 421
"""RFC 9110, section 15.5.20: the server cannot answer for this host."""

INVALID_KEY = "InvalidClientTokenId"
"""The error of AWS for an access key that does not exist (IAM API reference, "Common errors")."""

_XML_SERVICES = ("/s3/", "/s3express/", "/route53/", "/cloudfront/")
_XML = "<ErrorResponse><Error><Type>Sender</Type><Code>{}</Code><Message>{}</Message></Error></ErrorResponse>"


async def misdirected(scope: Scope, reason: str, receive: Receive, send: Send) -> None:
    """Answer that the sandbox cannot answer for this host."""
    await _refuse(scope, MISDIRECTED, reason, receive, send)


async def denied(scope: Scope, reason: str, receive: Receive, send: Send) -> None:
    """Answer that this caller may not call the sandbox."""
    await _refuse(scope, DENIED, reason, receive, send)


async def unsigned(scope: Scope, reason: str, receive: Receive, send: Send) -> None:
    """Answer as AWS does for a key that it does not know, so that SDKs show the reason."""
    headers = list(scope["headers"])
    is_form = any(each.startswith("application/x-www-form-urlencoded") for each in values(headers, "content-type"))
    credential = "".join(values(headers, "authorization")) + scope.get("query_string", b"").decode("latin-1")
    if is_form or any(service in credential.replace("%2F", "/") for service in _XML_SERVICES):
        content_type, body = "text/xml", _XML.format(INVALID_KEY, escape(reason))
    else:
        content_type, body = "application/json", json.dumps({"__type": INVALID_KEY, "message": reason})
    extra = [(b"content-type", content_type.encode()), (b"x-amzn-errortype", INVALID_KEY.encode())]
    await _answer(scope, _start(DENIED, extra), body, receive, send)


def without_cors(send: Send) -> Send:
    """`send`, without the emulator's own `Access-Control-*` headers: no page may read answers of the AWS APIs."""

    async def send_without_cors(message: Message) -> None:
        kept = [each for each in message.get("headers", ()) if not each[0].lower().startswith(b"access-control-")]
        await send({**message, "headers": kept} if "headers" in message else message)

    return send_without_cors


async def _refuse(scope: Scope, status: int, reason: str, receive: Receive, send: Send) -> None:
    refused = (REFUSED.encode(), reason.encode("latin-1", "replace"))
    start = _start(status, [(b"content-type", b"text/plain; charset=utf-8"), refused])
    await _answer(scope, start, f"{reason}\n", receive, send)


def _start(status: int, headers: list[tuple[bytes, bytes]]) -> Message:
    return {"type": "http.response.start", "status": status, "headers": headers}


async def _answer_handshake(scope: Scope, start: Message, body: str, send: Send) -> None:
    """Answer the handshake of a WebSocket; close it where the server lacks that extension of ASGI."""
    if "websocket.http.response" not in (scope.get("extensions") or {}):
        await send({"type": "websocket.close", "code": 1008, "reason": body.strip()[:120]})
        return
    await send({**start, "type": "websocket.http.response.start"})
    await send({"type": "websocket.http.response.body", "body": body.encode()})


async def _answer(scope: Scope, start: Message, body: str, receive: Receive, send: Send) -> None:
    """Answer once the request is read: a client that still sends would see a broken connection."""
    if scope["type"] == "websocket":
        await _answer_handshake(scope, start, body, send)
        return
    while (await receive()).get("more_body"):
        pass
    await send(start)
    await send({"type": "http.response.body", "body": body.encode()})
