"""Templates with loops (`Fn::ForEach`), unrolled by the emulator's own code, so that SAM's library can read them.

Source: CloudFormation template reference, "AWS::LanguageExtensions transform".
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

from awsit.errors import InvalidInputError
from awsit.sandbox.deployment.http_api import Document

TRANSFORM = "AWS::LanguageExtensions"


def without_extensions(template: Document, parameters: Mapping[str, str]) -> Document:
    """The template after the transform, for the values of its parameters; itself when it does not ask for it.

    Raises InvalidInputError with the reasons of CloudFormation.
    """
    asked = template.get("Transform")
    transforms = asked if isinstance(asked, list) else [asked]
    if TRANSFORM not in transforms:
        return template
    extensions: Any = importlib.import_module("ministack.services.cloudformation.language_extensions")
    try:
        plain: Document = _with_literals(extensions.apply(template, dict(parameters)))
    except extensions.LanguageExtensionsError as error:
        raise InvalidInputError(
            f"the template cannot be expanded: {error}",
            code="bad_template",
            hint="the account would refuse it as well; correct it, nothing was changed",
        ) from error
    left = [each for each in transforms if each != TRANSFORM]
    plain.pop("Transform")
    return plain | ({"Transform": left} if left else {})


def _with_literals(value: Any) -> Any:
    """The value with the text itself for each `Fn::Sub` that has nothing left to replace: SAM's library asks for it."""
    if isinstance(value, list):
        return [_with_literals(each) for each in value]
    if not isinstance(value, dict):
        return value
    text = value.get("Fn::Sub")
    if len(value) == 1 and isinstance(text, str) and "${" not in text:
        return text
    return {key: _with_literals(each) for key, each in value.items()}
