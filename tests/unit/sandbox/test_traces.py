"""The X-Ray of the sandbox, asked as the emulator asks its services."""

from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace
from typing import Any

import pytest
from ministack.core import iam_actions

from awsit.sandbox.traces import MOST_TRACES, TraceStore, keep_traces

TRACE = "1-581cf771-a006649127e371903a2de979"
SEGMENT = {"trace_id": TRACE, "id": "70de5b6f19ff9a0a", "name": "example.com", "start_time": 1.0, "end_time": 2.0}
BEGUN = {**{key: value for key, value in SEGMENT.items() if key != "end_time"}, "in_progress": True}


class Caller:
    def __init__(self) -> None:
        self.store = TraceStore()

    def ask(self, path: str, body: Any, region: str = "eu-west-1") -> tuple[int, Any]:
        headers = {"authorization": f"AWS4-HMAC-SHA256 Credential=AKIA/20260101/{region}/xray/aws4_request"}
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        status, _, answer = asyncio.run(self.store.handle_request("POST", path, headers, content, {}))
        return status, json.loads(answer)

    def put(self, *documents: Any, **more: str) -> Any:
        texts = [each if isinstance(each, str) else json.dumps(each) for each in documents]
        status, answer = self.ask("/TraceSegments", {"TraceSegmentDocuments": texts}, **more)
        assert status == 200
        return answer["UnprocessedTraceSegments"]

    def documents(self, trace: str = TRACE, **more: str) -> list[Any]:
        _, answer = self.ask("/Traces", {"TraceIds": [trace]}, **more)
        assert [each["Id"] for each in answer["Traces"]] == ([trace] if not answer["UnprocessedTraceIds"] else [])
        return [json.loads(each["Document"]) for found in answer["Traces"] for each in found["Segments"]]


def test_segments_are_given_by_their_trace_in_their_region() -> None:
    caller = Caller()
    assert caller.put(SEGMENT, {**SEGMENT, "id": "1"}) == []
    assert caller.documents() == [SEGMENT, {**SEGMENT, "id": "1"}]
    assert caller.documents(region="us-east-1") == []
    assert caller.documents("1-581cf771-000000000000000000000000") == []
    caller.store.reset()
    assert caller.documents() == []


def test_a_complete_segment_takes_the_place_of_its_beginning_whichever_comes_first() -> None:
    for documents in ([BEGUN, SEGMENT], [SEGMENT, BEGUN]):
        caller = Caller()
        assert caller.put(*documents) == []
        assert caller.documents() == [SEGMENT]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("{", "not JSON"),
        ([], "not an object"),
        ({"id": "1"}, "name, trace_id, start_time, end_time or in_progress"),
        ({**BEGUN, "in_progress": False}, "end_time or in_progress"),
    ],
)
def test_a_document_that_is_none_is_not_kept_and_the_others_are(document: Any, message: str) -> None:
    caller = Caller()
    (problem,) = caller.put(document, SEGMENT)
    assert message in problem["Message"]
    assert caller.documents() == [SEGMENT]


@pytest.mark.parametrize(
    ("path", "body"), [("/Traces", b"{"), ("/Traces", {}), ("/TraceSegments", []), ("/Groups", {})], ids=str
)
def test_what_is_no_request_is_refused(path: str, body: Any) -> None:
    status, answer = Caller().ask(path, body)
    assert (status, bool(answer["Message"])) == (400, True)


def test_only_the_newest_traces_are_kept() -> None:
    caller = Caller()
    caller.put(*({**SEGMENT, "trace_id": str(number)} for number in range(MOST_TRACES + 1)))
    assert (caller.documents("0"), len(caller.documents("1"))) == ([], 1)


def test_the_emulator_serves_it_and_knows_the_permissions_of_its_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SERVICE_TO_IAM_NAMESPACE", "_BOTOCORE_SERVICE_MAP"):
        monkeypatch.setattr(iam_actions, name, dict(getattr(iam_actions, name)))
    app = SimpleNamespace(SERVICE_REGISTRY={}, SERVICE_HANDLERS={}, _loaded_modules={})

    keep_traces(app, iam_actions)

    assert app.SERVICE_REGISTRY.keys() == app.SERVICE_HANDLERS.keys() == app._loaded_modules.keys() == {"xray"}
    for path, action in {"/Traces": "xray:BatchGetTraces", "/TraceSegments": "xray:PutTraceSegments"}.items():
        assert iam_actions.extract_iam_action("xray", "POST", path, {}, b"{}", {}) == action
