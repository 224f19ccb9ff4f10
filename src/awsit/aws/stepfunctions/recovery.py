"""Runs of the account whose execution was cut off: by a stop, a limit, or a failure of the platform."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from msgspec import Struct, field

from awsit.aws.runs.store import DynamoRunStore
from awsit.aws.stepfunctions import executions
from awsit.aws.stepfunctions.execution import Execution
from awsit.aws.stepfunctions.setups import Setups
from awsit.engine.run.recover import Recovery
from awsit.engine.services import Services
from awsit.engine.store.records import RunRecord, RunState
from awsit.errors import EnvironmentFailure, InvalidInputError, NotFoundError
from awsit.model.ports import Aws
from awsit.model.result import RunResult

LOOK_SECONDS = 2.0
"""How often it is looked whether the runs within the setups of a suite are over."""

PREPARATION_SECONDS = 5.0
"""How long a call of the function goes on that prepares a run, after the execution was stopped that waited for it."""

PATIENCE_SECONDS = 20.0
"""How long a sweep waits for what is in flight in one run; what takes longer is left to the next sweep."""


def recover_execution(services: Services, aws: Aws, execution: Execution, status: str, ends: float) -> RunResult | None:
    """Finish the run of an execution that ended as `status` (such as `ABORTED`); `aws` may describe executions.

    Returns None for a run that was reported already, for one that another execution cleans up, or when time ran out:
    then a sweep goes on with it, since the lease of a run ends when the run closes.
    """
    _await_record(services, execution.run_id)
    if _is_cleaned_elsewhere(services, aws, execution.run_id):
        return None
    return _recovery(services, execution.run_id, math.inf, ends).recover(executions.ENDS.get(status, executions.FAILED))


def _await_record(services: Services, run_id: str) -> None:
    """Wait for the record of a run whose execution was cut off while its first state was about to make it.

    Who does not wait would report a run that never began, and it would stay open until its deadline.
    """
    ends = services.clock.monotonic() + PREPARATION_SECONDS
    while services.clock.monotonic() < ends:
        try:
            services.store.run(run_id)
        except NotFoundError:
            services.clock.sleep(0.5)
        else:
            return


def _recovery(services: Services, run_id: str, patience: float, ends: float) -> Recovery:
    return Recovery(services, run_id, f"recovery-{services.randomness.token(12)}", patience, ends)


def _is_cleaned_elsewhere(services: Services, aws: Aws, run_id: str) -> bool:
    """Whether an execution of its own goes on with the clean-up: see `awsit.aws.stepfunctions.reserve`."""
    try:
        cleaner = services.store.run(run_id).cleaner
    except NotFoundError:
        return False
    return cleaner.startswith("arn:") and _status(aws, cleaner) == "RUNNING"


class Swept(Struct):
    """What a sweep did: the IDs of the runs that it finished, and by run ID why it could not finish others.

    `cleaned` are the IDs of runs that were reported before, and whose clean-up the platform had cut short.
    """

    recovered: list[str] = field(default_factory=list)
    cleaned: list[str] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)


def sweep_runs(
    services: Services, aws: Aws, store: DynamoRunStore, ends: float, announce: Callable[[RunResult], None]
) -> Swept:
    """Finish the runs whose lease has ended, unless an execution still works on them; a failure stops no other.

    Each report is announced at once: the function may be killed before the last run is finished.
    """
    swept, setups = Swept(), Setups(aws, store, services.clock)
    for run_id in store.open_runs(services.clock.now().timestamp()):
        if services.clock.monotonic() >= ends:
            break
        try:
            result = None if setups.is_waiting(run_id) else _sweep(services, aws, run_id, ends, swept)
            if result:
                announce(result)
        except Exception as error:  # noqa: BLE001 - the next sweep tries it again
            swept.failures[run_id] = str(error)
    return swept


def recover_setups(
    services: Services, aws: Aws, store: DynamoRunStore, suite_id: str, ends: float
) -> Iterator[RunResult]:
    """Clean up the setups of a suite that was cut off, once the runs within them are over; yields their reports.

    What takes longer is left to a sweep.
    """
    setups = Setups(aws, store, services.clock)
    while services.clock.monotonic() < ends:
        is_made, held = not setups.is_being_made(suite_id), setups.held(suite_id)
        if is_made and not setups.open_within(*(each.run_id for each in held)):
            yield from filter(None, (_sweep(services, aws, each.run_id, ends, Swept()) for each in held))
            return
        services.clock.sleep(LOOK_SECONDS)


def end_kept(services: Services, run_id: str) -> RunResult:
    """End the setup of a suite that is to be kept, with the report that it has. Returns that."""
    result = services.store.report(run_id)
    services.store.end(result)
    return result


def _sweep(services: Services, aws: Aws, run_id: str, ends: float, swept: Swept) -> RunResult | None:
    """Finish one run; returns its report if there was none before."""
    run = services.store.run(run_id)
    status = status_of(aws, run)
    if status == "RUNNING":
        return None
    if run.is_held and run.keep:
        return end_kept(services, run_id)
    recovery = _recovery(services, run_id, PATIENCE_SECONDS, ends)
    if run.state is RunState.CLOSED:
        swept.cleaned += [run_id] if recovery.finish() else []
        return None
    result = recovery.recover(executions.ENDS.get(status, executions.FAILED))
    swept.recovered += [run_id] if result else []
    return result


def prepare_cleanup(services: Services, aws: Aws, execution: Execution) -> None:
    """Take over a run that is over, for an execution that finishes its clean-up.

    Raises InvalidInputError when an execution still goes on with it.
    """
    run = services.store.run(execution.run_id)
    if run.cleaner == execution.cleaner:  # it was handed over by the execution before
        return
    if status_of(aws, run) == "RUNNING":
        raise InvalidInputError(f"{execution.run_id} is still going on", hint="`awsit stop` ends it")
    services.store.close(execution.run_id, executions.FAILED)
    services.store.take_over(execution.run_id, execution.cleaner)


def status_of(aws: Aws, run: RunRecord) -> str:
    """The status of the run's execution; `RUNNING` also while one that finishes its clean-up is at work."""
    cleaning = run.cleaner if run.cleaner.startswith("arn:") else ""
    statuses = [_status(aws, arn) for arn in (run.execution_arn, cleaning) if arn]
    return "RUNNING" if "RUNNING" in statuses else (statuses or ["UNKNOWN"])[0]


def _status(aws: Aws, arn: str) -> str:
    """The status; `UNKNOWN` for an execution that is not kept any more."""
    try:
        state = executions.describe(aws, arn)
    except EnvironmentFailure as error:
        if error.code == executions.UNKNOWN:
            return "UNKNOWN"
        raise
    return state.status if state.is_over else "RUNNING"
