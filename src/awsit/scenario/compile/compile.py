"""From a scenario document to a plan: checked, flattened, its variables, environment and stacks resolved."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

from awsit.errors import (
    MISSING_OUTPUT,
    EnvironmentFailure,
    ExpressionError,
    InvalidInputError,
    MissingStackError,
    Problem,
)
from awsit.expressions.templates import template
from awsit.expressions.templates.segments import templates_in
from awsit.model.action.abilities import UsesTap
from awsit.model.action.protocol import Action
from awsit.model.json import Json
from awsit.model.plan import Phase, Plan, Step
from awsit.model.ports import Randomness
from awsit.model.result import ErrorInfo
from awsit.model.sources import StackSource
from awsit.records import replace
from awsit.scenario.checks.usage import mark_usage, templates_of
from awsit.scenario.checks.validate import validate
from awsit.scenario.compile.flatten import Flattened, flatten
from awsit.scenario.compile.variables import PlanInputs, check_overrides, resolve_variables
from awsit.scenario.library.expand import expand
from awsit.scenario.reading.source import Source
from awsit.scenario.schema.keys import templated
from awsit.scenario.schema.plain import scenario_of
from awsit.scenario.schema.template_texts import rendered_references
from awsit.suggestions import suggestion

__all__ = ["PlanInputs", "compile_plan", "missing_env", "named_stacks", "needed_env", "plan_of_valid", "required_env"]

_OUTSIDE_ACTIONS = ("variables", "concurrency", "contract", "at", "assertions")
"""The keys of a scenario whose templates every run renders."""


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
    return plan_of_valid(expand(Source(document, "")).document, inputs, stacks, randomness, actions)


def plan_of_valid(
    document: Json, inputs: PlanInputs, stacks: StackSource, randomness: Randomness, actions: Mapping[str, Action]
) -> Plan:
    """The plan of one run of a document that is valid and expanded.

    Templates outside `variables` stay as they are and need only the plan and the context. Raises InvalidInputError with
    every problem of the variables or of the environment, MissingStackError for an output that is not there, and what
    `stacks` raises for a stack that is not there; not for what a run may never come to.
    """
    check_overrides(document, inputs.variables)
    spec = scenario_of(document)
    parts = flatten(spec)
    used = _references(document)
    env = _environment(document, inputs.env) if used.env else {}
    known_stacks: dict[str, dict[str, str]] = {}
    not_read: dict[str, ErrorInfo] = {}
    if used.stacks:
        read = {name: value for name, value in spec.variables.items() if name not in inputs.variables}
        certain = template.references([read, spec.assertions, *_certain(parts)])
        known_stacks, not_read = _read_stacks(used.stacks, certain.stacks, stacks)
        _check_outputs(certain.outputs, known_stacks)
    steps, cleanup = mark_usage(parts.steps, parts.cleanup, spec.assertions, used.actions)
    variables = resolve_variables(document, inputs, known_stacks, randomness)
    return Plan(
        run_id=inputs.run_id,
        scenario=inputs.label or spec.name,
        description=spec.description,
        tags=tuple(spec.metadata.tags),
        metadata=document.get("metadata", {}),
        timeout_seconds=spec.timeout_seconds,
        steps=_taken_back(steps, actions),
        segments=tuple(parts.segments),
        cleanup=cleanup,
        global_cleanup=parts.global_cleanup,
        assertions=tuple(spec.assertions),
        variables=variables,
        env=env,
        stacks=known_stacks,
        stacks_not_read=not_read,
        contract=_contract(spec.contract, variables),
        limits=spec.rates,
        seed=inputs.seed or inputs.run_id,
        trace=spec.trace,
    )


def _taken_back(steps: tuple[Step, ...], actions: Mapping[str, Action]) -> tuple[Step, ...]:
    """The steps, with `auto_cleanup` where their type always has it."""
    known = {kind: actions.get(kind) for kind in {step.type for step in steps}}
    taps = {kind for kind, action in known.items() if isinstance(action, UsesTap) and action.always_taken_back}
    return tuple(replace(step, auto_cleanup=True) if step.type in taps else step for step in steps)


def _contract(name: Json, variables: Mapping[str, Json]) -> str:
    """The name of the scenario's OpenAPI document, empty for none. Raises InvalidInputError when it is not known."""
    if not name:
        return ""
    try:
        rendered = template.render(name, {"vars": variables})
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
    return _unguarded_env(templated(document))


