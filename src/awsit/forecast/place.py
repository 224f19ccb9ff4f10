"""A permission, and where the resources of an account are."""

from __future__ import annotations

from dataclasses import dataclass

UNKNOWN_ACCOUNT = "<account>"
"""Stands in a policy for the account's ID until a person puts it there; IAM refuses it, so that nobody forgets to."""

UNKNOWN_REGION = "<region>"
"""The same for the region's name."""

_PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}


@dataclass(frozen=True, slots=True, order=True)
class Permission:
    """One IAM action on the resources that an ARN with `*` and `?` matches, or on `*`."""

    action: str
    resource: str


@dataclass(frozen=True, slots=True)
class Place:
    """Partition, region and account of ARNs; `*` for what is not known."""

    partition: str = "aws"
    region: str = "*"
    account: str = "*"

    @classmethod
    def of(cls, region: str, account: str = "*") -> Place:
        """The place of an account in a region; the region is empty when it is not known."""
        partition = next((name for start, name in _PARTITIONS.items() if region.startswith(start)), "aws")
        return cls(partition, region or "*", account)

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource here."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"

    def global_arn(self, service: str, resource: str, *, account: bool = False) -> str:
        """The ARN of a resource that belongs to no region, and without `account` to none of those either."""
        return f"arn:{self.partition}:{service}::{self.account if account else ''}:{resource}"
