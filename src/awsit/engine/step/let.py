"""What a step computes before its first attempt: the values of its `let`."""

from __future__ import annotations

from awsit.engine.secrets.redaction import Redactor
from awsit.engine.step.scope import Scope
from awsit.engine.store.records import RunStore
from awsit.errors import ExpressionError
from awsit.expressions.fake_data import FakeData
from awsit.expressions.templates import template
from awsit.model.json import Json
from awsit.model.plan import Step


def compute(step: Step, scope: Scope, store: RunStore, run_id: str) -> None:
    """Give the scope the step's own values, and keep them in the run before anything is done with them.

    Whatever undoes the step needs the same values, also when no answer of the step ever came: they are computed once.
    Raises ExpressionError, and what a function of the scope raises.
    """
    if step.let.keys() <= scope.visible.keys():
        return
    values: dict[str, Json] = {}
    for name, value in step.let.items():
        values[name] = _rendered(name, value, scope)
        scope.capture({name: values[name]})
    hidden = _hidden(values, scope)
    scope.mark(hidden)
    store.compute(run_id, values, hidden)


def _rendered(name: str, value: Json, scope: Scope) -> Json:
    try:
        fake = FakeData(f"{scope.seed}:let.{name}")  # of its own: a later attempt computes no `let`
        return template.render(value, {**scope.names, "fake": fake})
    except ExpressionError as error:
        raise ExpressionError(f"let.{name}: {error.message}", code=error.code, hint=error.hint) from error


def _hidden(values: dict[str, Json], scope: Scope) -> tuple[str, ...]:
    """The places of secrets in the values, as they stand in the context."""
    redactor = Redactor(scope.seen_secrets, scope.marked, (values,))
    return tuple(f"${path}" for path in redactor.hides(values))
