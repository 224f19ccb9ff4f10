"""The policy of whoever deploys, held to the permissions that CloudFormation's registry names for resource types."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import Any

import pytest
from tests.unit.aws.deployment.handlers import named, needs
from tests.unit.aws.fakes import REGION, FakeAws
from tests.unit.infra.rendered import listed

from awsit.aws.deployment.deployer import deployer_policy

LARGEST_MANAGED_POLICY = 6_144
"""Characters without white space (IAM user guide, "IAM and AWS STS quotas")."""


def policy(stack_name: str = "awsit") -> Any:
    return deployer_policy(FakeAws(), stack_name)  # type: ignore[arg-type]


def is_allowed(action: str, resource: str) -> bool:
    """Whether a statement names the action and the resource."""
    return any(
        action in listed(statement["Action"])
        and any(fnmatchcase(resource, each) for each in listed(statement["Resource"]))
        for statement in policy()["Statement"]
    )


@pytest.mark.parametrize(("resource_type", "action"), list(needs()))
def test_what_cloudformation_needs_for_each_resource_is_allowed(resource_type: str, action: str) -> None:
    assert is_allowed(action, named(resource_type, action))


def test_the_transform_of_sam_is_allowed() -> None:
    assert is_allowed(
        "cloudformation:CreateChangeSet", f"arn:aws:cloudformation:{REGION}:aws:transform/Serverless-2016-10-31"
    )


def test_no_action_is_a_wildcard_and_nothing_of_other_stacks_is_named() -> None:
    for statement in policy()["Statement"]:
        assert not [action for action in listed(statement["Action"]) if "*" in action]
        if statement["Sid"] != "WhatHasNoResource":
            names = [each for each in listed(statement["Resource"]) if "transform" not in each]
            assert all("awsit" in each for each in names)


@pytest.mark.parametrize("stack_name", ["awsit", "s" * 44])
@pytest.mark.parametrize(("partition", "region"), [("aws", "ap-southeast-2"), ("aws-us-gov", "us-gov-west-1")])
def test_it_fits_into_a_managed_policy(stack_name: str, partition: str, region: str) -> None:
    aws: Any = FakeAws()
    aws.partition, aws.region = partition, region

    made = deployer_policy(aws, stack_name)

    assert len(json.dumps(made, separators=(",", ":"))) <= LARGEST_MANAGED_POLICY
