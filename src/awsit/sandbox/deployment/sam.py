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

TRANSFORM = "AWS::Serverless-2016-10-31"


def translated(template: Document, parameters: Mapping[str, str]) -> Document:
    """The CloudFormation template that SAM makes of a SAM template, for the values of its parameters; else itself.

    With other transforms beside SAM's, which have to come first, it is left to the emulator. Raises InvalidInputError
    with SAM's reasons.
    """
    if template.get("Transform") not in (TRANSFORM, [TRANSFORM]):
        return template
    exceptions: Any = importlib.import_module("samtranslator.model.exceptions")
    transform: Any = importlib.import_module("samtranslator.translator.transform")
    no_managed_policies = SimpleNamespace(load=dict)
    logging.getLogger("samtranslator").setLevel(logging.CRITICAL)  # it warns of its own metrics
    try:  # on a copy: the library changes what it is given
        plain: Document = transform.transform(copy.deepcopy(template), dict(parameters), no_managed_policies)
    except exceptions.InvalidDocumentException as error:
        reasons = "; ".join(cause.message for cause in error.causes) or error.message
        raise InvalidInputError(
            f"SAM does not take the template: {reasons}",
            code="bad_template",
            hint="the account would refuse it as well; correct it, nothing was changed",
        ) from error
    plain.pop("Transform", None)
    return plain
