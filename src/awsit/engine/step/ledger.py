"""The ledger: what a run must undo, written before it is done."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from awsit.actions.params import check_params
from awsit.actions.registry import BY_TYPE
from awsit.engine.secrets.detection import named_secrets
from awsit.engine.secrets.redaction import Redactor
from awsit.engine.secrets.texts import texts
from awsit.engine.step.scope import Scope
from awsit.engine.store.records import RecordedCompensation, RunRecord, RunStore
from awsit.errors import ActionError, ErrorKind
from awsit.model.json import Json, dumps
from awsit.model.plan import Phase, Plan, Step
from awsit.model.ports import ActionContext, Compensable, Compensation

RECORDED_FROM = 100_000
"""Indexes of recorded inverses begin here, those of each step at a multiple of it: a plan has far fewer steps."""


def undo_step(plan: Plan, run: RunRecord, index: int) -> Step:
    """The clean-up step of a ledger entry: declared in the plan, or recorded."""
    return plan.cleanup[index] if index < RECORDED_FROM else run.recorded[str(index)].step


@dataclass(frozen=True, slots=True)
class Compensations:
    """Has inverses recorded for one attempt."""

    store: RunStore

    def record(self, step: Step, params: Json, scope: Scope, context: ActionContext) -> None:
        """Put what takes the action back into the ledger, if the scenario asks for it.

        Raises ActionError when the inverse cannot be known, or when the run is not open any more: then the action must
        not be carried out.
        """
        action = BY_TYPE[step.type]
        if not (step.auto_cleanup or step.restore) or not isinstance(action, Compensable):
            return
        asked = hashlib.sha256(dumps([step.type, params], sort_keys=True).encode()).hexdigest()
        known = [each for index, each in self._recorded(context).items() if _belongs(index, step)]
        if any(each.asked == asked for each in known):
            return
        undos = action.compensations(check_params(step.type, action.params_model, params), context)
        for number, undo in enumerate(undos, len(known)):
            hidden = tuple(sorted(_secrets(undo, params, scope)))
            if not self.store.register(context.run_id, RecordedCompensation(_step(step, undo, number), asked, hidden)):
                raise ActionError(f"{step.name}: the run was stopped before it began", kind=ErrorKind.INTERNAL)

    def _recorded(self, context: ActionContext) -> dict[int, RecordedCompensation]:
        return {int(index): each for index, each in self.store.run(context.run_id).recorded.items()}


def _secrets(undo: Compensation, params: Json, scope: Scope) -> set[str]:
    """The texts of an inverse that hold a secret of the step."""
    redactor = Redactor(scope.seen_secrets, scope.marked, (params, undo.params))
    return {text for text in texts(undo.params) if redactor.shown(text) != text} | named_secrets(undo.params)


def _belongs(index: int, step: Step) -> bool:
    return index // RECORDED_FROM == step.index + 1


def _step(step: Step, undo: Compensation, number: int) -> Step:
    key = "restore" if step.restore else "auto_cleanup"
    return Step(
        index=(step.index + 1) * RECORDED_FROM + number,
        name=f"{step.name}.{key}" + (f"[{number}]" if number else ""),
        type=undo.type,
        phase=Phase.CLEANUP,
        params=undo.params,
        timeout_seconds=step.timeout_seconds,
        rendered=True,
        source=f"{step.source}.{key}",
    )
