"""The time by which the AWS calls of a block end; `time_limit` makes clients keep to it, and brings botocore."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic

_ends: ContextVar[float | None] = ContextVar("awsit_aws_calls_end", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let all AWS calls of the block end within `seconds`, and within what a block around it allows."""
    ends, outer = monotonic() + seconds, _ends.get()
    token = _ends.set(ends if outer is None else min(ends, outer))
    try:
        yield
    finally:
        _ends.reset(token)


def seconds_left() -> float | None:
    """Seconds that are left for the calls of this thread; None when nothing bounds them."""
    ends = _ends.get()
    return None if ends is None else ends - monotonic()
