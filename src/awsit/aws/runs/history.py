"""The history of an installation's runs: two small items a run in the runs table, read with one query.

| key (`run_id`, `sk`) | holds |
|---|---|
| `history`, `<started_at>#<run ID>` | the run, among all |
| `history#<scenario>`, `<started_at>#<run ID>` | the run, among those of its scenario |

They outlive the run's records: the table's TTL removes them when its report may be gone too.
"""

from __future__ import annotations

from awsit.aws.client import errors
from awsit.aws.runs.table import Table
from awsit.model.codec import decode, encode
from awsit.model.history import HistoryEntry
from awsit.model.json import dumps, loads
from awsit.model.ports import Aws
from awsit.system.clock import parse_iso

KEEP_SECONDS = 90 * 24 * 3600
"""As long as the bucket keeps reports by default."""

MOST_RUNS = 1000
"""Entries of one query: they are about 300 bytes each, and a query returns 1 MB (Amazon DynamoDB: Query)."""

ALL = "history"
LONGEST_NAME = 500
"""Characters of a scenario's name in a key: 2,048 bytes fit (Amazon DynamoDB: quotas). The entry has the whole name."""


class RunHistory:
    """Keeps and finds entries."""

    def __init__(self, aws: Aws, table: str) -> None:
        self._table = Table(aws, table)

    def keep(self, entry: HistoryEntry) -> None:
        """Keep a run that is over; when it is reported again, the newer entry replaces the older one."""
        expires = int(parse_iso(entry.started_at).timestamp()) + KEEP_SECONDS
        for key in (_key(entry.scenario), ALL):
            keys = {"run_id": key, "sk": f"{entry.started_at}#{entry.run_id}"}
            self._table.put({**keys, "entry": dumps(encode(entry)), "expires_at": expires})

    def of(self, scenario: str, limit: int = MOST_RUNS) -> list[HistoryEntry]:
        """The newest runs of a scenario, the newest first. One query. Raises EnvironmentFailure."""
        return [entry for entry in self._query(_key(scenario), limit) if entry.scenario == scenario]

    def newest(self, limit: int = MOST_RUNS) -> list[HistoryEntry]:
        """The newest runs of all scenarios, the newest first. One query. Raises EnvironmentFailure."""
        return self._query(ALL, limit)

    def _query(self, key: str, limit: int) -> list[HistoryEntry]:
        with errors.reported("read the history of the runs"):
            items = self._table.newest(key, min(limit, MOST_RUNS))
        return [decode(HistoryEntry, loads(item["entry"])) for item in items]


def _key(scenario: str) -> str:
    return f"{ALL}#{scenario[:LONGEST_NAME]}"
