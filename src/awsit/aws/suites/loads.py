"""Loads in the account: suites whose runs begin at their times.

A load is an execution of `infra/suite_flow.asl.json` with `load` in its input. Each item of its distributed map waits
for its time, and then starts the test flow, as that of a suite does at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from math import ceil
from typing import TYPE_CHECKING

from msgspec import Struct

from awsit.actions.aws_errors import answered_at
from awsit.aws.client import errors
from awsit.aws.installation import Installation
from awsit.aws.stepfunctions.execution_input import ExecutionInputs, check_size
from awsit.aws.stepfunctions.executions import UNKNOWN, begin
from awsit.aws.suites.follower import SuiteFollower
from awsit.aws.suites.manifest import (
    AHEAD_SECONDS,
    WARM_UP_SECONDS,
    WARMING_SECONDS,
    Manifests,
    key_of,
    results_of,
    timed_item_of,
)
from awsit.aws.suites.suites import Suites
from awsit.engine.secrets.variables import secrets_of
from awsit.errors import EnvironmentFailure, NotFoundError
from awsit.load.result import LoadRate
from awsit.load.schedule import seed_of, starts
from awsit.model.json import Json, dumps, loads
from awsit.model.ports import Clock
from awsit.model.run import RunRequest, SuiteRun
from awsit.quotas.catalogue import INPUT_BYTES, MAP_CHILDREN
from awsit.records import replace
from awsit.system.clock import parse_iso

if TYPE_CHECKING:
    from awsit.aws.client.clients import AwsClients

ITEMS_A_SECOND = 1000
"""How many items of a manifest are taken to be written, sent and read in a second, before the first start."""
CLOCK_SECONDS = 2.0
"""A clock that is off by less is taken to be right: AWS tells the time in whole seconds."""
WRITERS = 8
"""How many secret variables are written at once."""


class StartedLoad(Struct, frozen=True):
    """A load in the account. `begins` is when its first iteration is to start, in seconds since the epoch.

    `about` is what it was started with, as who started it wrote it; `runs` are its iterations, and `start_at` says of
    each, by its ID, when it is to start.
    """

    load_id: str
    begins: float
    about: Mapping[str, Json]
    runs: Sequence[SuiteRun]
    start_at: Mapping[str, float]

    @property
    def seed(self) -> str:
        """What the fake data of its iterations are drawn from; empty without any, or from an older awsit."""
        return str(self.about.get("seed") or "")


class LoadOrder(Struct, frozen=True):
    """A load that is asked for: an iteration for each of the `run_ids`, whose requests take turns.

    The first is to start some `lead_seconds` from now, when all is written and read. `about` is kept with it.
    """

    load_id: str
    requests: Sequence[RunRequest]
    run_ids: Sequence[str]
    rate: LoadRate
    about: Mapping[str, Json]
    lead_seconds: float

    @property
    def items_at_once(self) -> int:
        """How many items the map hands out at once: those that may go on, and those that are started ahead of time."""
        most = self.rate.max_concurrency + ceil(self.rate.rate * (AHEAD_SECONDS + 1))
        return min(most, int(MAP_CHILDREN.default.value))


class Loads:
    """The loads of one installation."""

    def __init__(self, aws: AwsClients, installation: Installation, clock: Clock) -> None:
        """Raises EnvironmentFailure for a stack that is too old to start loads."""
        if not installation.starts_loads:
            raise EnvironmentFailure(
                "the stack starts no load: an older awsit deployed it",
                code="older_stack",
                hint="deploy it again with `awsit deploy`, or start the load from this machine with --engine local",
            )
        self._aws = aws
        self._installation = installation
        self._clock = clock
        self._manifests = Manifests(aws, installation.bucket)
        self.suites = Suites(aws, installation, clock)

    def start(self, order: LoadOrder) -> StartedLoad:
        """Start it. Nothing has begun when it raises, as far as is known."""
        inputs = ExecutionInputs(self._aws, self._installation, self._clock)
        requests = [replace(each, suite=order.load_id) for each in order.requests]
        started_with = [inputs.of(each) for each in requests]
        self._give_secrets(inputs, requests, order.run_ids)
        begins = ceil(self._now() + order.lead_seconds + len(order.run_ids) / ITEMS_A_SECOND)
        own_input: dict[str, Json] = {
            "manifest": key_of(order.load_id),
            "results": results_of(order.load_id),
            "max_concurrency": order.items_at_once,
            "load": {**order.about, "begins": begins},
        }
        check_size(requests[0].name, own_input, INPUT_BYTES)
        times = {run_id: round(begins + at, 3) for run_id, at in zip(order.run_ids, starts(order.rate), strict=True)}
        self._manifests.put(order.load_id, _items(times, started_with, begins))
        machine = self._installation.suite_machine_arn
        begin(self._aws, machine, order.load_id, dumps(own_input), f"start {order.load_id}")
        names = [(each.name, each.file) for each in requests]
        runs = [SuiteRun(run_id, *names[number % len(names)]) for number, run_id in enumerate(order.run_ids)]
        return StartedLoad(order.load_id, begins, order.about, runs, times)

    def find(self, load_id: str) -> StartedLoad:
        """A load that was started, by its ID. Raises NotFoundError, or EnvironmentFailure for a suite that is none."""
        try:
            with errors.reported(f"find the load {load_id}"):
                arn = self.suites.arn_of(load_id)
                execution = self._aws.client("stepfunctions").describe_execution(executionArn=arn)
        except EnvironmentFailure as error:
            if error.code != UNKNOWN:
                raise
            hint = "`awsit load` prints its ID; another stack or region may have it, and it is kept for 90 days"
            raise NotFoundError(f"there is no load {load_id}", hint=hint) from error
        about = loads(execution["input"]).get("load")
        if not about:
            hint = f"`awsit report {load_id}` shows its runs"
            raise EnvironmentFailure(f"{load_id} is a suite of runs, and no load", code="no_load", hint=hint)
        runs, times = self._manifests.iterations(load_id)
        return StartedLoad(load_id, float(about["begins"]), about, runs, times)

    def _give_secrets(self, inputs: ExecutionInputs, requests: Sequence[RunRequest], run_ids: Sequence[str]) -> None:
        """Leave the secret variables of all iterations."""
        if not any(secrets_of(each) for each in requests):
            return
        with ThreadPoolExecutor(WRITERS, "awsit-secrets") as writers:
            turns = (requests[number % len(requests)] for number in range(len(run_ids)))
            for _ in writers.map(inputs.give_secrets, turns, run_ids):
                pass

    def _now(self) -> float:
        """The time that AWS has, in seconds since the epoch: that of this machine, unless it is clearly wrong."""
        with errors.reported("list the executions"):
            answer = self._aws.client("stepfunctions").list_executions(
                stateMachineArn=self._installation.state_machine_arn, maxResults=1
            )
        here, of_aws = self._clock.now().timestamp(), answered_at(answer, self._clock).timestamp() + 0.5
        return of_aws if abs(of_aws - here) > CLOCK_SECONDS else here


def follower_of(load: StartedLoad, aws: AwsClients, installation: Installation, clock: Clock) -> SuiteFollower:
    """What follows a load."""
    follower = SuiteFollower(aws, installation, clock, load.load_id)

    def never_began(run: SuiteRun) -> bool:
        """Whether the load ended long before the time of an iteration."""
        ended = follower.progress.finished_at if follower.progress else ""
        wait_ended = load.start_at[run.run_id] - WARM_UP_SECONDS - WARMING_SECONDS - CLOCK_SECONDS
        return bool(ended) and wait_ended > parse_iso(ended).timestamp()

    follower.never_began = never_began
    return follower


def _items(
    times: Mapping[str, float], started_with: Sequence[Mapping[str, Json]], begins: float
) -> Iterator[dict[str, Json]]:
    for number, (run_id, start_at) in enumerate(times.items()):
        given = started_with[number % len(started_with)]
        yield timed_item_of(run_id, {**given, "seed": seed_of(given["seed"], number)}, start_at, begins)
