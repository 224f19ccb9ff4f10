"""Secret variables, passed from the CLI to a run by an item of the runs table, which expires after a day.

In the input of the execution, everybody who may read executions would see them.
"""

from __future__ import annotations

from typing import Any

from awsit.aws.runs.items import GIVEN_SECONDS
from awsit.engine.store.records import SecretInputs
from awsit.errors import NotFoundError
from awsit.model.codec import decode, encode
from awsit.model.json import dumps, loads
from awsit.model.ports import Aws


def give(aws: Aws, table: str, run_id: str, given: SecretInputs, at: float) -> None:
    """Leave them for a run that is about to be started at `at` (seconds since the epoch)."""
    expiry = {"expires_at": {"N": str(int(at) + GIVEN_SECONDS)}}
    item = {**_key(run_id), "body": {"S": dumps(encode(given))}, **expiry}
    aws.client("dynamodb").put_item(TableName=table, Item=item)


def take(aws: Aws, table: str, run_id: str) -> SecretInputs:
    """What was left for a run. Raises NotFoundError."""
    answer = aws.client("dynamodb").get_item(TableName=table, Key=_key(run_id), ConsistentRead=True)
    if "Item" not in answer:
        raise NotFoundError(f"There are no secret variables of {run_id}.", hint="Start it again with `awsit run`.")
    return decode(SecretInputs, loads(answer["Item"]["body"]["S"]))


def _key(run_id: str) -> dict[str, Any]:
    return {"run_id": {"S": f"given#{run_id}"}, "sk": {"S": "given"}}
