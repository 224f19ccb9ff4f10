"""Suites that the account runs: starting them, looking at them, stopping them.

A suite is an execution of `infra/suite_flow.asl.json`, named by the suite's ID. Its distributed map starts an execution
of the test flow for each run of the manifest, so that status, stop, recovery and clean-up of a run are as of any other.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from awsit.aws.account_quotas import keep_to_quotas
from awsit.aws.client import errors
from awsit.aws.function_concurrency import FunctionConcurrency, function_concurrency
from awsit.aws.installation import Installation
from awsit.aws.runs.history import RunHistory
from awsit.aws.runs.store import DynamoRunStore
from awsit.aws.stepfunctions.execution_input import ExecutionInputs, check_size
from awsit.aws.stepfunctions.executions import arn_of, begin
from awsit.aws.suites.manifest import Manifests, item_of, key_of, results_of, runs_of
from awsit.engine.store.records import Closing
from awsit.errors import EnvironmentFailure, NotFoundError, UsageError
from awsit.model.json import Json, dumps, loads
from awsit.model.ports import Clock
from awsit.model.result import ErrorInfo, RunStatus
from awsit.model.run import HistoryEntry, RunRequest, SuiteProgress, SuiteRun, SuiteSnapshot
from awsit.quotas.account import AccountQuotas
from awsit.quotas.catalogue import SETUPS_BYTES
from awsit.records import replace
from awsit.system.clock import iso

if TYPE_CHECKING:
    from awsit.aws.client.clients import AwsClients

UPLOADS = 8
"""How many scenarios are uploaded at once."""

MOST_RUNNING = 1000
"""Executions of one answer (AWS Step Functions API Reference, "ListExecutions")."""

STOPPED = Closing(RunStatus.CANCELLED, ErrorInfo("stopped", "Its suite was stopped by `awsit stop`."))


class Requested(Protocol):
    """A run that was asked for. Its request is read when it is uploaded: memory could not hold those of all."""

    @property
    def request(self) -> RunRequest:
        """The request, with its scenario's whole document."""


