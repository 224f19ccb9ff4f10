"""`choice`: which of two branches a run takes."""

from __future__ import annotations

from pydantic import Field

from awsit.actions.params import Params
from awsit.expressions.values import as_text
from awsit.model.action.call import ActionContext, ActionResult
from awsit.model.action.protocol import PlannedParams, Summary
from awsit.model.permissions import AwsLocation, RequiredPermissions


class ConditionParams(Params):
    """What a `choice` decides by when it runs; its branches are in the plan, as steps with `only_if`."""

    when: bool = Field(
        description="Condition: a template that gives true or false. The text `true` is not a boolean.",
        examples=["{{ context.total > 100 }}"],
    )


class ChoiceAction:
    """Decide between `then` and `else`."""

    type = "choice"
    params_model = ConditionParams
    resource_kind = ""
    not_found_means_gone = True

    def execute(self, params: ConditionParams, _context_data: ActionContext) -> ActionResult:
        """Name the branch. Result: `{branch}`, `then` or `else`."""
        return ActionResult({"branch": "then" if params.when else "else"})

    def is_safe_to_repeat(self, _params: ConditionParams) -> bool:
        """Always: deciding changes nothing."""
        return True

    def only_reads(self, _params: ConditionParams) -> bool:
        """Always: deciding changes nothing."""
        return True

    def permissions(self, _params: PlannedParams, _location: AwsLocation) -> RequiredPermissions:
        """None: deciding calls nothing, and the actions of the branches are steps of their own."""
        return RequiredPermissions()

    def summary(self, params: PlannedParams) -> Summary:
        """The condition that decides."""
        return Summary(f"if {as_text(params.get('when'))}")


ACTION = ChoiceAction()
