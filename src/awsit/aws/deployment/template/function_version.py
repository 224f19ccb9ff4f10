"""The name of the version of awsit's function that runs use; with another name, CloudFormation publishes another one.

Lambda takes snapshots of published versions only, and keeps workers started for these only. A version never changes, so
it needs a new name whenever anything has changed that the function is made of.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from awsit.aws.deployment.template import Document
from awsit.model import json

PARAMETER = "FunctionVersion"
_CHARACTERS = 16


def wants_version(values: Mapping[str, str]) -> bool:
    """Whether the function gets a version: it is used, or was in the last deployment.

    Executions that began then call the alias, so it stays, and goes along, when nothing needs it any more.
    """
    return bool(values["FunctionSnapStart"] == "on" or int(values["ProvisionedConcurrency"]) or values[PARAMETER])


def named_version(document: Document, values: Mapping[str, str]) -> dict[str, str]:
    """The parameter with the version's name, if there is to be one. `document` names uploaded files by their hashes.

    The name comes from the whole template and all parameters: what the function is made of depends on many of them,
    such as the names of the resources in its environment.
    """
    if not wants_version(values):
        return {}
    others = {name: value for name, value in sorted(values.items()) if name != PARAMETER}
    made_of = json.dumps([document, others]).encode()
    return {PARAMETER: hashlib.sha256(made_of).hexdigest()[:_CHARACTERS]}
