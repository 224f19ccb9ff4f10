"""The engine that has the state machine walk the plan: start an execution, follow it, look at it, stop it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING

from awsit.aws.account_quotas import keep_to_quotas
from awsit.aws.client import errors
from awsit.aws.installation import Installation, version_notice
from awsit.aws.runs.readable import readable
from awsit.aws.runs.store import DynamoRunStore
from awsit.aws.secrets import AwsSecrets
from awsit.aws.stepfunctions import executions
from awsit.aws.stepfunctions.execution import OF_SUITE
from awsit.aws.stepfunctions.execution_input import ExecutionInputs
from awsit.aws.stepfunctions.executions import ExecutionState
from awsit.aws.stepfunctions.follower import Follower, looks_allowed, looks_of_all
from awsit.aws.stepfunctions.past_runs import PastRuns
from awsit.aws.stepfunctions.recovery import status_of
from awsit.engine.run.report import ended, make_result, under_way
from awsit.engine.step.masker import masker
from awsit.engine.store.records import Closing, RunRecord, RunState
from awsit.errors import AccessDeniedError, EnvironmentFailure, NotFoundError, UsageError
from awsit.model.events import Event
from awsit.model.json import dumps
from awsit.model.ports import Aws, Clock
from awsit.model.result import ErrorInfo, RunResult, RunStatus, Status
from awsit.model.run import RunRequest, RunSnapshot, StartedRun

if TYPE_CHECKING:
    from awsit.aws.client.clients import AwsClients

DEFAULT_TIMEOUT = 300.0
"""Seconds that a scenario may take when it does not say so itself."""

RECORDED_WITHIN_SECONDS, POLL_SECONDS = 20.0, 0.5
"""How long a run that was just started may take to have its record, and how often it is looked for."""

CLEANUP_SECONDS = 900.0
"""How much longer than a scenario's own timeout its run is followed: clean-up comes after it."""


MANY_RUNS = 50
"""From so many runs of one command on, their pace is that of the account's own quotas, which are read once."""


