"""IAM permissions, and the location in AWS that their ARNs name."""

from __future__ import annotations

from msgspec import Struct

ANY = "*"
"""Stands in an ARN for a part that is not known before the run; IAM allows it."""

UNKNOWN_ACCOUNT = "<account>"
"""Stands in a policy for the account's ID until a person puts it there; IAM refuses it, so that nobody forgets to."""

UNKNOWN_REGION = "<region>"
"""The same for the region's name."""

_PARTITIONS = {
    "cn-": "aws-cn",
    "eusc-": "aws-eusc",
    "us-gov-": "aws-us-gov",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "eu-isoe-": "aws-iso-e",
    "us-isof-": "aws-iso-f",
}
"""By the beginning of the names of their regions; a test holds them to botocore's `partitions.json`."""


class Permission(Struct, frozen=True):
    """One IAM action on the resources that an ARN with `*` and `?` matches, or on `*`."""

    action: str
    resource: str

    def __lt__(self, other: Permission) -> bool:
        """Whether it comes first in a list."""
        return (self.action, self.resource) < (other.action, other.resource)


class RequiredPermissions(Struct, frozen=True):
    """What one step must be allowed to do. `unknown` says why a part of it cannot be known before the run, if so."""

    permissions: tuple[Permission, ...] = ()
    unknown: str = ""


class AwsLocation(Struct, frozen=True):
    """Partition, region and account, as ARNs name them; `*` for what is not known."""

    partition: str = "aws"
    region: str = ANY
    account: str = ANY

    @classmethod
    def of(cls, region: str, account: str = ANY) -> AwsLocation:
        """An account in a region, in the partition that the region belongs to; an empty region is not known."""
        partition = next((name for start, name in _PARTITIONS.items() if region.startswith(start)), "aws")
        return cls(partition, region or ANY, account)

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource here."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"

    def global_arn(self, service: str, resource: str) -> str:
        """The ARN of a resource whose ARN names neither region nor account, such as a bucket's."""
        return f"arn:{self.partition}:{service}:::{resource}"
