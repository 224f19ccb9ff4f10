"""The template function `stack(name)`, as in `stack('orders').ApiUrl`: a stack's outputs and resources."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from awsit.aws.client import errors
from awsit.errors import EnvironmentFailure, MissingStackError
from awsit.model.ports import Aws


class CloudFormationStacks:
    """The `StackSource` of AWS. It reads the stack at each call: once for a plan, and stacks change between runs."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws

    def outputs(self, stack_name: str) -> Mapping[str, str]:
        """Physical IDs by logical ID, and outputs by name; an output wins over a resource of the same name.

        Raises MissingStackError when the stack does not exist, EnvironmentFailure when it cannot be read.
        """
        client = self._aws.client("cloudformation")
        try:
            with errors.reported(f"read the stack {stack_name}"):
                stack = client.describe_stacks(StackName=stack_name)["Stacks"][0]
                pages = client.get_paginator("list_stack_resources").paginate(StackName=stack_name)
                resources = [summary for page in pages for summary in page["StackResourceSummaries"]]
        except EnvironmentFailure as failure:
            raise self._not_found(stack_name, failure) from failure
        physical = {item["LogicalResourceId"]: item.get("PhysicalResourceId", "") for item in resources}
        return {**physical, **{item["OutputKey"]: item["OutputValue"] for item in stack.get("Outputs", ())}}

    def _not_found(self, stack_name: str, failure: EnvironmentFailure) -> Exception:
        if failure.code != "stack_not_deployed":
            return failure
        command = f"awsit deploy --template FILE --stack {shlex.quote(stack_name)}"
        return MissingStackError(
            f"the scenario reads the stack {stack_name}, which does not exist in {self._aws.region}",
            hint=f"deploy it (`{command}`), or correct the name or the region",
        )
