"""A payload: something hostile that is given to awsit, and what must not come of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

MAX_SECONDS = 2.0
"""CPU seconds that a payload may take."""
MAX_MEBIBYTES = 200
"""Memory that it may take, beyond what is there before."""


@dataclass(frozen=True, slots=True)
class Payload:
    """`attack` gives the payload to awsit and returns how awsit fell; empty when it held.

    `mebibytes` is what the attacker's own server, in the same process, takes of the memory.
    """

    name: str
    attack: Callable[[], str]
    mebibytes: int = 0
