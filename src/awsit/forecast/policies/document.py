"""Permissions as the policy document that grants just them (IAM user guide, "Grammar of the JSON policy language")."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from awsit.model.json import Json
from awsit.model.permissions import Permission

POLICY_VERSION = "2012-10-17"


def policy_document(permissions: Iterable[Permission]) -> Json:
    """A policy with one statement for each set of actions that share their resources; nothing is granted twice."""
    actions_on: dict[tuple[str, str], set[str]] = defaultdict(set)
    for permission in permissions:
        actions_on[permission.action.split(":", 1)[0], permission.resource].add(permission.action)
    shared: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
    for (prefix, resource), actions in sorted(actions_on.items()):
        shared[prefix, tuple(sorted(actions))].append(resource)
    statements: list[Json] = []
    for (prefix, named), resources in shared.items():
        sid = f"{_word(prefix)}{len(statements) + 1}"
        statements.append(
            {"Sid": sid, "Effect": "Allow", "Action": list(named), "Resource": _without_covered(resources)}
        )
    return {"Version": POLICY_VERSION, "Statement": statements}


def permissions_of(document: Json) -> list[Permission]:
    """The permissions that such a policy grants: to put several into one."""
    return [
        Permission(action, resource)
        for statement in document["Statement"]
        for action in statement["Action"]
        for resource in statement["Resource"]
    ]


def _without_covered(resources: list[str]) -> list[str]:
    """The resources without those that another one, which ends with `*`, grants already."""
    return [
        each
        for each in resources
        if not any(other != each and other.endswith("*") and _covers(other, each) for other in resources)
    ]


def _covers(wide: str, narrow: str) -> bool:
    matching = re.escape(wide).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(matching, narrow) is not None


def _word(prefix: str) -> str:
    return "".join(part.capitalize() for part in prefix.split("-"))
