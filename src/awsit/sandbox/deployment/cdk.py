"""Templates that AWS CDK has synthesised, without what they ask of CDK's bootstrap stack and of CDK's own functions.

Those functions are JavaScript for the AWS SDK that Lambda's Node.js runtime brings, which is not on this machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from awsit.sandbox.deployment.http_api import PLACEHOLDER, Document

_BOOTSTRAP = (("Parameters", "BootstrapVersion"), ("Rules", "CheckBootstrapVersion"))
_LOG_RETENTION = "Custom::LogRetention"
_HARMLESS = frozenset({_LOG_RETENTION, "Custom::S3AutoDeleteObjects", "Custom::VpcRestrictDefaultSG"})
"""Resources of CDK that no test reads: `awsit destroy` empties buckets itself."""


def without_cdk_s_own(template: Document) -> Document:
    """The template without the check of the bootstrap stack's version, and without CDK's harmless custom resources.

    The bootstrap stack has the buckets for assets and the roles of a deployment (CDK developer guide, "Bootstrapping");
    in the sandbox awsit makes the buckets.
    """
    changed = dict(template)
    for section, name in _BOOTSTRAP:
        entries = {key: value for key, value in (template.get(section) or {}).items() if key != name}
        changed.pop(section, None)
        if entries:
            changed[section] = entries
    dropped = {name: each for name, each in template["Resources"].items() if each.get("Type") in _HARMLESS}
    groups = {
        name: (each.get("Properties") or {}).get("LogGroupName")
        for name, each in dropped.items()
        if each["Type"] == _LOG_RETENTION
    }
    if dropped:
        changed["Resources"] = {
            name: PLACEHOLDER if name in dropped else each for name, each in template["Resources"].items()
        }
        changed = _with_log_groups(changed, groups)
    return changed


def _with_log_groups(value: Any, groups: Mapping[str, Any]) -> Any:
    """The value with the names of log groups written out, where it asks a resource for them that is dropped."""
    if isinstance(value, list):
        return [_with_log_groups(each, groups) for each in value]
    if not isinstance(value, dict):
        return value
    attribute = value.get("Fn::GetAtt")
    if isinstance(attribute, list) and attribute[0] in groups and attribute[1:] == ["LogGroupName"]:
        return groups[attribute[0]]
    return {key: _with_log_groups(each, groups) for key, each in value.items()}
