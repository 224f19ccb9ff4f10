"""Answers that are no service's: a proxy's page with status 200, which botocore takes for JSON without content."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

_JSON = frozenset({"json", "rest-json"})
_SHOWN = 80


def refuse_foreign(client: Any) -> None:
    """Make a botocore client raise ResponseParserError for an answer in JSON that is none, as it does for one in XML.

    AWS JSON 1.0 and 1.1 protocols (Smithy specification): the body of a response is a JSON object, or empty.
    """
    client.meta.events.register("before-parse.*.*", _check)


def _check(operation_model: Any, response_dict: Mapping[str, Any], **_: Any) -> None:
    from botocore.parsers import ResponseParserError

    status, shape = response_dict["status_code"], operation_model.output_shape
    if operation_model.service_model.resolved_protocol not in _JSON or status >= HTTPStatus.MULTIPLE_CHOICES:
        return
    if shape is None or "payload" in shape.serialization or operation_model.has_event_stream_output:
        return
    body = response_dict["body"].strip()
    if body and not (body.startswith(b"{") and body.endswith(b"}")):
        shown = body[:_SHOWN].decode(errors="replace")
        raise ResponseParserError(f"the answer to {operation_model.name}, with status {status}, is no JSON: {shown!r}")
