"""The control types, whose params hold further actions: `parallel` and `choice`."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from awsit.scenario.limits import MAX_BRANCHES
from awsit.scenario.schema.document import ActionSpec
from awsit.scenario.schema.fields import Condition, Identifier, Whole
from awsit.scenario.schema.keys import CHOICE, PARALLEL
from awsit.scenario.schema.spec import Spec


class BranchSpec(Spec):
    """Actions that run one after the other, beside those of the other branches."""

    name: Identifier | None = Field(default=None, description="Its name in the report.")
    actions: list[ActionSpec] = Field(min_length=1, description="What it does, in order.")


def _branch(value: Any) -> Any:
    """A branch may be written as the bare list of its actions."""
    return {"actions": value} if isinstance(value, list) else value


Branch = Annotated[BranchSpec, BeforeValidator(_branch)]


class ParallelSpec(Spec):
    """Branches that run side by side, at most `max_concurrency` at once (all, when it is not given)."""

    branches: list[Branch] = Field(
        min_length=1,
        max_length=MAX_BRANCHES,
        description="What runs side by side: each a list of actions, or `{name, actions}`.",
    )
    max_concurrency: Whole | None = Field(
        default=None, ge=1, le=MAX_BRANCHES, description="Branches that run at once; default: all."
    )


class ChoiceSpec(Spec):
    """The actions of `then` when `when` holds, else those of `else`."""

    when: Condition = Field(description="What decides: one `{{ expression }}` that is true or false.")
    then: list[ActionSpec] = Field(min_length=1, description="The actions when it is true.")
    otherwise: list[ActionSpec] = Field(
        default_factory=list, alias="else", description="The actions when it is not; default: none."
    )


CONTROL_PARAMS: dict[str, type[Spec]] = {PARALLEL: ParallelSpec, CHOICE: ChoiceSpec}
