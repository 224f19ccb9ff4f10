"""The control types, whose params hold further actions: `parallel` and `choice`."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from awsit.scenario.document import ActionSpec, Spec
from awsit.scenario.fields import Condition, Identifier, Whole
from awsit.scenario.limits import MAX_BRANCHES


class BranchSpec(Spec):
    """Actions that run one after the other, beside those of the other branches."""

    name: Identifier | None = None
    actions: list[ActionSpec] = Field(min_length=1)


def _branch(value: Any) -> Any:
    """A branch may be written as the bare list of its actions."""
    return {"actions": value} if isinstance(value, list) else value


Branch = Annotated[BranchSpec, BeforeValidator(_branch)]


class ParallelParams(Spec):
    """Branches that run side by side, at most `max_concurrency` at once (all, when it is not given)."""

    branches: list[Branch] = Field(min_length=1, max_length=MAX_BRANCHES)
    max_concurrency: Whole | None = Field(default=None, ge=1, le=MAX_BRANCHES)


class ChoiceParams(Spec):
    """The actions of `then` when `when` holds, else those of `else`."""

    when: Condition
    then: list[ActionSpec] = Field(min_length=1)
    otherwise: list[ActionSpec] = Field(default_factory=list, alias="else")


PARALLEL = "parallel"
CHOICE = "choice"
CONTROL_PARAMS: dict[str, type[Spec]] = {PARALLEL: ParallelParams, CHOICE: ChoiceParams}
CONTROL_KEYS = frozenset({"name", "type", "params"})
"""All that a control type takes: it has no result that could be checked or captured, and is not repeated."""
