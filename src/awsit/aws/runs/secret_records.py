"""What of a run's records holds secrets: it goes when the run is over and has left nothing that is to be undone.

The bucket keeps the version of a removed object for 30 days, for those who may read old versions.
"""

from __future__ import annotations

from collections.abc import Iterable

from awsit.aws.runs import secret_variables, updates
from awsit.aws.runs.items import CONTEXT, HAS_GIVEN, HIDDEN, RUN_KEY
from awsit.aws.runs.objects import RunObjects
from awsit.aws.runs.table import Item, Table

_AFTER_HIDDEN = "$hidden$"


def remove(table: Table, objects: RunObjects, run_id: str, run: Item) -> None:
    """Remove the secret variables of a run, and its values where secrets are among them. `run` is the run's item.

    What tells that there are any goes last, so that another call finishes what this one did not.
    """
    if "given" in run or HAS_GIVEN in run:
        objects.delete(run.get("given"))
        _remove_partition(table, objects, table.query(secret_variables.partition_of(run_id)))
        table.update(run_id, RUN_KEY, updates.drop_given())
    partition = f"{CONTEXT}{run_id}"
    if not list(table.query(partition, HIDDEN, _AFTER_HIDDEN)):
        return
    _remove_partition(
        table, objects, sorted(table.query(partition), key=lambda each: str(each["sk"]).startswith(HIDDEN))
    )


def _remove_partition(table: Table, objects: RunObjects, items: Iterable[Item]) -> None:
    """Remove items, in their order, and the texts of theirs that lie in S3."""
    for item in items:
        objects.delete(item.get("body"))
        table.delete(item["run_id"], item["sk"])
