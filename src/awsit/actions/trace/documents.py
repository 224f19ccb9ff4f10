"""Segment documents of X-Ray, read into spans.

Any application that may send segments writes what it likes into them: a field that is not as documented is left out.
Source: AWS X-Ray developer guide, "AWS X-Ray segment documents".
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct, field

from awsit.expressions.values import is_integer, is_number
from awsit.model.json import Json, loads

FLAGS = ("error", "fault", "throttle")
CALLS = frozenset({"aws", "remote"})
"""The namespaces of subsegments that are calls of other services."""
_STATUSES = 1000
"""Numbers from here on are no status of HTTP (RFC 9110, section 15)."""


class TraceSpan(Struct, frozen=True):
    """A segment, or a subsegment: what one service did, or one part of that.

    `parent` is the ID of what it hangs on, empty for none. `origin` is the type of AWS resource that served it, and
    `aws` says more of the resource that it is, or that was called. `status` is that of HTTP. `exceptions` are the
    `{id, type, message}` that explain `flags`; instead, `cause` may be the ID of one of another span. `awaits` is set
    by a call whose callee sends a segment too. `is_inferred` is a segment that X-Ray made of a call.
    """

    id: str
    parent: str
    name: str
    is_segment: bool
    namespace: str = ""
    origin: str = ""
    aws: Mapping[str, Json] = field(default_factory=dict)
    start: float | None = None
    end: float | None = None
    in_progress: bool = False
    flags: frozenset[str] = frozenset()
    status: int | None = None
    exceptions: tuple[Mapping[str, Json], ...] = ()
    cause: str = ""
    awaits: bool = False
    is_inferred: bool = False

    @property
    def is_call(self) -> bool:
        """Whether it is the call of another service, as its caller saw it."""
        return not self.is_segment and self.namespace in CALLS


def read(documents: Iterable[str]) -> tuple[Mapping[str, TraceSpan], bool]:
    """The spans of documents by ID, the complete one where it was also sent in progress; whether all could be read."""
    spans: dict[str, TraceSpan] = {}
    is_whole = True
    for text in documents:
        try:
            document = loads(text)
        except ValueError:
            is_whole = False
            continue
        for span in _spans(document):
            known = spans.get(span.id)
            if known is None or known.in_progress:
                spans[span.id] = span
    return spans, is_whole


def _spans(document: Json) -> Iterator[TraceSpan]:
    """The span of a document, and those of its subsegments, at all depths."""
    is_apart = isinstance(document, Mapping) and document.get("type") == "subsegment"
    left = [(document, "", not is_apart)]
    while left:
        each, parent, is_segment = left.pop()
        if isinstance(each, Mapping) and _text(each, "id"):
            span = _span(each, parent, is_segment=is_segment)
            yield span
            left += [(inner, span.id, False) for inner in _list(each, "subsegments")]


def _span(document: Mapping[str, Json], parent: str, *, is_segment: bool) -> TraceSpan:
    http, cause = _mapping(document, "http"), document.get("cause")
    return TraceSpan(
        id=_text(document, "id"),
        parent=parent or _text(document, "parent_id"),
        name=_text(document, "name"),
        is_segment=is_segment,
        namespace=_text(document, "namespace"),
        origin=_text(document, "origin"),
        aws=_mapping(document, "aws"),
        start=_seconds(document, "start_time"),
        end=_seconds(document, "end_time"),
        in_progress=document.get("in_progress") is True,
        flags=frozenset(flag for flag in FLAGS if document.get(flag) is True),
        status=_status(_mapping(http, "response")),
        exceptions=tuple(each for each in _list(cause, "exceptions") if isinstance(each, Mapping)),
        cause=cause if isinstance(cause, str) else "",
        awaits=_mapping(http, "request").get("traced") is True,
        is_inferred=document.get("inferred") is True,
    )


def _text(document: Mapping[str, Json], name: str) -> str:
    value = document.get(name)
    return value if isinstance(value, str) else ""


def _mapping(document: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    value = document.get(name)
    return value if isinstance(value, Mapping) else {}


def _list(document: Json, name: str) -> list[Json]:
    value = document.get(name) if isinstance(document, Mapping) else None
    return value if isinstance(value, list) else []


def _seconds(document: Mapping[str, Json], name: str) -> float | None:
    value = document.get(name)
    seconds = _as_float(value) if is_number(value) else math.nan
    return seconds if math.isfinite(seconds) else None


def _as_float(value: Json) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _status(response: Mapping[str, Json]) -> int | None:
    value: Json = response.get("status")
    return int(value) if is_integer(value) and 0 < value < _STATUSES else None
