"""The end of the actions: final assertions, the verdict, and the steps that follow."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from msgspec import Struct

from awsit.engine.run.effects import RunEffects
from awsit.engine.secrets.redaction import Redactor
from awsit.engine.secrets.results import shown_check
from awsit.engine.services import Services
from awsit.engine.step.attempt import evaluate, internal_error
from awsit.engine.step.context import values_of
from awsit.engine.step.scope import absent_members, action_view, make_scope, run_view
from awsit.engine.store.records import Closing, RunRecord, StepRecord
from awsit.expressions.values import WithAbsences
from awsit.model.json import Json
from awsit.model.plan import Phase, Plan
from awsit.model.result import AssertionResult, ErrorInfo, RunStatus, Status

LAST_LOOK = 1_000_000
"""What is added to the numbers of the calls of a last look."""


class FollowUp(Struct, frozen=True):
    """A step that follows the actions: a diagnostic, by its index in `Plan.steps`, or clean-up, by its ledger entry.

    `again`: the last look of a clean-up step whose action may take effect late; `is_first_of_two`: the look before it.
    `was_cut_off`: a clean-up that was cut off may have made its call before, and nobody knows what came of it.
    """

    phase: Phase
    index: int
    again: bool = False
    was_cut_off: bool = False
    is_first_of_two: bool = False

    @property
    def first_call(self) -> int:
        """The number of its first call. Those of a last look are above all others of its entry."""
        return LAST_LOOK + 1 if self.again else 1


def verify(services: Services, run_id: str, error: ErrorInfo | None = None) -> tuple[FollowUp, ...]:
    """Check the final assertions if all actions passed, close the run, and list what follows, in order.

    `error` is what stopped the flow from outside, when something did. Nothing follows when a cleaner has taken over.
    """
    store = services.store
    run, plan = store.run(run_id), store.plan(run_id)
    if run.cleaner:
        return ()
    records = tuple(each for each in store.records(run_id) if each.kind is not Phase.CLEANUP)
    checks: tuple[AssertionResult, ...] = ()
    closing = Closing(RunStatus.ERROR, error) if error else _early(run, records)
    if closing is None:
        try:
            checks = _final(services, plan, run, records)
            closing = Closing(RunStatus.PASSED if all(check.passed for check in checks) else RunStatus.FAILED)
        except Exception as bug:  # noqa: BLE001 - what the run made must be cleaned up, and reported
            closing = Closing(RunStatus.ERROR, internal_error(bug))
    run = store.close(run_id, closing, checks)
    return follow_ups(plan, run, records, services.clock.now().timestamp())


def follow_ups(plan: Plan, run: RunRecord, records: tuple[StepRecord, ...], at: float) -> tuple[FollowUp, ...]:
    """Diagnostics of what failed, then the ledger, newest first, unless what the run made is to stay.

    Last, once more, what may still take effect after `at` (seconds since the epoch).
    """
    bad = {Status.FAILED, Status.ERROR}
    diagnostics = [
        FollowUp(Phase.ON_FAILURE, index)
        for record in records
        if record.result.status in bad
        for index in plan.steps[record.index].on_failure
    ]
    ledger = () if run.keep or run.is_held else tuple(reversed(run.ledger))
    effects = RunEffects.of(plan, run, records)
    return (*diagnostics, *looks(ledger, effects.unsettled(ledger, at)))


def looks(ledger: Sequence[int], again: Collection[int]) -> Iterable[FollowUp]:
    """The clean-up steps of the ledger, in order, and then once more those that are to be carried out `again`."""
    yield from (FollowUp(Phase.CLEANUP, index, is_first_of_two=index in again) for index in ledger)
    yield from (FollowUp(Phase.CLEANUP, index, again=True) for index in again)


def _early(run: RunRecord, records: tuple[StepRecord, ...]) -> Closing | None:
    """The verdict that needs no final assertions: the run's own, or that of steps whose failure was tolerated."""
    if run.verdict is not RunStatus.RUNNING:
        return Closing(RunStatus.RUNNING)  # which leaves the verdict and its error as they are
    statuses = {record.result.status for record in records}
    if Status.ERROR in statuses:
        return Closing(RunStatus.ERROR)
    return Closing(RunStatus.FAILED) if Status.FAILED in statuses else None


def _final(
    services: Services, plan: Plan, run: RunRecord, records: tuple[StepRecord, ...]
) -> tuple[AssertionResult, ...]:
    if not plan.assertions:
        return ()
    by_name = {record.result.name: record for record in records}
    document: Json = {
        "context": values_of(plan, run),
        "actions": {name: action_view(record) for name, record in by_name.items()},
        "run": run_view(run),
    }
    absent = [
        absent_members(each.result.type, each.kept, f"$['actions']['{name}']['result']")
        for name, each in by_name.items()
    ]
    document = WithAbsences(document, frozenset().union(*absent))
    scope = make_scope(services, plan, run, by_name)
    checks = [evaluate(spec, document, scope, f"assertions[{index}]") for index, spec in enumerate(plan.assertions)]
    redactor = Redactor(scope.seen_secrets, scope.marked, (document,))
    return tuple(shown_check(check, redactor) for check in checks)
