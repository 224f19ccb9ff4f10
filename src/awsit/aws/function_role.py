"""What the role of awsit's function may do, as its policies say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from awsit.aws.client import errors
from awsit.model.json import Json
from awsit.model.permissions import AwsLocation
from awsit.model.ports import Aws


@dataclass(frozen=True, slots=True)
class FunctionRole:
    """Where the function is, the policy documents of its role, and the parameters of its stack, which made them."""

    location: AwsLocation
    policies: list[Json]
    parameters: Mapping[str, str]


def policies_of(aws: Aws, function_name: str) -> list[Json]:
    """The documents of the role's inline policies and of the managed ones that are attached to it.

    A permissions boundary is left out: it allows nothing. Raises EnvironmentFailure when they cannot be read.
    """
    with errors.reported(f"read the policies of the function {function_name}"):
        role = aws.client("lambda").get_function_configuration(FunctionName=function_name)["Role"]
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
