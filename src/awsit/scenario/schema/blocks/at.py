"""Where in AWS actions work: the `at` of an action, or of a scenario."""

from __future__ import annotations

import re
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator

from awsit.model.json import Json
from awsit.model.plan import PLACE_FORMS
from awsit.scenario.schema.keys import is_template
from awsit.scenario.schema.spec import Spec
from awsit.validation.errors import refusal


def _role(value: str) -> str:
    if not is_template(value) and not re.fullmatch(PLACE_FORMS["role_arn"], value, re.ASCII):
        raise refusal("must be the ARN of a role", "for example arn:aws:iam::123456789012:role/tests")
    return value


def _region(value: str) -> str:
    if not is_template(value) and not re.fullmatch(PLACE_FORMS["region"], value, re.ASCII):
        raise refusal("must be the name of a region", "for example eu-west-1")
    return value


def _external_id(value: str) -> str:
    if not is_template(value) and not re.fullmatch(PLACE_FORMS["external_id"], value, re.ASCII):
        raise refusal("must be 2 to 1,224 letters, digits and characters of `_+=,.@:/-`")
    return value


class AtSpec(Spec):
    """Another account, by a role that is assumed there, or another region; with no key, the place of the run itself."""

    role_arn: Annotated[str, AfterValidator(_role)] | None = Field(default=None, description="The role to assume.")
    region: Annotated[str, AfterValidator(_region)] | None = Field(
        default=None, description="The region; default: that of the run."
    )
    external_id: Annotated[str, AfterValidator(_external_id)] | None = Field(
        default=None, min_length=2, description="What the role's trust policy asks for, such as `{{ secret('id') }}`."
    )

    @model_validator(mode="after")
    def _is_of_a_role(self) -> Self:
        if self.external_id is not None and self.role_arn is None:
            raise refusal("has an `external_id` and no `role_arn`", "add the role whose trust policy asks for it")
        return self

    def given(self) -> dict[str, Json]:
        """The keys that are there."""
        values: dict[str, Any] = self.model_dump(exclude_none=True)
        return values
