"""The trace of a run, by which a tracing system finds what the run's calls did in the services behind them.

Sources: W3C Trace Context (https://www.w3.org/TR/trace-context/), "traceparent Header"; AWS X-Ray developer guide,
"Tracing header" and "Trace ID format".
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from msgspec import Struct

from awsit.patterns import lazy_pattern

TRACEPARENT, XRAY = "traceparent", "X-Amzn-Trace-Id"
TRACE_ID = lazy_pattern(r"1-([0-9a-f]{8})-([0-9a-f]{24})")
_RUNS = 32
"""Of so many runs it is remembered what their calls have in common: those that go on side by side."""
RUN_DIGITS = 8
"""How many digits of the ID of a call are those of its run, the same for all of its calls."""


def trace_id_of(run_id: str, started: datetime) -> str:
    """The ID of a run's trace as X-Ray writes it, such as `1-5759e988-bd862e3fe1be46a994272793`.

    It holds the seconds since the epoch at which the run began, as X-Ray asks for; the rest is drawn from the run ID.
    """
    return f"1-{int(started.timestamp()):08x}-{_hex(run_id, 24)}"


def trace_headers(trace_id: str, run_id: str, *call: object) -> Mapping[str, str]:
    """The headers of one request in a trace: none where there is no trace.

    `call` is what tells the calls of a run apart: each has a parent span of its own, which `is_call_of_run` knows.
    """
    trace = _trace(trace_id, run_id)
    if trace is None:
        return {}
    digest = trace.begun.copy()
    digest.update("".join([f":{each}" for each in call]).encode())
    parent = _of_run(run_id) + digest.hexdigest()[: 16 - RUN_DIGITS]
    return {
        TRACEPARENT: f"{trace.traceparent}-{parent}-01",
        XRAY: f"Root={trace_id};Parent={parent};Sampled=1",
        "X-Awsit-Run-Id": run_id,
    }


def is_call_of_run(span_id: str, run_id: str) -> bool:
    """Whether it is the parent that a call of the run names: what the call caused hangs on it."""
    return span_id.startswith(_of_run(run_id))


class _Trace(Struct, frozen=True):
    """What the calls of a run have in common: the start of their header, and the digest of what tells them apart."""

    traceparent: str
    begun: Any  # a digest of `hashlib`


@lru_cache(maxsize=_RUNS)
def _trace(trace_id: str, run_id: str) -> _Trace | None:
    parts = TRACE_ID.fullmatch(trace_id)
    return _Trace(f"00-{parts[1]}{parts[2]}", hashlib.sha256(run_id.encode())) if parts else None


@lru_cache(maxsize=_RUNS)
def _of_run(run_id: str) -> str:
    return _hex(run_id, RUN_DIGITS)


def _hex(text: str, digits: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:digits]
