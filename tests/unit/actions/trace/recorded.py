"""A trace in the form in which X-Ray gives it: an API, its function, a table, a topic, and a service of others.

Source: AWS X-Ray developer guide, "AWS X-Ray segment documents", and "Getting data from AWS X-Ray", whose full trace
has the two segments of Lambda and the inferred ones; AWS Lambda developer guide, "Visualize Lambda function
invocations using AWS X-Ray".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from awsit.model.text.trace import trace_headers

RUN_ID, TRACE = "run-1", "1-5880168b-fd5153bb58284b67678aa78c"
START = 1484786387.0
HEADERS = trace_headers(TRACE, RUN_ID, "action", 0, 1)
CALL = HEADERS["traceparent"].split("-")[2]
ACCOUNT = "arn:aws:lambda:eu-west-1:123456789012:function:"

Document = dict[str, Any]


def span(number: int, name: str, began: float = 0.0, lasted: float | None = 0.1, **more: Any) -> Document:
    """What segments and subsegments share; without an end it is in progress."""
    ends = {"in_progress": True} if lasted is None else {"end_time": round(START + began + lasted, 3)}
    return {"id": f"{number:016x}", "name": name, "start_time": round(START + began, 3), **ends, **more}


def segment(number: int, name: str, began: float = 0.0, lasted: float | None = 0.1, **more: Any) -> Document:
    """A segment; `under` is the number of what it hangs on, or the ID."""
    under = more.pop("under", None)
    parent = {"parent_id": f"{under:016x}" if isinstance(under, int) else under} if under is not None else {}
    return {"trace_id": TRACE, **parent, **span(number, name, began, lasted, **more)}


def status(code: int) -> Document:
    return {"response": {"status": code}}


def api(*subsegments: Document, under: str = CALL, **more: Any) -> Document:
    return segment(
        1,
        "orders/prod",
        0,
        1.5,
        under=under,
        origin="AWS::ApiGateway::Stage",
        http={"request": {"method": "POST", "url": "https://abc.test/prod/orders"}, "response": {"status": 200}},
        subsegments=list(subsegments) or [invocation()],
        **more,
    )


def invocation() -> Document:
    aws = {"function_name": "PlaceOrder", "operation": "Invoke", "resource_names": ["PlaceOrder"]}
    return span(2, "Lambda", 0.1, 1.3, namespace="aws", http=status(200), aws=aws)


def service(**more: Any) -> Document:
    shared = {"under": 2, "origin": "AWS::Lambda", "http": status(200), "resource_arn": f"{ACCOUNT}PlaceOrder"}
    return segment(3, "PlaceOrder", 0.15, 1.2, **shared | more)


def function(*calls: Document, **more: Any) -> Document:
    parts = [span(5, "Initialization", 0.2, 0.3), span(6, "Invocation", 0.5, 0.8, subsegments=list(calls))]
    return segment(4, "PlaceOrder", 0.5, 0.8, under=3, origin="AWS::Lambda::Function", subsegments=parts, **more)


def put_item(**more: Any) -> Document:
    aws = {"table_name": "orders", "operation": "PutItem", "resource_names": ["orders"]}
    return span(7, "DynamoDB", 0.6, 0.05, namespace="aws", http=status(200), aws=aws, **more)


def table() -> Document:
    aws = {"table_name": "orders", "operation": "PutItem"}
    return segment(8, "DynamoDB", 0.6, 0.05, under=7, inferred=True, origin="AWS::DynamoDB::Table", aws=aws)


def publish() -> Document:
    aws = {"operation": "Publish", "topic_arn": "arn:aws:sns:eu-west-1:123456789012:placed"}
    return span(9, "SNS", 0.7, 0.05, namespace="aws", http=status(200), aws=aws)


def payment(code: int = 200, *, traced: bool = False, **more: Any) -> Document:
    request = {"method": "POST", "url": "https://payments.test/", **({"traced": True} if traced else {})}
    http = {"request": request, "response": {"status": code}}
    return span(10, "payments.test", 0.8, 0.3, namespace="remote", http=http, **more)


def whole() -> list[Document]:
    return [api(), service(), function(put_item(), publish(), payment()), table()]


def page(documents: Iterable[Any], **more: Any) -> Mapping[str, Any]:
    """An answer of `BatchGetTraces`; what is no document is sent as it is."""
    texts = [each if isinstance(each, str) else json.dumps(each) for each in documents]
    trace = {"Id": TRACE, "Segments": [{"Id": str(number), "Document": text} for number, text in enumerate(texts)]}
    return {"Traces": [{**trace, **more.pop("trace", {})}], "UnprocessedTraceIds": [], **more}


NOTHING: Mapping[str, Any] = {"Traces": [], "UnprocessedTraceIds": [TRACE]}
