"""The run store of runs in the account: the runs table, with S3 for plans, reports and what is large."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any
from uuid import uuid4

from awsit.aws.client import errors
from awsit.aws.client.objects import read_object
from awsit.aws.runs import items as run_items
from awsit.aws.runs.history import RunHistory
from awsit.aws.runs.items import RUN_KEY, Item, step_key
from awsit.aws.runs.updates import Begin, Register, RunUpdate
from awsit.engine.store.records import (
    Closing,
    RecordedCompensation,
    Refusal,
    Refused,
    RunRecord,
    RunState,
    StepRecord,
)
from awsit.engine.store.rules import is_settled, refusal
from awsit.errors import NotFoundError
from awsit.model.codec import decode, encode
from awsit.model.history import HistoryEntry
from awsit.model.json import Json, dumps, loads
from awsit.model.plan import Phase, Plan
from awsit.model.ports import Aws
from awsit.model.result import AssertionResult, RunResult, RunStatus
from awsit.system.clock import parse_iso

LARGEST_VALUE = 16 * 1024
LARGEST_INVERSE = 4 * 1024
LARGEST_RECORD = 256 * 1024
"""Bytes of JSON that stay in the table; an item holds 400 KB at most (AWS: Service quotas of DynamoDB)."""


class DynamoRunStore:
    """Keeps runs in the account. One strongly consistent call where the run must be known, one write a record."""

    def __init__(self, aws: Aws, table: str, bucket: str) -> None:
        self._aws = aws
        self._table = table
        self._bucket = bucket
        self._history = RunHistory(aws, table)
        self._plans = lru_cache(maxsize=16)(self._read_plan)

    def create(self, run: RunRecord, plan: Plan) -> None:
        """Keep a new run and its plan; a run that exists already stays as it is."""
        self._put_object(f"runs/{run.run_id}/plan.json", dumps(encode(plan)))
        try:
            self._dynamodb.put_item(
                TableName=self._table, Item=run_items.new_run(run), ConditionExpression="attribute_not_exists(sk)"
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return

    def plan(self, run_id: str) -> Plan:
        """The plan, read once per process: it never changes. Raises NotFoundError."""
        return self._plans(run_id)

    def run(self, run_id: str) -> RunRecord:
        """The run. Raises NotFoundError."""
        item = self._get(run_id, RUN_KEY)
        if item is None:
            raise NotFoundError(
                f"There is no run {run_id} in the table {self._table}.",
                code="run_not_found",
                hint="Records are kept for 30 days; the report stays in the bucket, under runs/.",
            )
        return run_items.read_run(item, self.fetch)

    def begin(self, run_id: str, index: int, sequence: int, at: float, ledger: Iterable[int]) -> RunRecord | Refused:
        """Note that a call begins and what it must have undone, in one conditional update.

        A call carries a token of its own: should the SDK repeat a write whose answer was lost, the update is refused
        the second time, and the token tells that it was ours.
        """
        token = uuid4().hex
        update = Begin(index, sequence, at, token, tuple(ledger) if sequence == 1 else ())
        try:
            answer = self._dynamodb.update_item(
                TableName=self._table, Key=_key(run_id, RUN_KEY), ReturnValues="ALL_NEW", **update.arguments()
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException as refused:
            return self._refused(refused.response.get("Item"), update, run_id)
        return run_items.read_run(answer["Attributes"], self.fetch)

    def _refused(self, item: Item | None, update: Begin, run_id: str) -> RunRecord | Refused:
        run = run_items.read_run(item, self.fetch) if item else self.run(run_id)
        if item and item["started"]["M"].get(str(update.index), {}).get("M", {}).get("token") == {"S": update.token}:
            return run
        before = run.started.get(str(update.index))
        return Refused(refusal(run, before, update.sequence, update.at) or Refusal.DUPLICATE, run)

    def register(self, run_id: str, recorded: RecordedCompensation) -> bool:
        """Add an inverse to the ledger, if the run is open; one that an earlier call added stays."""
        index = recorded.step.index
        key = f"runs/{run_id}/inverses/{index}-{uuid4().hex}.json"
        update = Register(index, self._text(key, encode(recorded), LARGEST_INVERSE))
        try:
            self._dynamodb.update_item(TableName=self._table, Key=_key(run_id, RUN_KEY), **update.arguments())
        except self._dynamodb.exceptions.ConditionalCheckFailedException as refused:
            item = refused.response.get("Item") or {}
            return str(index) in item.get("recorded", {}).get("M", {})
        return True

    def finish(self, run_id: str, record: StepRecord, captured: Mapping[str, Json], closing: Closing | None) -> None:
        """Keep what a step captured, then its record; a record of a later call stays.

        Two writes, not a transaction: that would be cancelled whenever a step of another branch writes to the run at
        the same time. Should the second be lost, the step counts as begun and not ended.
        """
        if captured:
            self._dynamodb.update_item(**self._capture(run_id, captured, record.hidden))
        if closing is not None:
            self.close(run_id, closing)
        try:
            self._dynamodb.put_item(**self._put_record(run_id, record))
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return

    def _put_record(self, run_id: str, record: StepRecord) -> dict[str, Any]:
        key = step_key(record.kind, record.index)
        settled = {"settled": {"BOOL": True}} if is_settled(record) else {}
        return {
            "TableName": self._table,
            "Item": {
                **_key(run_id, key),
                "sequence": {"N": str(record.sequence)},
                "body": self._text(f"runs/{run_id}/records/{key}.json", encode(record), LARGEST_RECORD),
                "expires_at": {"N": str(_expiry(record))},
                **settled,
            },
            "ConditionExpression": "attribute_not_exists(settled)"
            " AND (attribute_not_exists(#sequence) OR #sequence <= :sequence)",
            "ExpressionAttributeNames": {"#sequence": "sequence"},
            "ExpressionAttributeValues": {":sequence": {"N": str(record.sequence)}},
        }

    def _capture(self, run_id: str, captured: Mapping[str, Json], hidden: tuple[str, ...]) -> dict[str, Any]:
        update = RunUpdate()
        if hidden:
            update.add("secret_paths", {":hidden": {"SS": list(hidden)}})
        for number, (name, value) in enumerate(captured.items()):
            text = self._text(f"runs/{run_id}/values/{name}-{uuid4().hex}.json", value, LARGEST_VALUE)
            names = {"#context": "context", f"#n{number}": name}
            update.set(f"#context.#n{number} = :v{number}", names, {f":v{number}": text})
        return {"TableName": self._table, "Key": _key(run_id, RUN_KEY), **update.arguments()}

    def record(self, run_id: str, phase: Phase, index: int) -> StepRecord | None:
        """One step's record."""
        item = self._get(run_id, step_key(phase, index))
        return run_items.read_record(item, self.fetch) if item else None

    def records(self, run_id: str) -> tuple[StepRecord, ...]:
        """All records: actions by index, then clean-up."""
        return tuple(run_items.read_record(item, self.fetch) for item in self.items(run_id) if "body" in item)

    def items(self, run_id: str, first: str = "") -> Iterator[Item]:
        """The items of a run from the sort key `first` on, strongly consistent."""
        values = {":run": {"S": run_id}, **({":first": {"S": first}} if first else {})}
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="run_id = :run" + (" AND sk >= :first" if first else ""),
            ExpressionAttributeValues=values,
            ConsistentRead=True,
        )
        for page in pages:
            yield from page["Items"]

    def close(
        self, run_id: str, closing: Closing | None = None, assertions: tuple[AssertionResult, ...] = ()
    ) -> RunRecord:
        """Let nothing begin any more, and keep the final assertions; the first verdict stays, and so does an end."""
        update = RunUpdate()
        update.close(closing or Closing(RunStatus.RUNNING))
        update.values[":closed"] = {"S": str(RunState.CLOSED)}
        if assertions:
            checked = {":assertions": {"S": dumps([encode(each) for each in assertions])}}
            update.set("assertions = :assertions", {}, checked)
        try:
            answer = self._dynamodb.update_item(
                TableName=self._table,
                Key=_key(run_id, RUN_KEY),
                ConditionExpression="attribute_exists(sk) AND #state <> :closed",
                ReturnValues="ALL_NEW",
                **update.arguments(),
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return self.run(run_id)
        return run_items.read_run(answer["Attributes"], self.fetch)

    def take_over(self, run_id: str, cleaner: str) -> RunRecord:
        """Make `cleaner` the only one who may undo and report. Raises NotFoundError."""
        answer = self._dynamodb.update_item(
            TableName=self._table,
            Key=_key(run_id, RUN_KEY),
            ConditionExpression="attribute_exists(sk)",
            UpdateExpression="SET cleaner = :cleaner",
            ExpressionAttributeValues={":cleaner": {"S": cleaner}},
            ReturnValues="ALL_NEW",
        )
        return run_items.read_run(answer["Attributes"], self.fetch)

    def cached(self, suite: str, key: str, at: float) -> Json | None:
        """What was cached in a suite and is still good at `at` (seconds since the epoch)."""
        item = self._get(f"suite#{suite}", f"cache#{key}")
        if item is None or float(item["until"]["N"]) <= at:
            return None
        return run_items.read_text(item["body"], self.fetch)

    def cache(self, suite: str, key: str, value: Json, until: float) -> None:
        """Keep a value for the runs of a suite, over an older one; the table's TTL removes it."""
        body = self._text(f"runs/suites/{suite}/{key}.json", value, LARGEST_RECORD)
        expiry = {"until": {"N": repr(until)}, "expires_at": {"N": str(int(until) + 1)}}
        item = {**_key(f"suite#{suite}", f"cache#{key}"), "body": body, **expiry}
        self._dynamodb.put_item(TableName=self._table, Item=item)

    def end(self, result: RunResult) -> None:
        """Keep the report in S3 and the history, then mark the run as closed, with how much it left behind."""
        left = len(result.cleanup.left_behind)
        self._put_object(f"runs/{result.run_id}/report.json", dumps(encode(result)))
        if result.scenario:
            self._history.keep(HistoryEntry.of(result))
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=_key(result.run_id, RUN_KEY),
                ConditionExpression="attribute_exists(sk)",
                **run_items.ended(left),
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return

    def open_runs(self, at: float = math.inf) -> Iterator[str]:
        """The IDs of runs that are not over and whose lease has ended at `at` (seconds since the epoch).

        Without `at`: of all that are not over, and of those that are and left something.
        """
        bound = str(run_items.LEFT_SOMETHING) if math.isinf(at) else repr(at)
        pages = self._dynamodb.get_paginator("scan").paginate(
            TableName=self._table,
            IndexName=run_items.OPEN_RUNS,
            FilterExpression="#lease <= :at",
            ExpressionAttributeNames={"#lease": run_items.LEASE},
            ExpressionAttributeValues={":at": {"N": bound}},
        )
        for page in pages:
            yield from (item["run_id"]["S"] for item in page["Items"])

    def left_behind(self, run_id: str) -> int | None:
        """How many things a run left behind; None while it is not over, or is not known any more."""
        item = self._get(run_id, RUN_KEY)
        return int(item["left_behind"]["N"]) if item and "left_behind" in item else None

    def report(self, run_id: str) -> RunResult:
        """The report of a run that is over. Raises NotFoundError."""
        with errors.reported(f"read the report of {run_id}"):
            return decode(RunResult, loads(self.fetch(f"runs/{run_id}/report.json")))

    def _read_plan(self, run_id: str) -> Plan:
        with errors.reported(f"read the plan of {run_id}"):
            return decode(Plan, loads(self.fetch(f"runs/{run_id}/plan.json")))

    @property
    def _dynamodb(self) -> Any:
        return self._aws.client("dynamodb")

    def _get(self, run_id: str, sk: str) -> Item | None:
        answer = self._dynamodb.get_item(TableName=self._table, Key=_key(run_id, sk), ConsistentRead=True)
        item: Item | None = answer.get("Item")
        return item

    def _text(self, key: str, document: Json, limit: int) -> dict[str, Any]:
        text = dumps(document)
        if len(text.encode()) <= limit:
            return {"S": text}
        self._put_object(key, text)
        return {"M": {"s3": {"S": key}}}

    def _put_object(self, key: str, text: str) -> None:
        self._aws.client("s3").put_object(
            Bucket=self._bucket, Key=key, Body=text.encode(), ContentType="application/json"
        )

    def fetch(self, key: str) -> str:
        """A text that lies in the bucket, whole."""
        return read_object(self._aws.client("s3"), self._bucket, key).decode()


def _key(run_id: str, sk: str) -> dict[str, Any]:
    return {"run_id": {"S": run_id}, "sk": {"S": sk}}


def _expiry(record: StepRecord) -> int:
    return int(parse_iso(record.result.started_at).timestamp()) + run_items.KEEP_SECONDS
