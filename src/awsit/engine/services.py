"""The ports that the engine works with, in one value."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from awsit.engine.store.records import RunStore
from awsit.model.ports import Aws, Clock, FileStore, HttpTransport, Randomness, SecretSource, StackSource
from awsit.model.result import StepResult


@dataclass(frozen=True, slots=True)
class Services:
    """The outside world, once per process. `engine` is the name that reports show: `local` or `stepfunctions`.

    `ends` is the time (monotonic, seconds) by which this process must be done with an attempt.
    `note` is called with the result of each attempt that did not succeed, as reports show it.
    """

    engine: str
    store: RunStore
    http: HttpTransport
    aws: Aws
    clock: Clock
    randomness: Randomness
    secrets: SecretSource
    stacks: StackSource
    files: FileStore
    ends: float = math.inf
    note: Callable[[StepResult], None] = lambda _: None
