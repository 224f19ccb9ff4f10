"""How each schedule stands: what its topic was told last, in an item of the runs table.

An item is written only where that changes, by whoever still sees what it has read: of two runs that end at once, one
tells.
"""

from __future__ import annotations

from msgspec import Struct

from awsit.aws.runs.dynamodb.table import ConditionFailed, Table
from awsit.aws.runs.dynamodb.update_expression import UpdateExpression

KEPT_SECONDS = 400 * 86400
"""After more than a year without a change, a failure is told as a new one."""

_SORT_KEY = "standing"


class Standing(Struct, frozen=True):
    """The last run that changed how a schedule stands, when it began (ISO 8601, UTC), and its failure.

    Its fields are empty where nothing is known, the failure also where there is none.
    """

    run_id: str = ""
    started_at: str = ""
    failure: str = ""


class Standings:
    """How the schedules of one runs table stand."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def read(self, schedule: str) -> Standing:
        """How a schedule stands; as one that never failed when nothing is known of it."""
        item = self._table.get(_partition(schedule), _SORT_KEY)
        return Standing(item["by"], item["started_at"], item["failure"]) if item else Standing()

    def change(self, schedule: str, before: Standing, now: Standing, at: float) -> bool:
        """Write it, at `at` (seconds since the epoch), unless it is not `before` any more; returns whether."""
        item = {
            "run_id": _partition(schedule),
            "sk": _SORT_KEY,
            "by": now.run_id,
            "started_at": now.started_at,
            "failure": now.failure,
            "expires_at": int(at) + KEPT_SECONDS,
        }
        unchanged = UpdateExpression("attribute_not_exists(run_id) OR #by = :by", {"#by": "by"}, {":by": before.run_id})
        try:
            self._table.put(item, unchanged)
        except ConditionFailed:
            return False
        return True


def _partition(schedule: str) -> str:
    return f"schedule#{schedule}"
