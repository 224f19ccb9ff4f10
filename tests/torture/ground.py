"""Where runs are tortured: the table and the bucket that they write to, and what must be in them afterwards."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from tests.deployed import Deployed

from awsit.aws.runs.store import DynamoRunStore
from awsit.errors import AwsitError
from awsit.model.result import RunResult, RunStatus

BUCKET = "torture"
RETRY = {"max_attempts": 4, "interval_seconds": 0.2, "retry_on": ["throttling", "timeout", "connection", "service"]}


def scenario(pause: float = 0.5, bucket: str = BUCKET) -> dict[str, Any]:
    """Declared clean-up, recorded inverses, a restored row, an object; a pause in between."""
    table = "{{ stack('orders').Table }}"
    run = "{{ run.id }}"
    where = {"table": table, "key": {"order_id": run}}
    row = {"table": table, "key": {"order_id": "{{ vars.row }}"}}
    content = {"Bucket": bucket, "Key": run, "Body": "x"}

    def action(name: str, kind: str, params: dict[str, Any], **more: Any) -> dict[str, Any]:
        return {"name": name, "type": kind, "params": params, "retry": RETRY, "timeout_seconds": 8, **more}

    def dynamodb(name: str, operation: str, params: dict[str, Any], **more: Any) -> dict[str, Any]:
        return action(name, "dynamodb", {"operation": operation, **params}, **more)

    undo = [dynamodb("Undo", "delete_item", where)]
    batch = [{"order_id": f"{run}-{number}"} for number in range(3)]
    return {
        "name": "torture",
        "variables": {"row": ""},
        "timeout_seconds": 120,
        "actions": [
            dynamodb("Put", "put_item", {"table": table, "item": {"order_id": run}}, cleanup=undo),
            dynamodb("Many", "batch_write", {"table": table, "items": batch}, auto_cleanup=True),
            {"name": "Pause", "type": "wait", "params": {"seconds": pause}},
            dynamodb("Change", "update_item", {**row, "set": {"changed": True}}, restore=True),
            action(
                "Upload", "aws_api", {"service": "s3", "operation": "put_object", "params": content}, auto_cleanup=True
            ),
            dynamodb("Read", "get_item", where, **{"assert": [{"path": "$.item.order_id", "equals": run}]}),
        ],
    }


@dataclass
class Tally:
    """What came of the runs of one trial."""

    name: str
    runs: int = 0
    verdicts: dict[str, int] = field(default_factory=dict)
    items_left: int = 0
    results_lost: int = 0
    harmed: int = 0
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    @property
    def is_good(self) -> bool:
        return self.runs > 0 and not (self.items_left or self.results_lost or self.harmed)

    def count(self, result: RunResult | None) -> None:
        """Count a run by its report; without one its result is lost."""
        if result is None:
            self.results_lost += 1
            self.count_as("no report")
        else:
            self.count_as(str(result.status))
            self._explain(result)

    def _explain(self, result: RunResult) -> None:
        """Why a run did not pass, once a reason."""
        told = result.error
        reason = f"{told.code}: {told.message}".replace(result.run_id, "run-…") if told else ""
        if result.status is not RunStatus.PASSED and reason not in self.reasons:
            self.reasons.append(reason)

    def count_as(self, verdict: str) -> None:
        """Count one run more."""
        with self._lock:
            self.runs += 1
            self.verdicts[verdict] = self.verdicts.get(verdict, 0) + 1


class Ground:
    """The table and the bucket, looked at without any fault in between."""

    def __init__(self, made: Deployed, bucket: str = BUCKET) -> None:
        self.made, self.bucket = made, bucket
        self.store = DynamoRunStore(made.aws, made.installation.table, made.installation.bucket)
        outputs = made.aws.client("cloudformation").describe_stacks(StackName="orders")["Stacks"][0]["Outputs"]
        self.table = next(each["OutputValue"] for each in outputs if each["OutputKey"] == "Table")
        self._dynamodb, self._s3 = made.aws.client("dynamodb"), made.aws.client("s3")
        self._s3.create_bucket(Bucket=bucket)

    def remove(self) -> None:
        """Remove the bucket."""
        for each in self._s3.list_objects_v2(Bucket=self.bucket).get("Contents", ()):
            self._s3.delete_object(Bucket=self.bucket, Key=each["Key"])
        self._s3.delete_bucket(Bucket=self.bucket)

    def row(self, name: str) -> dict[str, Any]:
        """A row that a run may change and must put back."""
        item = {"order_id": {"S": name}, "kept": {"N": "1.50"}}
        self._dynamodb.put_item(TableName=self.table, Item=item)
        return item

    def contents(self) -> dict[str, Any]:
        """All there is, by key."""
        pages = self._dynamodb.get_paginator("scan").paginate(TableName=self.table, ConsistentRead=True)
        items = {item["order_id"]["S"]: item for page in pages for item in page["Items"]}
        objects = self._s3.list_objects_v2(Bucket=self.bucket).get("Contents", ())
        return {**items, **{f"s3:{each['Key']}": each["ETag"] for each in objects}}

    @contextmanager
    def unchanged(self, tally: Tally, rows: int) -> Iterator[list[str]]:
        """The names of rows for the runs of the block; what is there more, less or otherwise afterwards is counted."""
        names = [f"row-{tally.name.replace(' ', '-')}-{number}" for number in range(rows)]
        for name in names:
            self.row(name)
        before, start = self.contents(), time.monotonic()
        yield names
        tally.seconds = time.monotonic() - start
        after = self.contents()
        tally.items_left += len(after.keys() - before.keys())
        tally.harmed += sum(after.get(name) != value for name, value in before.items())
        tally.notes += sorted(after.keys() - before.keys())[:5]

    def report(self, run_id: str, seconds: float = 90) -> RunResult | None:
        """The report of a run, as soon as it is there."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                return self.store.report(run_id)
            except AwsitError:
                time.sleep(0.1)
        return None

    @contextmanager
    def function_calls(self, endpoint_url: str) -> Iterator[None]:
        """Have the function call AWS at another address in this block."""
        client, name = self.made.aws.client("lambda"), self.made.installation.function_name
        before = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        variables = {**before, "AWS_ENDPOINT_URL": endpoint_url}
        client.update_function_configuration(FunctionName=name, Environment={"Variables": variables})
        try:
            yield
        finally:
            client.update_function_configuration(FunctionName=name, Environment={"Variables": before})

    def end_lease(self, run_id: str) -> None:
        """Have the next sweep look at a run, as if its time were over."""
        client = self.made.aws.client("dynamodb")
        with suppress(client.exceptions.ConditionalCheckFailedException):
            client.update_item(
                TableName=self.made.installation.table,
                Key={"run_id": {"S": run_id}, "sk": {"S": "run"}},
                UpdateExpression="SET lease_ends_at = :then",
                ConditionExpression="attribute_exists(lease_ends_at)",
                ExpressionAttributeValues={":then": {"N": "1"}},
            )

    def invoke(self, event: dict[str, Any]) -> Any:
        answer = self.made.aws.client("lambda").invoke(
            FunctionName=self.made.installation.function_name, Payload=json.dumps(event)
        )
        return json.loads(answer["Payload"].read())
