"""The time by which the AWS calls of a block end; `time_limit` makes clients keep to it, and brings botocore."""

from __future__ import annotations

from contextvars import ContextVar
from time import monotonic

from awsit.system.variable_block import VariableBlock

_ends: ContextVar[float | None] = ContextVar("awsit_aws_calls_end", default=None)


def within(seconds: float) -> VariableBlock[float]:
    """Let all AWS calls of the block end within `seconds`, and within what a block around it allows."""
    ends, outer = monotonic() + seconds, _ends.get()
    return VariableBlock(_ends, ends if outer is None else min(ends, outer))


def seconds_left() -> float | None:
    """Seconds that are left for the calls of this thread; None when nothing bounds them."""
    ends = _ends.get()
    return None if ends is None else ends - monotonic()
