"""The services of a trace, who called whom, and what went wrong in them.

A service is what X-Ray draws as one node: an application by its name, and an AWS resource by its own, such as that of
a table. X-Ray adds a segment for each called service that sends none ("inferred"); until it has, the subsegment of the
caller stands for it. Lambda sends two segments of an invocation, as service (`AWS::Lambda`) and as function
(`AWS::Lambda::Function`), which are one request here.
Sources: AWS X-Ray developer guide, "AWS X-Ray segment documents" and "AWS X-Ray concepts", "Service graph"; AWS Lambda
developer guide, "Visualize Lambda function invocations using AWS X-Ray".
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct, field

from awsit.actions.trace.documents import FLAGS, TraceSpan
from awsit.model.json import Json

_LAMBDA, _FUNCTION = "AWS::Lambda", "AWS::Lambda::Function"
_RESOURCES: Mapping[str, str] = {
    "table_name": "AWS::DynamoDB::Table",
    "function_name": _FUNCTION,
    "queue_url": "AWS::SQS::Queue",
    "topic_arn": "AWS::SNS",
    "bucket_name": "AWS::S3::Bucket",
    "stream_name": "AWS::Kinesis::Stream",
}
"""The fields of `aws` that name what was called, and what X-Ray calls its type.

The developer guide has the first four; the X-Ray SDKs write all of them.
"""
_LAST_PART = re.compile(r"[^:/]*$")
REMOTE = "remote"
"""The type of a service that is no AWS resource and sends no segments (API Reference, "Service")."""

Key = tuple[str, str]
"""Name and type of a service."""


class Service(Struct):
    """What one service did in the trace; `slowest` is its longest request in seconds."""

    requests: int = 0
    flags: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0


class Graph(Struct, frozen=True):
    """The services and the edges between them, in the order in which they were first called.

    `problems` are those of each kind of `FLAGS`, in the same order.
    """

    services: Mapping[Key, Service]
    edges: Mapping[tuple[Key, Key], int]
    problems: Mapping[str, list[Json]]
    seconds: float

    @property
    def names(self) -> list[str]:
        """The names of the services, each once, sorted."""
        return sorted({name for name, _ in self.services})

    def called_by(self, callers: Iterable[Key]) -> set[Key]:
        """All services that these call, directly or through others."""
        callees = defaultdict(list)
        for caller, callee in self.edges:
            callees[caller].append(callee)
        found: set[Key] = set()
        left = list(callers)
        while left:
            new = [callee for callee in callees[left.pop()] if callee not in found]
            found.update(new)
            left += new
        return found

    def document(self) -> dict[str, Json]:
        """The graph as the result of the action has it."""
        return {
            "services": [
                {
                    "name": name,
                    "type": type_ or None,
                    "requests": each.requests,
                    **{f"{flag}s": each.flags[flag] for flag in FLAGS},
                    "duration_ms": round(1000 * each.slowest),
                }
                for (name, type_), each in self.services.items()
            ],
            "edges": [
                {"from": caller[0], "to": callee[0], "requests": number}
                for (caller, callee), number in self.edges.items()
            ],
            **{f"{flag}s": self.problems[flag] for flag in FLAGS},
            "duration_ms": round(1000 * self.seconds),
        }


def ancestors(span: TraceSpan, spans: Mapping[str, TraceSpan]) -> Iterator[TraceSpan]:
    """What a span hangs on, from the nearest on; a circle ends where it began."""
    seen = {span.id}
    while span.parent in spans and span.parent not in seen:
        span = spans[span.parent]
        seen.add(span.id)
        yield span


def without_callee(spans: Mapping[str, TraceSpan]) -> Iterator[TraceSpan]:
    """The calls of which no segment of the called service is there."""
    answered = {span.parent for span in spans.values() if span.is_segment}
    return (span for span in spans.values() if span.is_call and span.id not in answered)


def graph_of(spans: Mapping[str, TraceSpan]) -> Graph:
    """The graph of all spans of a trace."""
    return _Reading(spans).graph()


class _Reading:
    """One trace, whose spans are requests to services, or parts of the request that they hang on."""

    def __init__(self, spans: Mapping[str, TraceSpan]) -> None:
        self._spans = spans
        unanswered = {span.id for span in without_callee(spans)}
        self._requests = [span for span in _by_time(spans.values()) if span.is_segment or span.id in unanswered]
        self._is_request = {span.id for span in self._requests}
        self._exceptions = {
            each["id"]: each for span in spans.values() for each in span.exceptions if isinstance(each.get("id"), str)
        }

    def graph(self) -> Graph:
        services: dict[Key, Service] = {}
        edges: Counter[tuple[Key, Key]] = Counter()
        parts = self._parts()
        problems: dict[str, list[Json]] = {flag: [] for flag in FLAGS}
        for request in self._requests:
            if self._continues(request):
                continue
            key, caller, whole = _key(request), self._nearest(request), parts[request.id]
            service = services.setdefault(key, Service())
            service.requests += 1
            service.slowest = max(service.slowest, _seconds([request]))
            if caller is not None:
                edges[_key(caller), key] += 1
            flags = {flag for each in whole if each.id in self._is_request for flag in each.flags}
            for flag in filter(flags.__contains__, FLAGS):
                service.flags[flag] += 1
                problems[flag].append(self._problem(key[0], whole))
        return Graph(services, edges, problems, _seconds(self._spans.values()))

    def _parts(self) -> Mapping[str, list[TraceSpan]]:
        """The spans of each request by its ID: its own first, then that of the function that it continues in."""
        parts = {request.id: [request] for request in self._requests}
        for span in _by_time(self._spans.values()):
            owner = span if span.id in self._is_request else self._nearest(span)
            while owner is not None and self._continues(owner):
                owner = self._nearest(owner)
            if owner is not None and owner is not span:
                parts[owner.id].append(span)
        return parts

    def _nearest(self, span: TraceSpan) -> TraceSpan | None:
        """The request that the span hangs on; none for the first of a trace."""
        return next((each for each in ancestors(span, self._spans) if each.id in self._is_request), None)

    def _continues(self, request: TraceSpan) -> bool:
        """Whether it is the function's own segment of an invocation that has one of the service."""
        caller = self._nearest(request) if request.origin == _FUNCTION else None
        return caller is not None and caller.origin == _LAMBDA and caller.name == request.name

    def _problem(self, service: str, parts: list[TraceSpan]) -> Json:
        """A request that went wrong, with the first exception that explains it."""
        exceptions = [found for part in parts for found in self._explaining(part)]
        first = exceptions[0] if exceptions else {}
        return {
            "service": service,
            "status": next((each.status for each in parts if each.id in self._is_request and each.status), None),
            "type": _text(first.get("type")),
            "message": _text(first.get("message")),
        }

    def _explaining(self, span: TraceSpan) -> list[Mapping[str, Json]]:
        named = self._exceptions.get(span.cause)
        return list(span.exceptions) if named is None else [named]


def _key(request: TraceSpan) -> Key:
    """The service of a request: an application by its name, what it called by the name of the resource."""
    origin = _FUNCTION if request.origin == _LAMBDA else request.origin
    if request.is_segment and not request.is_inferred:
        return request.name, origin
    named = ((field, request.aws.get(field)) for field in _RESOURCES)
    field, resource = next(((field, value) for field, value in named if value and isinstance(value, str)), ("", ""))
    name = _LAST_PART.findall(resource)[0] or request.name
    if origin or field:
        return name, origin or _RESOURCES[field]
    is_of_aws = request.namespace == "aws" or bool(request.aws)
    return name, f"AWS::{request.name}" if is_of_aws else REMOTE


def _by_time(spans: Iterable[TraceSpan]) -> list[TraceSpan]:
    return sorted(spans, key=lambda span: (span.start or 0.0, span.id))


def _seconds(spans: Iterable[TraceSpan]) -> float:
    """From the first start to the last end (API Reference, "Trace", `Duration`)."""
    starts = [span.start for span in spans if span.start is not None]
    ends = [span.end for span in spans if span.end is not None]
    return max(0.0, max(ends) - min(starts)) if starts and ends else 0.0


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None
