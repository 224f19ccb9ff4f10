"""What steps keep for later ones: what they capture; for those of the same type, such as cookies, what nobody sees."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from awsit.actions.registry import BY_TYPE
from awsit.expressions import regex
from awsit.expressions.jsonpath.lookup import Lookup
from awsit.expressions.values import ABSENT, Budget, kind
from awsit.model.action.abilities import UsesTap
from awsit.model.action.call import Kept
from awsit.model.json import Json
from awsit.model.plan import Phase, Step
from awsit.model.result import AssertionResult

MAX_CAPTURED = 250_000
"""Values that the captures of one step hold together, at all depths: each is kept, and looked through for secrets."""

_HIDDEN = "$"  # no name of a captured value begins so


def name_of(step: Step) -> str:
    """Where the context holds what this step keeps. Steps of one type sort in the order of the plan, clean-up last."""
    return f"{_HIDDEN}{kept_as(step.type)}.{step.phase is Phase.CLEANUP:d}{step.index:06}"


@cache
def kept_as(action_type: str) -> str:
    """The type under which steps of this type keep things, that of another one where they share them."""
    action = BY_TYPE[action_type]
    return action.kept_as if isinstance(action, UsesTap) else action_type


def kept_for(step: Step, context: Mapping[str, Json]) -> Kept:
    """What steps of the same type kept until now."""
    own, start = name_of(step), f"{_HIDDEN}{kept_as(step.type)}."
    names = sorted(name for name in context if name.startswith(start))
    return Kept(tuple(context[name] for name in names if name != own), context.get(own))


def visible(context: Mapping[str, Json]) -> dict[str, Json]:
    """What scenarios and reports see of a run's context."""
    return {name: value for name, value in context.items() if not name.startswith(_HIDDEN)}


def captured(step: Step, result: Json) -> tuple[dict[str, Json], list[AssertionResult]]:
    """What the step captures, and what it could not. Raises ExpressionError, code `too_large`, for too many values."""
    if not step.captures:
        return {}, []
    size = Budget("what the step captures has", MAX_CAPTURED)
    values: dict[str, Json] = {}
    missing: list[AssertionResult] = []
    for name, spec in step.captures.items():
        value, reason = _value(spec, result)
        if not reason:
            values[name] = value
            size.take_all(value)
        else:
            message = f"{name} was not captured: {reason}"
            place = f"{step.source}.pass_to_context.{name}"
            missing.append(
                AssertionResult(
                    False,
                    "pass_to_context",
                    str(Lookup.of(spec)),
                    name,
                    actual_present=False,
                    message=message,
                    source=place,
                )
            )
    return values, missing


def _value(spec: Json, result: Json) -> tuple[Json, str]:
    """What is captured, or why it cannot be."""
    lookup = Lookup.of(spec)
    found = lookup.find(result)
    if not found.values or found.problem:
        return None, found.problem or lookup.reason(result) or f"{lookup} selects nothing"
    pattern = spec.get("regex") if isinstance(spec, Mapping) else None
    values = [_part(pattern, value) for value in found.values] if pattern else found.values
    for index, (value, part) in enumerate(zip(found.values, values, strict=True)):
        if part is ABSENT:
            where = str(lookup) if found.singular else f"[{index}] of {lookup}"
            if isinstance(value, str):
                return None, f"`{pattern}` matches nothing in {where}"
            return None, f"`regex` looks for a part of a text, and {where} is of type {kind(value)}"
    return values[0] if found.singular else values, ""


def _part(pattern: str, value: Json) -> Json:
    part = regex.part(pattern, value) if isinstance(value, str) else None
    return ABSENT if part is None else part
