"""From a scenario document to a plan: checked, flattened, its variables, environment and stacks resolved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from awsit.errors import ExpressionError, InvalidInputError, MissingStackError, Problem
from awsit.expressions.templates import template
from awsit.model.json import Json
from awsit.model.plan import Plan, Step
from awsit.model.ports import Action, Randomness
from awsit.model.sources import StackSource
from awsit.scenario.checks.usage import mark_usage, templates_of
from awsit.scenario.checks.validate import validate
from awsit.scenario.compile.flatten import Flattened, flatten
from awsit.scenario.compile.variables import PlanInputs, check_overrides, resolve_variables
from awsit.scenario.library.expand import expand
from awsit.scenario.reading.source import Source
from awsit.scenario.schema.document import ScenarioSpec, templated
from awsit.suggestions import suggestion

__all__ = ["PlanInputs", "compile_plan", "named_stacks", "needed_env", "plan_of_valid", "required_env"]


def compile_plan(
    document: Json,
    inputs: PlanInputs,
    stacks: StackSource,
    randomness: Randomness,
    actions: Mapping[str, Action],
) -> Plan:
    """The plan of one run.

    Raises InvalidInputError with every problem of the document, and what `plan_of_valid` raises.
    """
    problems = validate(document, actions)
    if problems:
        raise InvalidInputError("the scenario is not valid", tuple(problems))
    return plan_of_valid(expand(Source(document, "")).document, inputs, stacks, randomness)


def plan_of_valid(document: Json, inputs: PlanInputs, stacks: StackSource, randomness: Randomness) -> Plan:
    """The plan of one run of a document that is valid and expanded.

    Templates outside `variables` stay as they are and need only the plan and the context. Raises InvalidInputError with
    every problem of the variables or of the environment, MissingStackError for an output that is not there, and what
    `stacks` raises for a stack that is not there.
    """
    check_overrides(document, inputs.variables)
    env = _environment(document, inputs.env)
    known_stacks = {name: dict(stacks.outputs(name)) for name in sorted(_references(document).stacks)}
    spec = ScenarioSpec.model_validate(document)
    parts = flatten(spec)
    read = {name: value for name, value in spec.variables.items() if name not in inputs.variables}
    _check_outputs([read, spec.assertions, *map(templates_of, _certain(parts))], known_stacks)
    steps, cleanup = mark_usage(parts.steps, parts.cleanup, spec.assertions)
    variables = resolve_variables(document, inputs, known_stacks, randomness)
    return Plan(
        run_id=inputs.run_id,
        scenario=inputs.label or spec.name,
        description=spec.description,
        tags=tuple(spec.metadata.tags),
        metadata=document.get("metadata", {}),
        timeout_seconds=spec.timeout_seconds,
        steps=steps,
        segments=tuple(parts.segments),
        cleanup=cleanup,
        global_cleanup=parts.global_cleanup,
        assertions=tuple(spec.assertions),
        variables=variables,
        env=env,
        stacks=known_stacks,
        contract=_contract(spec.contract, variables),
    )


def _contract(name: Json, variables: Mapping[str, Json]) -> str:
    """The name of the scenario's OpenAPI document, empty for none. Raises InvalidInputError when it is not known."""
    try:
        rendered = template.render(name or "", {"vars": variables})
    except ExpressionError as error:
        problem = Problem(error.code, error.message, "contract", error.hint)
        raise InvalidInputError("the `contract` of the scenario is not known", (problem,)) from error
    return str(rendered) if rendered else ""


def needed_env(document: Json) -> frozenset[str]:
    """The environment variables that the templates of a scenario name, those with a `default(...)` included."""
    return _references(document).env if isinstance(document, Mapping) else frozenset()


def named_stacks(document: Json) -> tuple[str, ...]:
    """The stacks that the templates of a scenario name, as in `stack('orders').ApiUrl`."""
    return tuple(sorted(_references(document).stacks)) if isinstance(document, Mapping) else ()


def required_env(document: Json) -> frozenset[str]:
    """Those of `needed_env` that at least one template uses without a `default(...)`."""
    required: set[str] = set()
    for _, text in template.texts(templated(document)):
        used = template.references(text)
        required |= {name for name in used.env if f"env.{name}" not in used.optional}
    return frozenset(required)


def _references(document: Json) -> template.References:
    return template.references(templated(document))


def _certain(parts: Flattened) -> Iterator[Step]:
    """The steps that a run carries out, whatever comes back, if none fails: their clean-up too."""
    steps = [step for step in parts.steps if step.is_certain]
    yield from steps
    for index in (*parts.global_cleanup, *(index for step in steps for index in step.cleanup)):
        if parts.cleanup[index].is_certain:
            yield parts.cleanup[index]


def _check_outputs(templates: list[Json], stacks: Mapping[str, Mapping[str, str]]) -> None:
    """Raise MissingStackError for an output that the templates are certain to read, and that is not there."""
    for stack, name in sorted(template.references(templates).outputs):
        if name not in stacks[stack]:
            raise MissingStackError(
                f"the scenario reads `{name}` of the stack {stack}, which has no such output or resource"
                f"{suggestion(name, stacks[stack], 'it has none')}",
                code="missing_output",
                hint=f"correct the name, or deploy {stack} with it; give one that may be absent a `| default(...)`",
            )


def _environment(document: Json, environment: Mapping[str, str]) -> dict[str, str]:
    """The environment variables that templates name. Raises InvalidInputError for a required one that is not set."""
    missing = sorted(required_env(document) - environment.keys())
    if missing:
        problems = tuple(Problem("missing_env", f"the environment variable `{name}` is not set") for name in missing)
        hint = f"set it before the run: export {missing[0]}=..."
        raise InvalidInputError("the scenario reads environment variables that are not set", problems, hint=hint)
    return {name: environment[name] for name in sorted(needed_env(document) & environment.keys())}
