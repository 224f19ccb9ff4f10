"""What a mock answers to a call, and what it remembers of the call."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import parse_qsl, unquote

from msgspec import Struct

from awsit.errors import ExpressionError
from awsit.expressions.assertions.matchers import Rules, matches
from awsit.model.http import CannedResponse, ReceivedCall
from awsit.model.json import Json, dumps, loads

MOST_CALLS = 1000
MOST_BYTES = 8 * 1024 * 1024
"""The calls that a mock keeps, and the bytes of their bodies; later calls are counted."""
FORM = "application/x-www-form-urlencoded"
NO_ROUTE, NOT_KNOWN = 404, 500
"""The statuses of answers to a call that no route fits, and to one whose `match` takes too long to tell."""
_RULES = Rules()
_ORIGIN = re.compile(r"https?://[^/]*", re.IGNORECASE)


class Answered(Struct, frozen=True):
    """The response to a call, and the call as paths and `match` see it."""

    response: CannedResponse
    call: Json


def answer(routes: Sequence[Mapping[str, Json]], call: ReceivedCall, count: Callable[[int], int]) -> Answered:
    """Answer by the first route that the call fits; `count` counts a call of a route, and returns its number from 0.

    Of the call is known `{method, path, parameters, query, headers, body, route, status}`; `route` is null when none
    fits.
    """
    document = described(call)
    try:
        for index, route in enumerate(routes):
            parameters = _parameters(route, call)
            fitting = {**document, "parameters": parameters}
            if parameters is None or not matches(route.get("match", {}), fitting, _RULES):
                continue
            responses = route.get("responses") or [route]
            response = _response(responses[min(count(index), len(responses) - 1)])
            return Answered(response, {**fitting, "route": _name(route), "status": response.status})
    except ExpressionError as error:
        message = f"the mock cannot tell whether {route['path']} fits: {error.message}"
        return _without_route(document, NOT_KNOWN, message)
    return _without_route(document, NO_ROUTE, f"the mock has no route for {call.method} {document['path']}")


def _without_route(document: Mapping[str, Json], status: int, message: str) -> Answered:
    return Answered(
        _response({"status": status, "body": {"message": message}}), {**document, "route": None, "status": status}
    )


def described(call: ReceivedCall) -> dict[str, Json]:
    """What is known of a call whatever the routes are."""
    return {
        "method": call.method,
        "path": unquote(_raw_path(call)),
        "parameters": {},
        "query": _mapping(call.target.partition("?")[2]),
        "headers": dict(call.headers),
        "body": _body(call),
    }


def _raw_path(call: ReceivedCall) -> str:
    """The path as it was sent; a target may be a whole URL (RFC 9112, section 3.2.2)."""
    return _ORIGIN.sub("", call.target.partition("?")[0], count=1) or "/"


def _name(route: Mapping[str, Json]) -> str:
    return f"{route['method']} {route['path']}" if route.get("method") else str(route["path"])


def _parameters(route: Mapping[str, Json], call: ReceivedCall) -> dict[str, Json] | None:
    """What stands in the call's path for the parts in braces; None when method or path are others.

    Paths are compared part by part, each without its percent-encoding: a slash that is encoded belongs to its part
    (RFC 3986, section 2.2).
    """
    if route.get("method") not in {None, call.method}:
        return None
    written, parts = str(route["path"]).split("/"), _raw_path(call).split("/")
    if written[-1].endswith("+}"):
        parts[len(written) - 1 :] = filter(None, ["/".join(parts[len(written) - 1 :])])
    if len(written) != len(parts):
        return None
    parameters: dict[str, Json] = {}
    for name, part in zip(written, map(unquote, parts), strict=True):
        if name.startswith("{") and part:
            parameters[name.strip("{+}")] = part
        elif unquote(name) != part:
            return None
    return parameters


def _response(canned: Mapping[str, Json]) -> CannedResponse:
    headers: dict[str, str] = dict(canned.get("headers", {}))
    content, media = _encoded(canned.get("body"))
    if media and "content-type" not in {name.lower() for name in headers}:
        headers["Content-Type"] = media
    return CannedResponse(canned.get("status", 200), headers, content, float(canned.get("delay_seconds", 0)))


def _encoded(body: Json) -> tuple[bytes, str]:
    if body is None:
        return b"", ""
    if isinstance(body, str):
        return body.encode(errors="replace"), "text/plain; charset=utf-8"
    return dumps(body).encode(), "application/json"


def _body(call: ReceivedCall) -> Json:
    """The body as a value: a form as a mapping, else JSON parsed, text as text, anything else as `{"base64": ...}`."""
    if not call.body:
        return None
    try:
        text = call.body.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(call.body).decode()}
    if call.headers.get("content-type", "").partition(";")[0].strip().lower() == FORM:
        return _mapping(text)
    try:
        return loads(text)
    except ValueError:
        return text


def _mapping(query: str) -> dict[str, Json]:
    """The values by name; of a name that comes several times, a list."""
    values: dict[str, list[Json]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        values.setdefault(name, []).append(value)
    return {name: each if len(each) > 1 else each[0] for name, each in values.items()}
