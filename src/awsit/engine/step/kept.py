"""What steps keep for later ones of the same type, such as cookies: values of the context that no scenario sees."""

from __future__ import annotations

from collections.abc import Mapping

from awsit.model.json import Json
from awsit.model.plan import Phase, Step
from awsit.model.ports import Kept

_HIDDEN = "$"  # no name of a captured value begins so


def name_of(step: Step) -> str:
    """Where the context holds what this step keeps. Steps of one type sort in the order of the plan, clean-up last."""
    return f"{_HIDDEN}{step.type}.{step.phase is Phase.CLEANUP:d}{step.index:06}"


def kept_for(step: Step, context: Mapping[str, Json]) -> Kept:
    """What steps of the same type kept until now."""
    own, start = name_of(step), f"{_HIDDEN}{step.type}."
    names = sorted(name for name in context if name.startswith(start))
    return Kept(tuple(context[name] for name in names if name != own), context.get(own))


def visible(context: Mapping[str, Json]) -> dict[str, Json]:
    """What scenarios and reports see of a run's context."""
    return {name: value for name, value in context.items() if not name.startswith(_HIDDEN)}
