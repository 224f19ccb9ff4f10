"""The function that plays the stack's mocks. Anybody may call it, and it tells nothing to who knows no secret path.

Its events and answers are those of "Request and response payloads" (AWS Lambda Developer Guide, "Invoking Lambda
function URLs").
"""

from __future__ import annotations

from awsit.lambdas.started import begin_start

begin_start()

import base64
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from typing import Any

from awsit import config
from awsit.actions.mock.script import answer
from awsit.aws.client.clients import AwsClients
from awsit.aws.mocks.records import CallNumber, ClosedError, MockRecords, OpenMock
from awsit.aws.runs.dynamodb.table import Table
from awsit.http.server.request_body import MAX_BYTES
from awsit.lambdas.started import end_start
from awsit.model.http import CannedResponse, ReceivedCall
from awsit.model.json import Json
from awsit.model.ports import Clock
from awsit.system.clock import SystemClock

_UNKNOWN = CannedResponse(HTTPStatus.NOT_FOUND)


def lambda_handler(event: Mapping[str, Any], _context: object) -> Json:
    """Answer a call as the mock does whose secret path it has, and keep the call."""
    clock = SystemClock()
    response = respond(event, _records(), clock)
    clock.sleep(response.delay_seconds)
    return _written(response)


def respond(event: Mapping[str, Any], records: MockRecords, clock: Clock) -> CannedResponse:
    """What the call of an event is answered with. It is kept before that."""
    secret, slash, rest = str(event.get("rawPath", "")).removeprefix("/").partition("/")
    mock = records.find(secret, clock.now().timestamp())
    if mock is None:
        return _UNKNOWN
    call = _call(event, slash + rest or "/")
    try:
        return _refusal(records, secret, call) or _played(records, secret, mock, call)
    except ClosedError:
        return _UNKNOWN


def _played(records: MockRecords, secret: str, mock: OpenMock, call: ReceivedCall) -> CannedResponse:
    tallies: list[CallNumber] = []

    def count(route: int | None) -> int:
        tallies.append(records.count(secret, len(call.body), route))
        return tallies[0].at_route - 1

    answered = answer(mock.routes, call, count)
    if not tallies:
        count(None)
    if tallies[0].is_kept:
        records.keep(secret, tallies[0].call, answered.call, mock.expires_at)
    return answered.response


def _refusal(records: MockRecords, secret: str, call: ReceivedCall) -> CannedResponse | None:
    """The answer to a body that is too large, which is counted and not kept."""
    if len(call.body) <= MAX_BYTES:
        return None
    records.count(secret, 0, None)
    return CannedResponse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def _call(event: Mapping[str, Any], path: str) -> ReceivedCall:
    """The call of an event; cookies are not among the headers there."""
    headers = {name.lower(): str(value) for name, value in event.get("headers", {}).items()}
    if event.get("cookies"):
        headers["cookie"] = "; ".join(event["cookies"])
    query, body = event.get("rawQueryString", ""), event.get("body") or ""
    content = base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()
    return ReceivedCall(
        event["requestContext"]["http"]["method"], f"{path}?{query}" if query else path, headers, content
    )


def _written(response: CannedResponse) -> Json:
    """The answer of the function; a cookie is no header there."""
    cookies = [value for name, value in response.headers.items() if name.lower() == "set-cookie"]
    return {
        "statusCode": int(response.status),
        "headers": {name: value for name, value in response.headers.items() if name.lower() != "set-cookie"},
        **({"cookies": cookies} if cookies else {}),
        "body": base64.b64encode(response.body).decode(),
        "isBase64Encoded": True,
    }


@cache
def _records() -> MockRecords:
    """The table, whose client is made once a worker."""
    return MockRecords(Table(AwsClients(), config.environment()["AWSIT_MOCKS_TABLE"]))


end_start()