class StepFunctionsEngine:
    """Runs scenarios inside the account, with the role of actions."""

    name = "stepfunctions"
    outlives_process = True

    def __init__(self, aws: AwsClients, installation: Installation, clock: Clock, watching: Aws | None = None) -> None:
        """Runs of this installation; `watching` makes the calls that follow them, by default `aws` does."""
        self._aws = aws
        self._watching = watching or aws
        self._installation = installation
        self._clock = clock
        self.notice = version_notice(installation)
        self._store = DynamoRunStore(aws, installation.table, installation.bucket)
        self._looks = looks_of_all(installation.state_machine_arn.split(":")[3], clock)
        self._starts = count(1)
        self._inputs = ExecutionInputs(aws, installation, clock)

    def start(self, request: RunRequest) -> StartedRun:
        """Upload the scenario and its files under their hashes and start the execution."""
        if next(self._starts) == MANY_RUNS and self._aws.endpoint_url is None:  # an emulated AWS has no quotas
            self._looks.change(looks_allowed(keep_to_quotas(self._aws)))
        started_with = dumps(self._inputs.of(request))
        machine = self._installation.state_machine_arn
        arn = executions.begin(self._aws, machine, request.run_id, started_with, f"start {request.name}")
        return StartedRun(request.run_id, arn, request)

    def follow(self, run: StartedRun, emit: Callable[[Event], None]) -> None:
        """Emit what happens in the run. Raises EnvironmentFailure when it does not end in the time that it should."""
        store = DynamoRunStore(self._watching, self._installation.table, self._installation.bucket)
        follower = Follower(self._watching, store, self._clock, run, self._looks)
        for event in follower.events(patience(run.request)):
            emit(event)

    def interrupt(self) -> bool:
        """False: no run of the account is this process's to interrupt; `stop` ends one."""
        return False

    def release(self, run_id: str) -> None:
        """Nothing is held here for a run in the account."""

    def clean_up(self, run_id: str) -> RunResult:
        """Have the state machine undo what the setup of a suite made, and return its last report."""
        return PastRuns(self._aws, self._installation, self._clock).clean_up(run_id, OF_SUITE)

    def masker(self, request: RunRequest) -> Callable[[str], str]:
        """What masks the secrets of a run. Those that its function read are read again, with the caller's credentials.

        Raises AwsitError where the caller may not read one.
        """
        return masker(self._store, AwsSecrets(self._aws), request)

    def snapshot(self, reference: str) -> RunSnapshot:
        """A run, by its ID or execution ARN, as it stands. Raises EnvironmentFailure when there is none."""
        state = self._describe(reference)
        with readable(state.execution.run_id):
            return self._snapshot(state)

    def _snapshot(self, state: executions.ExecutionState) -> RunSnapshot:
        run_id = state.execution.run_id
        try:
            run, plan = self._store.run(run_id), self._store.plan(run_id)
        except NotFoundError:
            return RunSnapshot(run_id, "", state.verdict, state.execution.arn, state.started_at, state.stopped_at)
        records = self._store.records(run_id)
        result = make_result(plan, ended(run, state.verdict, None), records, self._clock.now())
        begun = {} if state.is_over else {step.index: step for step in under_way(plan, run, records)}
        goes_on = self._goes_on(run, state)
        lacks_report = run.state is not RunState.CLOSED and not goes_on
        status = RunStatus.ERROR if lacks_report and result.status is RunStatus.PASSED else result.status
        steps = [begun.get(step.index, step) for step in result.steps]
        return RunSnapshot(
            run_id=run_id,
            scenario=run.scenario,
            status=RunStatus.RUNNING if goes_on else status,
            execution_arn=state.execution.arn,
            started_at=run.started_at,
            finished_at="" if goes_on else state.stopped_at,
            total_steps=run.total_steps,
            steps=tuple(step for step in steps if step.started_at or step.status is not Status.SKIPPED),
            cleanup=result.cleanup.verdict if run.state is RunState.CLOSED else None,
            cleanup_steps=result.cleanup.steps,
            error=executions.no_report(self._aws, state) if lacks_report else None,
            is_held=goes_on and run.is_held,
        )

    def _goes_on(self, run: RunRecord, state: ExecutionState) -> bool:
        """Whether a run is not over: its execution, a setup's wait for the runs within it, or the clean-up of one."""
        if not state.is_over or run.state is RunState.CLOSED:
            return not state.is_over
        return run.is_held or status_of(self._aws, run) == "RUNNING"

    def result(self, reference: str) -> RunResult:
        """The report of a run that is over. Raises NotFoundError when there is none (yet).

        Who may read reports need not be able to read the records, which only one with something left behind is about.
        """
        run_id = self._describe(reference).execution.run_id
        report = self._store.report(run_id)
        if report.cleanup.left_behind:
            with (
                suppress(NotFoundError, AccessDeniedError),
                errors.reported(f"read the run {run_id}"),
                readable(run_id),
            ):
                self._check_not_held(self._store.run(run_id))
        return report

    @staticmethod
    def _check_not_held(run: RunRecord) -> None:
        """Raise EnvironmentFailure for the setup of a suite that goes on: its report says what is to be cleaned up."""
        if run.hold and run.state is not RunState.CLOSED and run.verdict is RunStatus.PASSED:
            raise EnvironmentFailure(
                f"{run.run_id} is the setup of a suite, and not over: it is cleaned up after the runs within it",
                code="still_running",
                hint=f"`awsit status {run.run_id}` shows it as it is",
            )

    def stop(self, reference: str, *, abort: bool = False) -> str:
        """Let nothing more begin in a run: it cleans up, reports, and ends as `cancelled`. Returns its run ID.

        With `abort` the execution ends at once, and a rule of the stack has the clean-up done.
        """
        state = self._describe(reference)
        run_id = state.execution.run_id
        if state.is_over:
            hint = f"`awsit status {run_id}` shows it"
            raise UsageError(f"{run_id} is over already", code="run_is_over", hint=hint)
        with errors.reported(f"stop {run_id}"):
            if abort:
                self._aws.client("stepfunctions").stop_execution(
                    executionArn=state.execution.arn, error="Aborted", cause="awsit stop --abort"
                )
                return run_id
            run = self._close(run_id, Closing(RunStatus.CANCELLED, ErrorInfo("stopped", "Stopped by `awsit stop`.")))
        if run.verdict is not RunStatus.CANCELLED:
            came_to = run.verdict.value.replace("_", " ")
            message = f"{run_id} came to its end ({came_to}) before it could be stopped; it cleans up now"
            raise UsageError(message, code="run_is_over", hint=f"`awsit status {run_id}` shows it")
        return run_id

    def _close(self, run_id: str, closing: Closing) -> RunRecord:
        """Close the run, which has no record until the execution's first state has made it."""
        ends = self._clock.monotonic() + RECORDED_WITHIN_SECONDS
        while True:
            try:
                return self._store.close(run_id, closing)
            except NotFoundError:
                if self._clock.monotonic() > ends:
                    raise
                self._clock.sleep(POLL_SECONDS)

    def _describe(self, reference: str) -> ExecutionState:
        return executions.describe(self._aws, executions.arn_of(self._installation.state_machine_arn, reference))


def patience(request: RunRequest) -> float:
    """Seconds for which a run is followed."""
    return float(request.document.get("timeout_seconds", DEFAULT_TIMEOUT)) + CLEANUP_SECONDS
