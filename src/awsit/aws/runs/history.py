"""The history of an installation's runs: small items in the runs table, two a run, one query to read many.

| key (`run_id`, `sk`) | holds |
|---|---|
| `history`, `<started_at>#<run ID>` | a run, among all runs |
| `history#<scenario>`, `<started_at>#<run ID>` | a run, among the runs of its scenario |
| `results#<suite ID>`, `<ended_at>#<run ID>` | a run of a suite in the account, when it has a report |

They outlive the run's other items: the table's TTL removes them when the bucket may have deleted its report.
"""

from __future__ import annotations

from collections.abc import Mapping

from awsit.aws.client import errors
from awsit.aws.runs.dynamodb.table import Table
from awsit.model import codec
from awsit.model.json import Json
from awsit.model.ports import Aws
from awsit.model.run import HistoryEntry
from awsit.system.clock import parse_iso

KEEP_SECONDS = 90 * 24 * 3600
"""The time for which the bucket keeps reports by default."""

MOST_RUNS = 1000
"""Entries of one query, which returns 1 MB at most (Amazon DynamoDB: Query). An entry has about 300 bytes."""

ALL = "history"
RESULTS = "results#"
"""What the `run_id` of the results of a suite begins with."""
LONGEST_NAME = 500
"""Characters of a scenario's name in a key of 2,048 bytes at most (Amazon DynamoDB quotas). The entry has them all."""


class RunHistory:
    """Writes and reads the history of one runs table."""

    def __init__(self, aws: Aws, table: str) -> None:
        self._table = Table(aws, table)

    def keep(self, entry: HistoryEntry) -> None:
        """Write the entry of a run that is over, replacing an older one of the same run."""
        expires = int(parse_iso(entry.started_at).timestamp()) + KEEP_SECONDS
        for key in (_key(entry.scenario), ALL):
            keys = {"run_id": key, "sk": f"{entry.started_at}#{entry.run_id}"}
            self._table.put({**keys, "entry": codec.text(entry), "expires_at": expires})

    def keep_in_suite(self, suite: str, ended_at: str, entry: HistoryEntry) -> None:
        """Write the entry of a run whose report is there among the results of its suite."""
        expires = int(parse_iso(ended_at).timestamp()) + KEEP_SECONDS
        keys = {"run_id": f"{RESULTS}{suite}", "sk": f"{ended_at}#{entry.run_id}"}
        self._table.put({**keys, "entry": codec.text(entry), "expires_at": expires})

    def of_suite(self, suite: str, since: str = "") -> list[tuple[str, HistoryEntry]]:
        """The runs of a suite that have ended at `since` (ISO 8601) or later, each with its end, in their order.

        A run whose clean-up was finished later is there again.
        """
        with errors.reported(f"read the results of {suite}"):
            items = list(self._table.query(f"{RESULTS}{suite}", since))
        found = ((item["sk"].partition("#")[0], _entry(item)) for item in items)
        return [(ended_at, entry) for ended_at, entry in found if entry is not None]

    def of(self, scenario: str, limit: int = MOST_RUNS) -> list[HistoryEntry]:
        """The newest runs of a scenario, the newest first. One query. Raises EnvironmentFailure."""
        return [entry for entry in self._query(_key(scenario), limit) if entry.scenario == scenario]

    def newest(self, limit: int = MOST_RUNS) -> list[HistoryEntry]:
        """The newest runs of all scenarios, the newest first. One query. Raises EnvironmentFailure."""
        return self._query(ALL, limit)

    def _query(self, key: str, limit: int) -> list[HistoryEntry]:
        with errors.reported("read the history of the runs"):
            items = self._table.newest(key, min(limit, MOST_RUNS))
        return [entry for entry in map(_entry, items) if entry is not None]


def _entry(item: Mapping[str, Json]) -> HistoryEntry | None:
    """The entry of an item; None for one that cannot be read, so that it hides no other."""
    try:
        return codec.parse(HistoryEntry, item["entry"])
    except (KeyError, TypeError, ValueError):
        return None


def _key(scenario: str) -> str:
    return f"{ALL}#{scenario[:LONGEST_NAME]}"
