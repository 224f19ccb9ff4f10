"""The policy of whoever deploys and removes the stack of awsit, for an administrator to attach.

CloudFormation acts with the caller's permissions. Its registry names those that each resource type needs
(CloudFormation CLI user guide, "Resource type schema", `handlers`), and tests hold the policy to them.
"""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING

from awsit.aws.deployment import package
from awsit.model.json import Json, loads

if TYPE_CHECKING:
    from awsit.aws.client.clients import AwsClients

SHORTEST_PREFIX = 20
"""Characters of a stack's name with which the names begin that CloudFormation makes up; it may cut what follows."""


def deployer_policy(aws: AwsClients, stack_name: str) -> Json:
    """The policy document, for one stack in the account and region of the caller. Raises EnvironmentFailure."""
    text = (package.infra_folder() / "deployer_policy.json").read_text(encoding="utf-8")
    prefix = stack_name[:SHORTEST_PREFIX]
    return loads(
        Template(text).substitute(
            partition=aws.partition,
            region=aws.region,
            account=aws.account,
            stack=stack_name,
            prefix=prefix,
            bucket_prefix=prefix.lower(),
        )
    )
