"""The resources of stacks, those of their nested stacks included."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from awsit.model.ports import Aws

NESTED_STACK = "AWS::CloudFormation::Stack"
DEEPEST = 3
"""Levels of nested stacks that are read."""


class StackResource(Struct, frozen=True):
    """A resource of a stack: its type, such as `AWS::SQS::Queue`, and its logical and physical ID."""

    type: str
    logical_id: str
    physical_id: str
    stack: str

    @property
    def name(self) -> str:
        """The last part of the physical ID: the name in a URL or ARN."""
        return self.physical_id.rstrip("/").rsplit("/", 1)[-1].rsplit(":", 1)[-1]


def resources_of(aws: Aws, stack: str, depth: int = 0) -> Iterator[StackResource]:
    """The resources that exist. Raises botocore's errors for a stack that cannot be read."""
    for page in aws.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack):
        for summary in page["StackResourceSummaries"]:
            physical_id = summary.get("PhysicalResourceId", "")
            if summary["ResourceType"] == NESTED_STACK and physical_id and depth < DEEPEST:
                yield from resources_of(aws, physical_id, depth + 1)
            elif physical_id:
                yield StackResource(summary["ResourceType"], summary["LogicalResourceId"], physical_id, stack)
