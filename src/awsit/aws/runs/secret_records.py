"""What of a run's records holds secrets: it goes when the run is over and has left nothing that is to be undone.

The bucket keeps the version of a removed object for 30 days, for those who may read old versions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from awsit.aws.runs import secret_variables, updates
from awsit.aws.runs.dynamodb.table import Item, Table
from awsit.aws.runs.items import (
    CONTEXT,
    FIRST_ACTION,
    HAS_GIVEN,
    HIDDEN,
    INVERSES,
    LARGEST_RECORD,
    LAST_ACTION,
    RUN_KEY,
    SUITE,
    read_record,
    record_key,
)
from awsit.aws.runs.objects import RunObjects
from awsit.engine.store.records import RecordedCompensation
from awsit.model import codec
from awsit.model.plan import Plan
from awsit.records import replace

_AFTER_HIDDEN = "$hidden$"
_SECRET, _AFTER_SECRET = "$secret#", "$secret$"
"""The range of the sort keys of the items that say which recorded compensations hold secrets."""


def inverse_items(run_id: str, compensation: RecordedCompensation, body: Any, expires: int) -> Iterable[Item]:
    """The items of a recorded compensation, to be written in this order; `body` is what its attribute holds.

    Before one that holds secrets comes an item that says so, and that has the key of its text in S3, too.
    """
    index = str(compensation.step.index)
    keys = {"run_id": f"{INVERSES}{run_id}", "expires_at": expires}
    if compensation.hidden:
        yield {**keys, "sk": f"{_SECRET}{index}", **({"text": body} if isinstance(body, Mapping) else {})}
    yield {**keys, "sk": index, "body": body}


class SecretRecords(Struct, frozen=True):
    """Those of one run. What tells that there are any goes last, so that another call finishes what one did not."""

    table: Table
    objects: RunObjects
    run_id: str

    def remove(self, run: Item, plan: Plan) -> None:
        """Remove all that may hold a secret; `run` is the run's item.

        That are its secret variables; its values, where secrets are among them; the params of compensations that hold
        one; results that were kept for later steps; and those that it has cached, unless other runs of its suite use
        them.
        """
        if any(step.keep_result for step in plan.steps):
            self._drop_results()
        if "given" in run or HAS_GIVEN in run:
            self._remove_given(run)
        if list(self.table.query(f"{CONTEXT}{self.run_id}", HIDDEN, _AFTER_HIDDEN)):
            values = self.table.query(f"{CONTEXT}{self.run_id}")
            self._remove_items(sorted(values, key=lambda each: str(each["sk"]).startswith(HIDDEN)))
        if any(step.auto_cleanup or step.restore for step in plan.steps):
            self._empty_inverses()
        if any(step.cache_seconds for step in plan.steps):
            self._remove_items(self.table.query(f"{SUITE}{self.run_id}"))

    def _remove_given(self, run: Item) -> None:
        self.objects.delete(run.get("given"))
        self._remove_items(self.table.query(secret_variables.partition_of(self.run_id)))
        self.table.update(self.run_id, RUN_KEY, updates.drop_given())

    def _drop_results(self) -> None:
        """Take the raw results from the records of the actions, but for those that the report shows as they are."""
        for item in self.table.query(self.run_id, FIRST_ACTION, LAST_ACTION):
            record = read_record(item, self.objects.get)
            if record.kept is None or record.kept == record.result.response:
                continue
            key = record_key(self.run_id, record)
            body = self.objects.attribute(key, replace(record, kept=None), LARGEST_RECORD)
            self.table.put({**item, "body": body})
            if isinstance(body, str):
                self.objects.delete(item["body"])

    def _empty_inverses(self) -> None:
        """Take the params from compensations that hold secrets: the ledger names them, so that they stay themselves."""
        partition = f"{INVERSES}{self.run_id}"
        for secret in self.table.query(partition, _SECRET, _AFTER_SECRET):
            item = self.table.get(partition, secret["sk"].removeprefix(_SECRET))
            if item is not None:
                self.table.put({**item, "body": self._without_params(item)})
            self.objects.delete(secret.get("text"))
            self.table.delete(partition, secret["sk"])

    def _without_params(self, item: Item) -> str:
        body = item["body"]
        text = body if isinstance(body, str) else self.objects.get(body["s3"])
        compensation = codec.parse(RecordedCompensation, text)
        return codec.text(RecordedCompensation(replace(compensation.step, params={}), ""))

    def _remove_items(self, items: Iterable[Item]) -> None:
        """Remove items, in their order, and the texts of theirs that lie in S3."""
        for item in items:
            self.objects.delete(item.get("body"))
            self.table.delete(item["run_id"], item["sk"])
