"""Secret variables, in a partition of the runs table that the CLI policy lets nobody read.

The CLI passes them to a run by an item that expires after a day: in the input of the execution, everybody who may read
executions would see them. The run keeps its own beside it, in an item that its records point to.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from awsit.aws.runs.dynamodb.table import Table
from awsit.aws.runs.items import GIVEN_SECONDS, KEEP_SECONDS, read_secrets
from awsit.aws.runs.later import EntriesReadLater, ReadLater
from awsit.engine.store.records import RunRecord, SecretInputs
from awsit.errors import NotFoundError
from awsit.model import codec
from awsit.model.ports import Aws

_PASSED, _OF_RUN = "given", "of-run"


def partition_of(run_id: str) -> str:
    """The `run_id` of the items that hold the secret variables of a run."""
    return f"given#{run_id}"


def give(aws: Aws, table: str, run_id: str, inputs: SecretInputs, at: float) -> None:
    """Leave them for a run that is about to be started at `at` (seconds since the epoch)."""
    keys = {"run_id": partition_of(run_id), "sk": _PASSED}
    Table(aws, table).put({**keys, "body": codec.text(inputs), "expires_at": int(at) + GIVEN_SECONDS})


def take(aws: Aws, table: str, run_id: str) -> SecretInputs:
    """What was left for a run. Raises NotFoundError."""
    item = Table(aws, table).get(partition_of(run_id), _PASSED)
    if item is None:
        raise NotFoundError(f"There are no secret variables of {run_id}.", hint="Start it again with `awsit run`.")
    return read_secrets(item["body"], str)


def keep(table: Table, run: RunRecord, body: Any) -> None:
    """Keep those of a run for as long as its records; `body` is what the attribute of their item holds."""
    expires = int(run.deadline_at) + KEEP_SECONDS
    table.put({"run_id": partition_of(run.run_id), "sk": _OF_RUN, "body": body, "expires_at": expires})


def read_later(table: Table, fetch: Callable[[str], str], run_id: str) -> SecretInputs:
    """Those that a run has, read when they are looked at; `fetch` reads a text that lies in S3."""

    @cache
    def inputs() -> SecretInputs:
        item = table.get(partition_of(run_id), _OF_RUN)
        return read_secrets(item["body"], fetch) if item else SecretInputs()

    return SecretInputs(
        EntriesReadLater({}, lambda _: inputs().variables, lambda: inputs().variables),
        EntriesReadLater({}, lambda _: inputs().env, lambda: inputs().env),
        ReadLater(lambda: inputs().secrets),
    )
