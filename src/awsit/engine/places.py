"""The `at` of a step: where in AWS it works."""

from __future__ import annotations

import re
from collections.abc import Mapping

from awsit.errors import ActionError, ErrorKind
from awsit.expressions.templates import template
from awsit.model.json import Json
from awsit.model.plan import PLACE_FORMS, AwsPlace, Step
from awsit.model.ports import Aws


def no_other(place: AwsPlace) -> Aws:
    """The `Services.aws_at` of a process that reaches no other place. Raises ActionError."""
    raise ActionError(f"{place.role_arn or place.region} is out of reach here", kind=ErrorKind.VALIDATION)


def place_of(step: Step, names: Mapping[str, object]) -> AwsPlace:
    """Where the step works, its templates filled in with `names`. Raises AwsitError."""
    rendered = template.render(dict(step.at), names)
    return AwsPlace(**{key: _checked(key, value) for key, value in rendered.items()})


def with_place(request: Json, place: AwsPlace) -> Json:
    """A request as reports show it, with the place that it was sent to."""
    return {"at": place.shown, **(request if isinstance(request, Mapping) else {"params": request})}


def _checked(key: str, value: Json) -> str:
    if not isinstance(value, str) or not re.fullmatch(PLACE_FORMS[key], value, re.ASCII):
        shown = "" if key == "external_id" else f": {value!r}"
        raise ActionError(f"`at.{key}` has no value that AWS takes{shown}", kind=ErrorKind.VALIDATION, hint=_hint(key))
    return value


def _hint(key: str) -> str:
    examples = {"role_arn": "arn:aws:iam::123456789012:role/tests", "region": "eu-west-1", "external_id": "its text"}
    return f"it is like {examples[key]}"
