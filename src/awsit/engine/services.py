"""The ports that the engine works with, in one value."""

from __future__ import annotations

import math
from collections.abc import Callable

from msgspec import Struct, field

from awsit.engine.in_flight import InFlight
from awsit.engine.log_entry import LogEntry
from awsit.engine.places import no_other
from awsit.engine.store.records import RunStore
from awsit.model.connections.transport import HttpTransport
from awsit.model.connections.websockets import NoWebSockets, WebSockets
from awsit.model.files import FileStore
from awsit.model.http import Mocks, NoMocks
from awsit.model.plan import AwsPlace
from awsit.model.ports import Aws, Clock, Randomness
from awsit.model.sources import SecretSource, StackSource, TokenCache


class Services(Struct, frozen=True):
    """The outside world, once per process. `engine` is the name that reports show: `local` or `stepfunctions`.

    `ends` is the time (monotonic, seconds) by which this process must be done with an attempt. After `exact_waits`
    calls of a step, waits are of whole seconds.
    `trace_id` is that of the trace in which this process works, if there is one.
    `log` gets each line of a run's log; secrets are masked in it already.
    `check_aws` is called before a run that calls AWS begins; it raises EnvironmentFailure when there is no region, or
    nothing to sign requests with.
    `aws_at` is AWS where a step's `at` says.
    `in_flight` is what this process computes for a suite's cache, `tokens` are those that its actions got,
    `mocks` are the HTTP services that it plays, `websockets` those that it listens to.
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
    exact_waits: float = math.inf
    trace_id: str = ""
    log: Callable[[LogEntry], None] = lambda _: None
    check_aws: Callable[[], None] = lambda: None
    aws_at: Callable[[AwsPlace], Aws] = no_other
    in_flight: InFlight = field(default_factory=InFlight)
    tokens: TokenCache = field(default_factory=TokenCache)
    mocks: Mocks = field(default_factory=NoMocks)
    websockets: WebSockets = field(default_factory=NoWebSockets)
