"""A scenario with everything that is kept of a run, and what it makes; recorded by one version, finished by another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.deployed import Deployed

from awsit.aws.stacks import CloudFormationStacks

RECORDED = Path(__file__).parent / "recorded"
"""A folder for each version of the formats, named after the moment before they changed."""

ROW = {"order_id": {"S": "upgraded-row"}, "amount": {"N": "7.5"}}
TABLE = "{{ stack('orders').Table }}"
NAME = "/upgraded/{{ run.id }}"
SCENARIO: dict[str, Any] = {
    "name": "upgraded",
    "variables": {"password": "open-sesame", "order_id": "{{ run.id }}"},
    "timeout_seconds": 600,
    "actions": [
        {
            "name": "Declared",
            "type": "aws_api",
            "params": {
                "service": "ssm",
                "operation": "put_parameter",
                "params": {"Name": NAME, "Value": "{{ vars.password }}", "Type": "String"},
            },
            "pass_to_context": {"version": "$.Version"},
            "cleanup": [
                {
                    "name": "Undo",
                    "type": "aws_api",
                    "params": {"service": "ssm", "operation": "delete_parameter", "params": {"Name": NAME}},
                }
            ],
        },
        {
            "name": "Recorded",
            "type": "dynamodb",
            "params": {"operation": "put_item", "table": TABLE, "item": {"order_id": "{{ vars.order_id }}"}},
            "auto_cleanup": True,
        },
        {
            "name": "Restored",
            "type": "dynamodb",
            "params": {
                "operation": "update_item",
                "table": TABLE,
                "key": {"order_id": "upgraded-row"},
                "set": {"amount": 8, "by": "version {{ context.version }}"},
            },
            "restore": True,
        },
        {"name": "Pause", "type": "wait", "params": {"seconds": 300}},
        {"name": "Never", "type": "wait", "params": {"seconds": 1}},
    ],
}


class Ground:
    """The parameter store and the table that the scenario changes."""

    def __init__(self, made: Deployed) -> None:
        self.aws = made.aws
        self.table = CloudFormationStacks(made.aws).outputs("orders")["Table"]
        self._dynamodb = made.aws.client("dynamodb")

    def prepare(self) -> None:
        """Put the row there that the scenario changes."""
        self._dynamodb.put_item(TableName=self.table, Item=ROW)

    def change(self, run_id: str) -> None:
        """Make what the steps of a run made before it was cut off."""
        self.aws.client("ssm").put_parameter(Name=f"/upgraded/{run_id}", Value="open-sesame", Type="String")
        self._dynamodb.put_item(TableName=self.table, Item={"order_id": {"S": run_id}})
        self._dynamodb.put_item(TableName=self.table, Item={**ROW, "amount": {"N": "8"}, "by": {"S": "version 1"}})

    def left(self, run_id: str) -> list[str]:
        """What there is of a run; the row counts while it is not as it was."""
        names = [each["Name"] for each in self.aws.client("ssm").describe_parameters()["Parameters"]]
        items = self._dynamodb.scan(TableName=self.table, ConsistentRead=True)["Items"]
        changed = [each for each in items if each["order_id"] == ROW["order_id"] and each != ROW]
        return [
            *(name for name in names if run_id in name),
            *(each["order_id"]["S"] for each in items if each["order_id"]["S"] == run_id),
            *("changed" for _ in changed),
        ]
