"""What of a log, or of an execution, is another run's: side by side, runs call the same functions at the same time.

A text that names runs, and none that this run knows of, is another one's. What names no run may be anybody's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from awsit.diagnosis.log_errors import LoggedLine

_RUN_ID = re.compile(r"\brun-[0-9A-HJKMNP-TV-Z]{26}")
_BEGINS = re.compile(r'^(?:INIT_START|START RequestId:)|"type"\s*:\s*"platform\.(?:initStart|start)"')
"""The first line of an invocation, as text and as JSON (Lambda developer guide, "Lambda advanced logging controls")."""

_REQUEST_ID = re.compile(r'(?:RequestId: |"(?:requestId|AWSRequestId)"\s*:\s*")(?P<id>[0-9a-f-]{36})')


def run_ids_in(text: str) -> set[str]:
    """The IDs of the runs that a text names."""
    return set(_RUN_ID.findall(text))


def is_of_another_run(text: str, own: Collection[str]) -> bool:
    """Whether a text names runs, and none of `own`; without `own` nothing is known of it."""
    named = run_ids_in(text)
    return bool(own and named) and named.isdisjoint(own)


def of_run(lines: Iterable[LoggedLine], own: Collection[str], requests: Collection[str]) -> list[LoggedLine]:
    """A log without the invocations of other runs; only those that name one of `requests`, where any does.

    `own` are the IDs of the runs that this run knows of, `requests` those of its requests and traces.
    """
    invocations = [(group, "\n".join(line.message for line in group)) for group in _invocations(lines)]
    kept = [(group, text) for group, text in invocations if not is_of_another_run(text, own)]
    exact = [(group, text) for group, text in kept if any(each in text for each in requests)]
    return sorted((line for group, _ in exact or kept for line in group), key=lambda line: line.at_ms)


def _invocations(lines: Iterable[LoggedLine]) -> Iterator[list[LoggedLine]]:
    """The lines of each invocation; those of a stream come one after the other ("Lambda execution environment")."""
    open_groups: dict[str, list[LoggedLine]] = {}
    request_ids: dict[str, str] = {}
    for line in lines:
        request_id = _REQUEST_ID.search(line.message)
        before = request_ids.get(line.stream, "")
        is_other = request_id is not None and before not in {"", request_id["id"]}
        if line.stream in open_groups and (is_other or _BEGINS.search(line.message)):
            yield open_groups.pop(line.stream)
        open_groups.setdefault(line.stream, []).append(line)
        if request_id:
            request_ids[line.stream] = request_id["id"]
    yield from open_groups.values()