def _references(document: Json) -> template.References:
    return rendered_references(document)


def missing_env(document: Json, environment: Container[str]) -> list[str]:
    """The environment variables that are not set, and that each run which comes so far reads."""
    missing = [name for name in sorted(required_env(document)) if name not in environment]
    if not missing:
        return []
    spec = scenario_of(document)
    parts = {key: document[key] for key in _OUTSIDE_ACTIONS if key in document}
    certain = _unguarded_env([parts, *_certain(flatten(spec))])
    return [name for name in missing if name in certain]


def _unguarded_env(value: Json) -> frozenset[str]:
    required: set[str] = set()
    for text in templates_in(value):
        used = template.references(text)
        required |= {name for name in used.env if f"env.{name}" not in used.optional}
    return frozenset(required)


def _certain(parts: Flattened) -> Iterator[Json]:
    """The templates that a run renders, whatever comes back, if nothing fails: those of clean-up too."""
    reached = [step for step in parts.steps if not step.only_if and step.phase is not Phase.ON_FAILURE]
    steps = [step for step in reached if step.is_certain]
    indexes = (*parts.global_cleanup, *(index for step in steps for index in step.cleanup))
    for step in (*reached, *(parts.cleanup[index] for index in indexes)):
        yield templates_of(step) if step.is_certain else step.when


def _read_stacks(
    names: Iterable[str], certain: Container[str], source: StackSource
) -> tuple[dict[str, dict[str, str]], dict[str, ErrorInfo]]:
    """The outputs of the stacks with these names, and why others cannot be read, which a run may never ask for.

    Raises what `source` raises for one that is `certain` to be asked for.
    """
    stacks: dict[str, dict[str, str]] = {}
    not_read: dict[str, ErrorInfo] = {}
    for name in sorted(names):
        try:
            stacks[name] = dict(source.outputs(name))
        except EnvironmentFailure as failure:
            if name in certain:
                raise
            not_read[name] = ErrorInfo.of(failure)
    return stacks, not_read


def _check_outputs(outputs: Iterable[tuple[str, str]], stacks: Mapping[str, Mapping[str, str]]) -> None:
    """Raise MissingStackError for one of the outputs, each with its stack, that is not there."""
    for stack, name in sorted(outputs):
        if name not in stacks[stack]:
            raise MissingStackError(
                f"{_has_no_output(stack, name)}{suggestion(name, stacks[stack], 'it has none')}",
                code=MISSING_OUTPUT,
                hint=f"correct the name, or deploy {stack} with it; give one that may be absent a `| default(...)`",
            )


def _has_no_output(stack: str, name: str) -> str:
    return f"the scenario reads `{name}` of the stack {stack}, which has no such output or resource"


def place_of_missing_output(message: str, document: Json) -> str | None:
    """The path of the first template that reads the output which an error `missing_output` with this message names."""
    for path, text in template.texts(document):
        if any(message.startswith(_has_no_output(*output)) for output in template.references(text).outputs):
            return path
    return None


def _environment(document: Json, environment: Mapping[str, str]) -> dict[str, str]:
    """The environment variables that templates name. Raises InvalidInputError for one that a run is certain to lack."""
    missing = missing_env(document, environment)
    if missing:
        problems = tuple(Problem("missing_env", f"the environment variable `{name}` is not set") for name in missing)
        hint = f"set it before the run: export {missing[0]}=..."
        raise InvalidInputError("the scenario reads environment variables that are not set", problems, hint=hint)
    return {name: environment[name] for name in sorted(needed_env(document) & environment.keys())}
