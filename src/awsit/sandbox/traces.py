"""X-Ray of the sandbox, which the emulator lacks: it keeps the segments that services send, and gives them by trace.

Source: AWS X-Ray API reference, "PutTraceSegments" and "BatchGetTraces". Nothing else of X-Ray is there: it samples
nothing, and makes no segments of calls by itself.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping
from typing import Any

Answer = tuple[int, dict[str, str], bytes]

MOST_TRACES = 1000
"""Traces that are kept, the newest; X-Ray keeps all for 30 days."""
_REQUIRED = ("id", "name", "trace_id", "start_time")
_REGION = re.compile(r"Credential=[^/]+/\d{8}/([a-z0-9-]+)/")


def keep_traces(app: Any, actions: Any) -> None:
    """Let the emulator's `app` serve and reset it, and its IAM `actions` know which permission a call needs."""
    app.SERVICE_REGISTRY["xray"] = {"module": "xray"}
    app._loaded_modules["xray"] = store = TraceStore()  # noqa: SLF001 - the pinned version has no hook
    app.SERVICE_HANDLERS["xray"] = store.handle_request
    actions.SERVICE_TO_IAM_NAMESPACE["xray"] = "xray"
    actions._BOTOCORE_SERVICE_MAP["xray"] = ["xray"]  # noqa: SLF001 - the pinned version has no hook


class TraceStore:
    """The segment documents of all regions, by trace and ID; one of the emulator's services."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._traces: dict[tuple[str, str], dict[str, Mapping[str, Any]]] = {}

    def reset(self) -> None:
        """Forget all of them."""
        with self._lock:
            self._traces.clear()

    async def handle_request(
        self, _method: str, path: str, headers: Mapping[str, str], body: bytes, _query: object
    ) -> Answer:
        """Answer one call of the API."""
        found = _REGION.search(headers.get("authorization", ""))
        region = found[1] if found else ""
        try:
            document = json.loads(body or b"{}")
            if path == "/TraceSegments":
                return _answered(self._put(region, document["TraceSegmentDocuments"]))
            if path == "/Traces":
                return _answered(self._get(region, document["TraceIds"]))
        except (ValueError, KeyError, TypeError) as error:
            return _refused("InvalidRequestException", f"the request is not valid: {error!r}")
        return _refused("UnknownOperationException", f"the X-Ray of the sandbox does not know {path}")

    def _put(self, region: str, texts: list[str]) -> Mapping[str, Any]:
        unprocessed = [problem for problem in (self._keep(region, text) for text in texts) if problem]
        return {"UnprocessedTraceSegments": unprocessed}

    def _keep(self, region: str, text: str) -> Mapping[str, str] | None:
        """Keep one document; why it is not kept otherwise. A complete one is never replaced by its beginning."""
        try:
            document = json.loads(text)
        except ValueError:
            return {"ErrorCode": "ParseError", "Message": "The document is not JSON."}
        if not isinstance(document, dict):
            return {"ErrorCode": "ParseError", "Message": "The document is not an object."}
        missing = [name for name in _REQUIRED if name not in document]
        if "end_time" not in document and document.get("in_progress") is not True:
            missing.append("end_time or in_progress")
        if missing:
            message = f"The document lacks {', '.join(missing)}."
            return {"Id": str(document.get("id", "")), "ErrorCode": "MissingParameter", "Message": message}
        self._store((region, str(document["trace_id"])), document)
        return None

    def _store(self, trace: tuple[str, str], document: Mapping[str, Any]) -> None:
        with self._lock:
            segments = self._traces.setdefault(trace, {})
            known = segments.get(str(document["id"]))
            if known is None or "end_time" not in known:
                segments[str(document["id"])] = document
            while len(self._traces) > MOST_TRACES:
                self._traces.pop(next(iter(self._traces)))

    def _get(self, region: str, trace_ids: list[str]) -> Mapping[str, Any]:
        with self._lock:
            found = {each: list(self._traces.get((region, each), {}).values()) for each in trace_ids}
        return {
            "Traces": [_trace(each, segments) for each, segments in found.items() if segments],
            "UnprocessedTraceIds": [each for each, segments in found.items() if not segments],
        }


def _trace(trace_id: str, segments: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    return {
        "Id": trace_id,
        "LimitExceeded": False,
        "Segments": [{"Id": str(each["id"]), "Document": json.dumps(each)} for each in segments],
    }


def _answered(document: Mapping[str, Any]) -> Answer:
    return 200, {"Content-Type": "application/json"}, json.dumps(document).encode()


def _refused(code: str, message: str) -> Answer:
    body = json.dumps({"__type": code, "Message": message}).encode()
    return 400, {"Content-Type": "application/json", "x-amzn-errortype": code}, body
