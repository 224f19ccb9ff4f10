"""The ledger: what a run must undo, written before the action that makes it necessary."""

from __future__ import annotations

import hashlib
from itertools import count, takewhile

from msgspec import Struct

from awsit.actions.reading import check_params
from awsit.actions.registry import BY_TYPE, dispatch_action
from awsit.engine.secrets.detection import named_secrets
from awsit.engine.secrets.redaction import Redactor
from awsit.engine.secrets.texts import texts
from awsit.engine.step.scope import Scope
from awsit.engine.store.records import RecordedCompensation, RunRecord, RunStore
from awsit.errors import ActionError, ErrorKind
from awsit.model.action.call import ActionContext, ActionResult
from awsit.model.action.compensation import Compensable, Compensation
from awsit.model.json import Json, dumps
from awsit.model.plan import Phase, Plan, Step

_INDEXES_A_STEP = 100_000
"""More than a plan has clean-up steps, so that no index of theirs is one of a recorded compensation."""


class CompensationId(Struct, frozen=True):
    """A recorded compensation by the index of the step that it takes back, and its number among those of that step.

    The ledger, payloads and reports hold it as one number beside the indexes of `Plan.cleanup`: 100,000 for the first
    compensation of step 0, 100,001 for its second, 200,000 for the first of step 1.
    """

    step: int
    number: int

    @classmethod
    def of(cls, index: int) -> CompensationId | None:
        """The recorded compensation that a ledger entry means; None for one that is an index into `Plan.cleanup`."""
        step, number = divmod(index, _INDEXES_A_STEP)
        return cls(step - 1, number) if step else None

    @property
    def index(self) -> int:
        """Its ledger entry."""
        return (self.step + 1) * _INDEXES_A_STEP + self.number


def cleanup_step(plan: Plan, run: RunRecord, index: int) -> Step:
    """The clean-up step of a ledger entry: declared in the scenario, or recorded while the run went on."""
    return plan.cleanup[index] if CompensationId.of(index) is None else run.recorded[str(index)].step


class Compensations(Struct, frozen=True):
    """Records the compensation of an action, for one attempt."""

    store: RunStore

    def record(self, step: Step, params: Json, scope: Scope, context: ActionContext) -> None:
        """Put what takes the action back into the ledger, if the scenario asks for it.

        Raises ActionError when the compensation cannot be known, or when the run is not open any more: then the action
        must not be carried out.
        """
        action = _compensable(step)
        if action is None:
            return
        recorded = self._recorded_for(step, context.run_id)
        if any(each.asked == _fingerprint(step, params) for each in recorded):
            return
        checked = check_params(BY_TYPE[step.type], params)
        with context.aws.within(context.timeout_seconds):
            compensations = action.compensations(checked, context)
        for number, compensation in enumerate(compensations, len(recorded)):
            if not self.store.register(context.run_id, _entry(step, params, scope, compensation, number)):
                raise ActionError(f"{step.name}: the run was stopped before it began", kind=ErrorKind.INTERNAL)

    def record_result(self, step: Step, params: Json, done: ActionResult, scope: Scope, context: ActionContext) -> None:
        """Put what takes back an action that was carried out into the ledger, where only its result names it.

        What cannot be recorded is taken back at once. Raises ActionError then, or what kept the ledger from being
        written.
        """
        action = _compensable(step)
        if action is None:
            return
        checked = check_params(BY_TYPE[step.type], params)
        compensations = action.compensations_of_result(checked, done)
        first = len(self._recorded_for(step, context.run_id)) if compensations else 0
        for number, compensation in enumerate(compensations, first):
            self._record_or_take_back(_entry(step, params, scope, compensation, number), context)

    def _record_or_take_back(self, entry: RecordedCompensation, context: ActionContext) -> None:
        recorded = False
        try:
            recorded = self.store.register(context.run_id, entry)
        finally:
            if not recorded:
                dispatch_action(entry.step.type, entry.step.params, context)
        if not recorded:
            message = f"{entry.step.name}: the run was stopped, and what was made is taken back"
            raise ActionError(message, kind=ErrorKind.INTERNAL)

    def _recorded_for(self, step: Step, run_id: str) -> list[RecordedCompensation]:
        recorded = self.store.run(run_id).recorded
        indexes = (str(CompensationId(step.index, number).index) for number in count())
        return [recorded[index] for index in takewhile(recorded.__contains__, indexes)]


def _compensable(step: Step) -> Compensable | None:
    """The action of a step that is to be taken back."""
    if not is_taken_back(step):
        return None
    action = BY_TYPE[step.type]
    return action if isinstance(action, Compensable) else None


def is_taken_back(step: Step) -> bool:
    """Whether the scenario asks for what takes the step's action back."""
    return step.auto_cleanup or step.restore


def _fingerprint(step: Step, params: Json) -> str:
    return hashlib.sha256(dumps([step.type, params], sort_keys=True).encode()).hexdigest()


def _entry(step: Step, params: Json, scope: Scope, compensation: Compensation, number: int) -> RecordedCompensation:
    hidden = tuple(sorted(_secrets(compensation, params, scope)))
    undoing = _step(step, compensation, number)
    things, puts_back = compensation.things, compensation.puts_back
    return RecordedCompensation(undoing, _fingerprint(step, params), hidden, things, puts_back)


def _secrets(compensation: Compensation, params: Json, scope: Scope) -> set[str]:
    """The texts in the compensation's params that hold a secret of the step."""
    redactor = Redactor(scope.seen_secrets, scope.marked, (params, compensation.params))
    in_texts = {text for text in texts(compensation.params) if redactor.shown(text) != text}
    return in_texts | named_secrets(compensation.params)


def _step(step: Step, compensation: Compensation, number: int) -> Step:
    """The clean-up step that carries out compensation `number` of a step."""
    key = "restore" if step.restore else "auto_cleanup"
    return Step(
        index=CompensationId(step.index, number).index,
        name=f"{step.name}.{key}" + (f"[{number}]" if number else ""),
        type=compensation.type,
        phase=Phase.CLEANUP,
        params=compensation.params,
        at=step.at,
        timeout_seconds=step.timeout_seconds,
        rendered=True,
        source=f"{step.source}.{key}",
    )
