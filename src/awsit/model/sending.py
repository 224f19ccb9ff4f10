"""Requests to AWS, of which one call may take several: the SDK makes some of them again by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from awsit.errors import Effect


@dataclass(frozen=True, slots=True)
class Repeat:
    """A request of an action that the AWS SDK made again: when it began (monotonic), how long it took, how it ended.

    `delay_seconds` is the wait that followed, `effect` what the request did, as far as is known.
    """

    started: float
    seconds: float
    message: str
    effect: Effect
    delay_seconds: float = 0.0


@dataclass(slots=True)
class Sending:
    """How the AWS calls of a block went: `note` gets each request that the SDK made again.

    `is_unsafe`: one may have been carried out and is not safe to repeat.
    """

    note: Callable[[Repeat], None]
    is_unsafe: bool = False