class Suites:
    """The suites of one installation."""

    def __init__(self, aws: AwsClients, installation: Installation, clock: Clock) -> None:
        """Raises EnvironmentFailure for a stack that is too old to run suites."""
        if not installation.suite_machine_arn:
            raise EnvironmentFailure(
                "the stack has no state machine for suites: an older awsit deployed it",
                code="older_stack",
                hint="deploy it again with `awsit deploy`, or run the scenarios with --no-in-account",
            )
        self._aws = aws
        self._installation = installation
        self._clock = clock
        self._manifests = Manifests(aws, installation.bucket)
        self._history = RunHistory(aws, installation.table)
        self._store = DynamoRunStore(aws, installation.table, installation.bucket)

    def check_setups(self) -> None:
        """Raise EnvironmentFailure when the stack is too old to make the setups of a suite."""
        if not self._installation.makes_setups:
            raise EnvironmentFailure(
                "the stack makes no setup of a suite.yaml: an older awsit deployed it",
                code="older_stack",
                hint="deploy it again with `awsit deploy`, or run the scenarios with --no-in-account",
            )

    def function_concurrency(self) -> FunctionConcurrency | None:
        """How many calls of the function may go on at once; None when that is not known."""
        return function_concurrency(self._aws, self._installation.function_name)

    def account_quotas(self) -> AccountQuotas:
        """The quotas of the account, which calls keep to from now on; the defaults when they may not be read."""
        return keep_to_quotas(self._aws)

    def start(self, suite_id: str, runs: Iterable[Requested], at_once: int, setups: Iterable[Requested] = ()) -> str:
        """Upload the scenarios and the manifest, and start the suite with `at_once` runs side by side.

        The `setups` are made before, one after the other, and cleaned up when nothing runs any more.
        Returns the ARN of its execution. Nothing has begun when it raises, as far as is known.
        """
        inputs = ExecutionInputs(self._aws, self._installation, self._clock)

        def upload(run: Requested) -> dict[str, Json]:
            request = replace(run.request, suite=suite_id)
            return item_of(request.run_id, inputs.of(request))

        with ThreadPoolExecutor(UPLOADS, "awsit-upload") as uploads:
            set_up_by = list(uploads.map(upload, setups))
            started_with: dict[str, Json] = {
                "manifest": key_of(suite_id),
                "results": results_of(suite_id),
                "max_concurrency": at_once,
                **({"setups": set_up_by} if set_up_by else {}),
            }
            check_size("all setups of the suite", started_with, SETUPS_BYTES)  # before thousands of runs are uploaded
            self._manifests.put(suite_id, uploads.map(upload, runs))
        machine = self._installation.suite_machine_arn
        return begin(self._aws, machine, suite_id, dumps(started_with), f"start {suite_id}")

    def runs(self, suite_id: str) -> tuple[SuiteRun, ...]:
        """The runs of a suite, in their order, its setups first. Raises NotFoundError."""
        within = self._manifests.get(suite_id)
        return (*self._setups(suite_id), *within) if any(run.suite_run for run in within) else within

    def _setups(self, suite_id: str) -> tuple[SuiteRun, ...]:
        """The setups of a suite, which its execution was started with."""
        with errors.reported(f"find the suite {suite_id}"):
            execution = self._client.describe_execution(executionArn=self.arn_of(suite_id))
        return runs_of(loads(execution["input"]).get("setups", ()))

    def results_since(self, suite_id: str, since: str = "") -> list[tuple[str, HistoryEntry]]:
        """The runs that have ended at `since` (ISO 8601) or later, each with its end, in their order. One query."""
        return self._history.of_suite(suite_id, since)

    def progress(self, suite_id: str) -> SuiteProgress:
        """How far a suite is: three requests, however many runs it has. Raises EnvironmentFailure for none."""
        arn = self.arn_of(suite_id)
        with errors.reported(f"find the suite {suite_id}"):
            execution = self._client.describe_execution(executionArn=arn)
            counts = self._counts(arn)
        return SuiteProgress(
            suite_id,
            arn,
            execution["status"],
            iso(execution["startDate"]),
            _iso(execution.get("stopDate")),
            waiting=int(counts.get("pending", 0)),
        )

    def snapshot(self, suite_id: str) -> SuiteSnapshot:
        """A suite as it stands. Raises NotFoundError or EnvironmentFailure."""
        runs = {run.run_id: run for run in self.runs(suite_id)}
        progress = self.progress(suite_id)
        ended = {entry.run_id: entry for _, entry in self.results_since(suite_id)}
        names = tuple(runs[run_id].shown_name for run_id in self.running(runs) if run_id not in ended)
        return SuiteSnapshot(replace(progress, running=names), len(runs), tuple(ended.values()))

    def running(self, run_ids: Container[str]) -> Iterator[str]:
        """Those of the runs that are under way, the newest first, as far as one request tells."""
        with errors.reported("list the executions"):
            page = self._client.list_executions(**self._running_executions, maxResults=MOST_RUNNING)
        return (each["name"] for each in page["executions"] if each["name"] in run_ids)

    def _all_running(self, run_ids: Container[str]) -> set[str]:
        """All of the runs that are under way, however many executions go on."""
        with errors.reported("list the executions"):
            pages = self._client.get_paginator("list_executions").paginate(
                **self._running_executions, PaginationConfig={"PageSize": MOST_RUNNING}
            )
            return {each["name"] for page in pages for each in page["executions"] if each["name"] in run_ids}

    @property
    def _running_executions(self) -> dict[str, str]:
        return {"stateMachineArn": self._installation.state_machine_arn, "statusFilter": "RUNNING"}

    def stop(self, suite_id: str, *, abort: bool = False) -> int:
        """Let no run begin any more, and those that go on end and clean up; returns how many these are.

        Step Functions stops the executions that those of the map wait for, as far as it can (Step Functions Developer
        Guide, "Integrating with services", section "Run a job (.sync)"), and the stack's rule finishes their runs. Each
        run is closed too, so that one that goes on all the same begins nothing more; with `abort` its execution ends at
        once.
        Raises NotFoundError for a suite that is not there, and UsageError for one that is over.
        """
        run_ids = {run.run_id for run in self.runs(suite_id)}
        if self.progress(suite_id).is_over:
            hint = f"`awsit status {suite_id}` shows it"
            raise UsageError(f"{suite_id} is over already", code="suite_is_over", hint=hint)
        going_on = self._all_running(run_ids)
        with errors.reported(f"stop {suite_id}"):
            self._client.stop_execution(executionArn=self.arn_of(suite_id), error="Stopped", cause="awsit stop")
            going_on |= self._all_running(run_ids)  # one may have begun meanwhile
            for run_id in going_on:
                with suppress(NotFoundError):  # it has not begun, and its execution is stopped
                    self._store.close(run_id, STOPPED)
                if abort:
                    arn = arn_of(self._installation.state_machine_arn, run_id)
                    self._client.stop_execution(executionArn=arn, error="Aborted", cause="awsit stop --abort")
        return len(going_on)

    def arn_of(self, suite_id: str) -> str:
        """The ARN of a suite's execution."""
        return f"{self._installation.suite_machine_arn.replace(':stateMachine:', ':execution:')}:{suite_id}"

    def _counts(self, arn: str) -> dict[str, int]:
        """The counts of the map's items; empty before it has read the manifest."""
        maps = self._client.list_map_runs(executionArn=arn, maxResults=1)["mapRuns"]
        if not maps:
            return {}
        counts: dict[str, int] = self._client.describe_map_run(mapRunArn=maps[0]["mapRunArn"])["itemCounts"]
        return counts

    @property
    def _client(self) -> Any:
        return self._aws.client("stepfunctions")


def _iso(moment: datetime | None) -> str:
    return iso(moment) if moment else ""
