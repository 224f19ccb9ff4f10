"""The setups of suites that wait for their clean-up, and the runs that go on within them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from awsit.aws.runs.items import HELD_SECONDS, LEFT_SOMETHING
from awsit.aws.runs.readable import readable
from awsit.aws.runs.store import DynamoRunStore
from awsit.aws.stepfunctions import executions
from awsit.engine.store.records import RunRecord
from awsit.errors import EnvironmentFailure, NotFoundError
from awsit.model.ports import Aws, Clock
from awsit.model.result import RunStatus
from awsit.model.run import SUITE_ID
from awsit.system.clock import parse_iso


class Setups:
    """The setups of one installation. Each look at them reads the runs of the stack that are not over."""

    def __init__(self, aws: Aws, store: DynamoRunStore, clock: Clock) -> None:
        self._aws = aws
        self._store = store
        self._clock = clock

    def held(self, suite_id: str) -> list[RunRecord]:
        """Those of a suite in the account, the newest first."""
        held = [run for run in self._open() if run.is_held and run.suite == suite_id]
        return sorted(held, key=lambda run: run.started_at, reverse=True)

    def is_being_made(self, suite_id: str) -> bool:
        """Whether one of a suite in the account is under way."""
        return any(run.hold and run.suite == suite_id and run.verdict is RunStatus.RUNNING for run in self._open())

    def open_within(self, *setup_ids: str) -> list[str]:
        """The IDs of the runs within these setups that are not over, or whose clean-up a sweep is to finish.

        A run that begins this very moment may be missed: an index is behind its table for some milliseconds (Amazon
        DynamoDB Developer Guide, "Using Global Secondary Indexes").
        """
        return [run.run_id for run in self._open() if run.suite_run in setup_ids]

    def is_waiting(self, run_id: str) -> bool:
        """Whether a run is a held setup that is needed still."""
        run = self._store.run(run_id)
        return run.is_held and self.is_needed(run)

    def is_needed(self, setup: RunRecord) -> bool:
        """Whether a held setup has to wait still.

        That of a suite in the account: as long as that goes on, or runs within it do. Whether the command goes on that
        has made any other is not known, so that it waits for a day. Longer than that waits none without a suite.
        """
        if suite_goes_on(self._aws, setup):
            return True
        until = parse_iso(setup.started_at).timestamp() + HELD_SECONDS
        if self._clock.now().timestamp() >= until:
            return False
        return not SUITE_ID.fullmatch(setup.suite) or bool(self.open_within(setup.run_id))

    def _open(self) -> Iterator[RunRecord]:
        """The runs that are not over, as they are: the index may be behind."""
        for run_id in self._store.open_runs(LEFT_SOMETHING - 1):
            with suppress(NotFoundError, EnvironmentFailure), readable(run_id):
                yield self._store.run(run_id)


def suite_goes_on(aws: Aws, run: RunRecord) -> bool:
    """Whether the suite in the account that a run is part of is not over."""
    arn = _suite_arn(run)
    return bool(arn) and executions.is_running(aws, arn)


def _suite_arn(run: RunRecord) -> str:
    """The execution of the run's suite in the account, whose state machine is named as that of runs is.

    See `infra/template.yaml`. Empty for a run that is in no such suite.
    """
    machine, _, _ = run.execution_arn.rpartition(":")
    name = machine.removesuffix("-test-flow")
    return f"{name}-suite-flow:{run.suite}" if name != machine and SUITE_ID.fullmatch(run.suite) else ""
