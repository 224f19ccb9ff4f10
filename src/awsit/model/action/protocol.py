"""What every action type is and says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from msgspec import Struct

from awsit.model.action.call import ActionContext, ActionResult
from awsit.model.json import Json
from awsit.model.permissions import AwsLocation, RequiredPermissions

PlannedParams = Mapping[str, Json]
"""A step's params before the run: what is known of them as values, the rest as `{{ templates }}`."""


class Summary(Struct, frozen=True):
    """A step as `plan` shows it: few words (`get_item on orders`), its `resource`, and `kind`, if not the type's.

    `others` are what it sends requests to besides, each as kind and name, such as where its token comes from.
    """

    text: str
    resource: str = ""
    kind: str = ""
    others: tuple[tuple[str, str], ...] = ()


class Action(Protocol):
    """One type of action: whatever awsit knows of the type is said here, and nothing elsewhere asks for its name.

    `params_model` is a pydantic model that checks a scenario's params, and the same params once they are rendered.
    `resource_kind` is what `plan` calls the resources of the type, such as `table`; empty when it works on none.
    `not_found_means_gone` says what an error of kind `not_found` proves when a clean-up step ends with it: that the
    very thing to be removed is gone; or nothing, where something else is what is not found (the table of an item).
    """

    type: str
    params_model: Any
    resource_kind: str
    not_found_means_gone: bool

    def execute(self, params: Any, context_data: ActionContext, /) -> ActionResult:
        """Do it once; `params` is a `params_model`. Raises ActionError when it could not be carried out."""

    def is_safe_to_repeat(self, params: Any, /) -> bool:
        """Whether doing it twice leaves the same state as doing it once (a read, a PUT, a DELETE)."""

    def only_reads(self, params: Any, /) -> bool:
        """Whether it changes nothing, so that there is nothing to take back."""

    def permissions(self, params: PlannedParams, location: AwsLocation, /) -> RequiredPermissions:
        """The IAM permissions that it needs, on resources of `location`: what `plan --policy` lists."""

    def summary(self, params: PlannedParams, /) -> Summary:
        """What it does and to which resource: what `plan` shows."""
