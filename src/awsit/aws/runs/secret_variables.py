"""Secret variables, passed from the CLI to a run by an item of the runs table, which expires after a day.

In the input of the execution, everybody who may read executions would see them.
"""

from __future__ import annotations

from awsit.aws.runs.items import GIVEN_SECONDS
from awsit.aws.runs.table import Table
from awsit.engine.store.records import SecretInputs
from awsit.errors import NotFoundError
from awsit.model.codec import decode, encode
from awsit.model.json import dumps, loads_record
from awsit.model.ports import Aws

_KEY = "given"


def key_of(run_id: str) -> tuple[str, str]:
    """The key of the item for a run."""
    return f"{_KEY}#{run_id}", _KEY


def give(aws: Aws, table: str, run_id: str, inputs: SecretInputs, at: float) -> None:
    """Leave them for a run that is about to be started at `at` (seconds since the epoch)."""
    partition, sort_key = key_of(run_id)
    keys = {"run_id": partition, "sk": sort_key}
    Table(aws, table).put({**keys, "body": dumps(encode(inputs)), "expires_at": int(at) + GIVEN_SECONDS})


def take(aws: Aws, table: str, run_id: str) -> SecretInputs:
    """What was left for a run. Raises NotFoundError."""
    item = Table(aws, table).get(*key_of(run_id))
    if item is None:
        raise NotFoundError(f"There are no secret variables of {run_id}.", hint="Start it again with `awsit run`.")
    return decode(SecretInputs, loads_record(item["body"]))
