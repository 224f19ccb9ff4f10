"""SAM templates, translated by SAM's own library as CloudFormation does it in an account."""

from __future__ import annotations

import copy
import importlib
import logging
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from awsit.errors import InvalidInputError
from awsit.sandbox.deployment.http_api import Document

_STORED = "AWS::SSM::Parameter::Value"
"""The beginning of the types of parameters whose value is the name of what holds it, in the Parameter Store."""
TRANSFORM = "AWS::Serverless-2016-10-31"


def translated(template: Document, parameters: Mapping[str, str]) -> Document:
    """The CloudFormation template that SAM makes of a SAM template, for the values of its parameters; else itself.

    With other transforms beside SAM's, which have to come first, it is left to the emulator. Raises InvalidInputError
    with SAM's reasons.
    """
    if template.get("Transform") not in (TRANSFORM, [TRANSFORM]):
        return template
    declared = template.get("Parameters") or {}
    stored = {name for name, parameter in declared.items() if str(parameter.get("Type")).startswith(_STORED)}
    exceptions: Any = importlib.import_module("samtranslator.model.exceptions")
    transform: Any = importlib.import_module("samtranslator.translator.transform")
    values = {name: value for name, value in parameters.items() if name not in stored}
    no_managed_policies = SimpleNamespace(load=dict)
    logging.getLogger("samtranslator").setLevel(logging.CRITICAL)  # it warns of its own metrics
    try:  # on a copy: the library changes what it is given
        plain: Document = transform.transform(_without_defaults(template, stored), values, no_managed_policies)
    except exceptions.InvalidDocumentException as error:
        reasons = "; ".join(cause.message for cause in error.causes) or error.message
        raise InvalidInputError(
            f"SAM does not take the template: {reasons}",
            code="bad_template",
            hint="the account would refuse it as well; correct it, nothing was changed",
        ) from error
    plain.pop("Transform", None)
    return plain | ({"Parameters": declared} if declared else {})


def _without_defaults(template: Document, names: set[str]) -> Document:
    """A copy of the template, in which the parameters `names` have no default: SAM would take it for their value."""
    changed: Document = copy.deepcopy(template)
    for name in names:
        changed["Parameters"][name].pop("Default", None)
    return changed
