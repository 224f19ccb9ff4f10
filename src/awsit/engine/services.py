"""What the engine is given to work with."""

from __future__ import annotations

from dataclasses import dataclass

from awsit.engine.store import RunStore
from awsit.model.ports import Aws, Clock, HttpTransport, Randomness, SecretSource, StackSource


@dataclass(frozen=True, slots=True)
class Services:
    """The outside world, once per process. `engine` is the name that reports show: `local` or `stepfunctions`."""

    engine: str
    store: RunStore
    http: HttpTransport
    aws: Aws
    clock: Clock
    randomness: Randomness
    secrets: SecretSource
    stacks: StackSource
