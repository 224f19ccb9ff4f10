"""Runs of the account that are over, or should be: listing them, and finishing their clean-up."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from awsit.aws.client import errors
from awsit.aws.installation import Installation
from awsit.aws.runs.readable import MALFORMED, readable
from awsit.aws.runs.store import DynamoRunStore
from awsit.aws.stepfunctions import executions
from awsit.aws.stepfunctions.execution import cleanup_name
from awsit.aws.stepfunctions.executions import ExecutionState
from awsit.aws.stepfunctions.setups import Setups, suite_goes_on
from awsit.engine.run.last_looks import last_looks
from awsit.engine.run.report import ended, make_result
from awsit.engine.store.records import RunState
from awsit.errors import EnvironmentFailure, NotFoundError
from awsit.model.json import dumps
from awsit.model.ports import Aws, Clock
from awsit.model.result import ErrorInfo, RunResult, RunStatus
from awsit.model.run import LastLook, RunSummary

POLL_SECONDS = 0.5
LONGEST_CLEANUP = 3600.0
"""Seconds for which a clean-up is followed; it goes on after that."""
LONGEST_END = 15.0
"""Seconds that an execution may take to end once its run is closed: it only notes the outcome."""


class PastRuns:
    """The runs of one installation, as somebody who tidies up sees them."""

    def __init__(self, aws: Aws, installation: Installation, clock: Clock) -> None:
        self._aws = aws
        self._installation = installation
        self._clock = clock
        self.unread: list[str] = []
        self._store = DynamoRunStore(aws, installation.table, installation.bucket)
        self._setups = Setups(aws, self._store, clock)

    def newest(self, limit: int) -> Iterator[RunSummary]:
        """The newest executions, one at a time; those that only finished a clean-up are left out."""
        with errors.reported("list the executions"):
            pages = self._aws.client("stepfunctions").get_paginator("list_executions")
            arguments = {"stateMachineArn": self._installation.state_machine_arn}
            answers = pages.paginate(**arguments, PaginationConfig={"MaxItems": limit, "PageSize": min(limit, 100)})
            arns = [each["executionArn"] for page in answers for each in page["executions"]]
        for arn in arns:
            state = executions.describe(self._aws, arn)
            if not state.execution.cleaner and (summary := self._summary(state)):
                yield summary

    def open(self) -> list[str]:
        """The IDs of runs that were not reported or left something, and that no execution goes on with.

        The setup of a suite is none of them as long as others may be running within it.
        """
        with errors.reported("look for runs that left something"):
            run_ids = list(self._store.open_runs())
        return [run_id for run_id in run_ids if self._is_left(run_id)]

    def _is_left(self, run_id: str) -> bool:
        """Whether nobody goes on with a run; one that cannot be read is `unread`."""
        try:
            return not self._goes_on(run_id) and not self._setups.is_waiting(run_id)
        except EnvironmentFailure as error:
            if error.code != MALFORMED:
                raise
            self.unread.append(run_id)
            return False

    def run_id_of(self, reference: str) -> str:
        """The ID of a run that is named by its ID or by its execution's ARN. Raises EnvironmentFailure."""
        return executions.describe(self._aws, reference).execution.run_id if reference.startswith("arn:") else reference

    def as_it_stands(self, run_id: str) -> RunResult:
        """What the records say of a run now. Raises NotFoundError; EnvironmentFailure while it still goes on."""
        if self._goes_on(run_id, LONGEST_END):
            raise EnvironmentFailure(
                f"{run_id} is still going on", code="still_running", hint=f"`awsit stop {run_id}` ends it"
            )
        with errors.reported(f"read the run {run_id}"), readable(run_id):
            run, plan = self._store.run(run_id), self._store.plan(run_id)
            no_report = ErrorInfo("no_report", "The execution ended without a report.")
            records = self._store.records(run_id)
            return make_result(plan, ended(run, RunStatus.ERROR, no_report), records, self._clock.now())

    def clean_up(self, run_id: str, token: str, tell: Callable[[LastLook], None] = lambda _: None) -> RunResult:
        """Have the state machine undo what is open in a run that is over, and return its new report.

        `token` is a few random letters and digits; `tell` is called, once for each, with the last looks that are waited
        for. Raises what `as_it_stands` raises, and EnvironmentFailure for a setup within which runs go on.
        """
        self.as_it_stands(run_id)
        self._check_not_needed(run_id)
        machine, name = self._installation.state_machine_arn, cleanup_name(run_id, token)
        doing = f"start the clean-up of {run_id}"
        arn = executions.begin(self._aws, machine, name, dumps({"cleanup": run_id}), doing)
        self._follow(run_id, arn, tell)
        return self._store.report(run_id)

    def _check_not_needed(self, run_id: str) -> None:
        with errors.reported(f"look for runs within {run_id}"):
            run = self._store.run(run_id)
            if not run.hold:
                return
            within = self._setups.open_within(run_id)
            suite = run.suite if suite_goes_on(self._aws, run) else ""
        if not within and not suite:
            return
        who = suite or (within[0] if len(within) == 1 else f"{within[0]} and {len(within) - 1} more")
        verb = "goes on" if suite or len(within) == 1 else "go on"
        raise EnvironmentFailure(
            f"{run_id} is the setup of a suite, and {who} {verb} within it",
            code="still_running",
            hint=f"`awsit stop {suite or within[0]}` ends it, or wait for its end; then clean up",
        )

    def _follow(self, run_id: str, arn: str, tell: Callable[[LastLook], None]) -> None:
        """Wait for the end of an execution that was started to clean up a run."""
        began = self._clock.monotonic()
        known = set[LastLook]()
        while not self._is_over(arn, self._clock.monotonic() - began):
            if self._clock.monotonic() > began + LONGEST_CLEANUP:
                raise EnvironmentFailure(f"the clean-up of {run_id} goes on", hint=f"look again: `awsit status {arn}`")
            for look in self._last_looks(run_id):
                if look not in known:
                    known.add(look)
                    tell(look)
            self._clock.sleep(POLL_SECONDS)

    def _is_over(self, arn: str, age_seconds: float) -> bool:
        with executions.may_be_new(age_seconds):
            return executions.describe(self._aws, arn).is_over
        return False

    def _last_looks(self, run_id: str) -> list[LastLook]:
        with errors.reported(f"read the run {run_id}"):
            records = self._store.cleanup_records(run_id)
            return last_looks(self._store, run_id, records, self._clock.now().timestamp())

    def forget(self, run_id: str, token: str) -> RunResult:
        """Have what a run left count as seen to: nothing is undone any more, and its report is written anew.

        Raises what `as_it_stands` raises, and EnvironmentFailure when the stack is of a version that cannot.
        """
        self.as_it_stands(run_id)
        with errors.reported(f"forget what {run_id} left"):
            self._store.forget(run_id)
        result = self.clean_up(run_id, token)
        if result.cleanup.left_behind:
            raise EnvironmentFailure(
                f"the stack is of an older version, which forgets nothing: it tried to clean up {run_id} again",
                code="older_stack",
                hint="deploy it again with `awsit deploy`",
            )
        return result

    def _goes_on(self, run_id: str, patience_seconds: float = 0.0) -> bool:
        with errors.reported(f"read the run {run_id}"), readable(run_id):
            run = self._store.run(run_id)
        arns = [arn for arn in (run.execution_arn, run.cleaner) if arn.startswith("arn:")]
        ends = self._clock.monotonic() + (patience_seconds if run.state is RunState.CLOSED else 0.0)
        while going := any(executions.is_running(self._aws, arn) for arn in arns):
            if self._clock.monotonic() >= ends:
                break
            self._clock.sleep(POLL_SECONDS)
        return going

    def _summary(self, state: ExecutionState) -> RunSummary | None:
        """The run of an execution; None when its records cannot be read."""
        run_id = state.execution.run_id
        with errors.reported(f"read the run {run_id}"):
            try:
                with readable(run_id):
                    run = self._store.run(run_id)
                    left = self._store.left_behind(run_id) if state.is_over else None
            except NotFoundError:
                return RunSummary(run_id, "", "stepfunctions", state.verdict, state.started_at)
            except EnvironmentFailure:
                self.unread.append(run_id)
                return None
        is_held = run.is_held and run.state is not RunState.CLOSED
        is_over = state.is_over and not is_held
        verdict = ended(run, state.verdict, None).verdict if is_over else RunStatus.RUNNING
        return RunSummary(run_id, run.scenario, run.engine, verdict, run.started_at, left, is_held)
