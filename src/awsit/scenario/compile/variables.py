"""The variables of a run: those of the scenario, rendered once and in order, and those given for the run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct, field

from awsit.errors import ExpressionError, InvalidInputError, Problem
from awsit.expressions.fake_data import FakeData
from awsit.expressions.templates import template
from awsit.expressions.templates.random_string import random_strings
from awsit.model.json import Json
from awsit.model.ports import Randomness
from awsit.scenario.schema.cases import KEY
from awsit.scenario.schema.matrix import matrix_variables
from awsit.suggestions import suggestion


class PlanInputs(Struct, frozen=True):
    """What a person adds to a scenario. `started_at`: ISO 8601 UTC. `env` holds at least what the templates name.

    `label` is what reports call the run when it is one of a matrix, such as `priced[book]`.
    """

    run_id: str
    started_at: str
    variables: Mapping[str, Json] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    label: str = ""
    seed: str = ""
    """What fake data are drawn from."""


def check_overrides(document: Json, overrides: Mapping[str, Json]) -> None:
    """Check the variables that are given for a run.

    Raises InvalidInputError for one that the scenario does not have, and for one of its matrix that is not given.
    """
    rows, key = matrix_variables(document), KEY if document.get(KEY) else "matrix"
    known = rows | set(document.get("variables", {}))
    problems = [
        Problem("unknown_variable", f"the scenario has no variable `{name}`{suggestion(name, known, 'it has none')}")
        for name in overrides
        if name not in known
    ]
    problems += [
        Problem("missing_variable", f"the scenario takes `{name}` from its {key}, and no value was given", key)
        for name in sorted(rows - set(overrides))
    ]
    if problems:
        missing = min(rows - set(overrides), default="")
        hint = f"give it as a variable of the run: --var {missing}=..." if missing else ""
        raise InvalidInputError("the variables of the run do not fit the scenario", tuple(problems), hint=hint)


def resolve_variables(
    document: Json, inputs: PlanInputs, stacks: Mapping[str, Mapping[str, str]], randomness: Randomness
) -> dict[str, Json]:
    """Each variable's value; a given one is taken as it is. Raises InvalidInputError when one cannot be rendered."""
    check_overrides(document, inputs.variables)
    values: dict[str, Json] = {name: inputs.variables[name] for name in sorted(matrix_variables(document))}
    scope = {
        "vars": values,
        "env": dict(inputs.env),
        "run": {"id": inputs.run_id, "scenario": document["name"], "started_at": inputs.started_at},
        "stack": stacks.__getitem__,
        "now": lambda: datetime.fromisoformat(inputs.started_at),
        "uuid": randomness.uuid,
        "random_string": random_strings(randomness),
    }
    for name, value in document.get("variables", {}).items():
        if name in inputs.variables:
            values[name] = inputs.variables[name]
        elif name not in values:
            fake = FakeData(f"{inputs.seed or inputs.run_id}:variables.{name}")
            values[name] = _rendered(name, value, {**scope, "fake": fake})
    return values


def _rendered(name: str, value: Json, scope: Mapping[str, object]) -> Json:
    try:
        return template.render(value, scope)
    except ExpressionError as error:
        problem = Problem(error.code, error.message, f"variables.{name}", error.hint)
        raise InvalidInputError(f"the variable `{name}` has no value", (problem,)) from error
