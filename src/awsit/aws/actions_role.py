"""What the actions of scenarios may do in the account, as the policies of their role say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from awsit.aws.client import errors
from awsit.model.json import Json
from awsit.model.permissions import AwsLocation
from awsit.model.ports import Aws


class ActionsRole(Struct, frozen=True):
    """Where the stack is, the policy documents of its actions' role, and the stack's parameters, which made them."""

    location: AwsLocation
    policies: list[Json]
    parameters: Mapping[str, str]


def policies_of(aws: Aws, function_name: str) -> list[Json]:
    """The documents of the inline policies of the actions' role, and of the managed ones that are attached to it.

    In a stack of an earlier version that is the function's own role. A permissions boundary is left out: it allows
    nothing. Raises EnvironmentFailure when they cannot be read.
    """
    with errors.reported(f"read the policies of the function {function_name}"):
        function = aws.client("lambda").get_function_configuration(FunctionName=function_name)
        role = function.get("Environment", {}).get("Variables", {}).get("AWSIT_ACTIONS_ROLE", function["Role"])
        return list(_documents(aws, role.rsplit("/", 1)[-1]))


def _documents(aws: Aws, role: str) -> Iterator[Json]:
    iam = aws.client("iam")
    for page in iam.get_paginator("list_role_policies").paginate(RoleName=role):
        for name in page["PolicyNames"]:
            yield iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    for page in iam.get_paginator("list_attached_role_policies").paginate(RoleName=role):
        for attached in page["AttachedPolicies"]:
            version = iam.get_policy(PolicyArn=attached["PolicyArn"])["Policy"]["DefaultVersionId"]
            found = iam.get_policy_version(PolicyArn=attached["PolicyArn"], VersionId=version)
            yield found["PolicyVersion"]["Document"]
