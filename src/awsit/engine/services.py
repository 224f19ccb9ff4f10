"""The ports that the engine works with, in one value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from awsit.engine.store.records import RunStore
from awsit.model.ports import Aws, Clock, FileStore, HttpTransport, Randomness, SecretSource, StackSource
from awsit.model.result import StepResult


@dataclass(frozen=True, slots=True)
class Services:
    """The outside world, once per process. `engine` is the name that reports show: `local` or `stepfunctions`.

    `note` is called with the result of each attempt that did not succeed, as reports show it.
    `check_aws` is called before a run that calls AWS begins; it raises EnvironmentFailure when there is no region, or
    nothing to sign requests with.
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
    note: Callable[[StepResult], None] = lambda _: None
    check_aws: Callable[[], None] = lambda: None
