"""The run store of runs in the account: the runs table, with S3 for plans, reports and what is large."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import lru_cache
from uuid import uuid4

from awsit.aws.client import errors
from awsit.aws.runs import begun, parts, secret_records, secret_variables, updates
from awsit.aws.runs import items as run_items
from awsit.aws.runs.dynamodb.table import ConditionFailed, Item, Table
from awsit.aws.runs.dynamodb.update_expression import UpdateExpression
from awsit.aws.runs.history import RunHistory
from awsit.aws.runs.items import KEEP_SECONDS, LARGEST_RECORD, RUN_KEY, step_key
from awsit.aws.runs.objects import RunObjects
from awsit.aws.runs.readable import readable
from awsit.aws.runs.secret_records import SecretRecords
from awsit.aws.runs.shared.results import SharedByRuns
from awsit.aws.runs.shared.round import Round
from awsit.engine.compact import is_alone
from awsit.engine.store.records import Closing, RecordedCompensation, Refusal, Refused, RunRecord, RunState, StepRecord
from awsit.engine.store.rules import refusal
from awsit.errors import NotFoundError
from awsit.model import codec
from awsit.model.json import Json
from awsit.model.plan import Phase, Plan
from awsit.model.ports import Aws
from awsit.model.result import AssertionResult, RunResult
from awsit.model.run import SUITE_ID, HistoryEntry
from awsit.records import replace
from awsit.scenario.limits import MAX_SCENARIO_SECONDS

LARGEST_VALUE, LARGEST_COMPENSATION = 16 * 1024, 4 * 1024
"""Bytes of JSON that stay in the table; what is larger goes to S3. An item has 400 KB at most (quotas of DynamoDB)."""


class DynamoRunStore(SharedByRuns):
    """Keeps runs in the account. One strongly consistent call where the run must be known, one write a record."""

    def __init__(self, aws: Aws, table: str, bucket: str) -> None:
        super().__init__(Table(aws, table), RunObjects(aws, bucket))
        self._history = RunHistory(aws, table)
        self._plans = lru_cache(maxsize=16)(self._read_plan)
        self._created: Plan | None = None
        self._expiry = ("", 0)
        self._round = Round()

    def create(self, run: RunRecord, plan: Plan) -> None:
        """Keep a new run and its plan; a run that exists already stays as it is."""
        self._objects.put(f"runs/{run.run_id}/plan.json", codec.text(plan))
        if run.given:
            body = self._objects.attribute(f"runs/{run.run_id}/given.json", run.given, LARGEST_VALUE)
            secret_variables.keep(self._table, run, body)
        with suppress(ConditionFailed):
            self._table.put(run_items.new_run(run), UpdateExpression("attribute_not_exists(sk)"))
        self._created = plan

    def plan(self, run_id: str) -> Plan:
        """The plan, read once per process, if that did not create it: it never changes. Raises NotFoundError."""
        created = self._created
        return created if created and created.run_id == run_id else self._plans(run_id)

    @contextmanager
    def one_round(self, run_id: str) -> Iterator[None]:
        """A block in which this process alone goes on with a branch of the run: what it knows is not read again."""
        self._round = Round(run_id)
        try:
            yield
        finally:
            self._round = Round()

    def run(self, run_id: str) -> RunRecord:
        """The run. Raises NotFoundError."""
        return self._whole(self._item(run_id))

    def _item(self, run_id: str) -> Item:
        item = self._table.get(run_id, RUN_KEY)
        if item is None:
            raise self._not_found(run_id)
        self._expiry = run_id, int(item["expires_at"])
        return item

    def _not_found(self, run_id: str) -> NotFoundError:
        return NotFoundError(
            f"There is no run {run_id} in the table {self._table.name}.",
            code="run_not_found",
            hint="Records are kept for 30 days; the report stays in the bucket, under runs/.",
        )

    def begin(self, run_id: str, index: int, sequence: int, at: float, ledger: Iterable[int]) -> RunRecord | Refused:
        """Note that a call begins and what it must have undone, then look whether it may: see `awsit.aws.runs.begun`.

        A call carries a token of its own: should the SDK repeat a write whose answer was lost, the update is refused
        the second time, and the token tells that it was ours. A run that is closed already is not written to, so that
        nobody who follows it sees a step begin; in a round, a run that was open a second ago counts as open for that.
        """
        if self._round.run_id == run_id:
            self._round.is_alone = is_alone(self.plan(run_id), index)
        if not self._round.is_open(run_id, at):
            run = self.run(run_id)
            if run.state is not RunState.OPEN or at >= run.deadline_at:
                reason = refusal(run, run.started.get(str(index)), sequence, at)
                return Refused(reason or Refusal.CLOSED, run)
        token, entries = uuid4().hex, tuple(ledger) if sequence == 1 else ()
        expires = int(at) + KEEP_SECONDS + MAX_SCENARIO_SECONDS
        try:
            self._table.update(run_id, begun.key_of(index), updates.begin_call(sequence, at, token, entries, expires))
        except ConditionFailed as refused:
            if refused.item.get("token") != token:
                run = self.run(run_id)
                before = begun.read(refused.item).started
                return Refused(refusal(run, before, sequence, at) or Refusal.DUPLICATE, run)
        try:
            item = self._round.item_for(run_id, self.plan(run_id).steps[index], at) or self._item(run_id)
            run = self._whole(item)
            reason = refusal(run, run_items.call_in(item, index), sequence, at)
        except Exception:
            self._withdraw(run_id, index, sequence, token)
            raise
        self._round.saw(item, run, at)
        if reason is None:
            return run
        self._withdraw(run_id, index, sequence, token)
        return Refused(reason, self.run(run_id))

    def _withdraw(self, run_id: str, index: int, sequence: int, token: str) -> None:
        with suppress(ConditionFailed):
            self._table.update(run_id, begun.key_of(index), updates.withdraw_call(sequence, token))

    def register(self, run_id: str, compensation: RecordedCompensation) -> bool:
        """Keep a compensation, add it to the ledger, and look then whether the run is open; one that is there stays."""
        index = compensation.step.index
        run = self.run(run_id)
        if str(index) not in run.recorded:
            self._add_to_ledger(run, compensation)
        is_open = self.run(run_id).state is RunState.OPEN
        if not is_open and str(index) not in run.recorded:
            self._table.update(run_id, parts.key_of_step(index), updates.drop_compensation(index))
        return is_open

    def _add_to_ledger(self, run: RunRecord, compensation: RecordedCompensation) -> None:
        index, expires = compensation.step.index, self._expires(run.run_id)
        key = f"runs/{run.run_id}/inverses/{index}-{uuid4().hex}.json"
        body = self._objects.attribute(key, compensation, LARGEST_COMPENSATION)
        for item in secret_records.inverse_items(run.run_id, compensation, body, expires):
            self._table.put(item)
        self._table.update(run.run_id, parts.key_of_step(index), updates.register_compensation(index, expires))

    def compute(self, run_id: str, values: Mapping[str, Json], hidden: tuple[str, ...]) -> None:
        """Add what a step computed before it acts to the context."""
        self._capture(run_id, values, hidden)

    def finish(self, run_id: str, record: StepRecord, captured: Mapping[str, Json], closing: Closing | None) -> None:
        """Keep what a step captured, then its record; a record of a later call stays.

        Several writes, not a transaction: should the last be lost, the step counts as begun and not ended.
        """
        if captured:
            self._capture(run_id, captured, tuple(record.hidden))
        if closing is not None:
            self.close(run_id, closing)
        body = self._objects.attribute(run_items.record_key(run_id, record), record, LARGEST_RECORD)
        item = run_items.new_record(run_id, record, body)
        with suppress(ConditionFailed):
            self._table.put(item, updates.newer_record(record.sequence))

    def _capture(self, run_id: str, captured: Mapping[str, Json], hidden: tuple[str, ...]) -> None:
        """Keep values, and before them where secrets are in them: whoever reads a value knows what to mask."""
        partition, expires = f"{run_items.CONTEXT}{run_id}", self._expires(run_id)
        if hidden:
            self._table.update(partition, f"{run_items.HIDDEN}{min(captured)}", updates.hide(hidden, expires))
        items: list[Item] = []
        for name, value in captured.items():
            key = f"runs/{run_id}/values/{name}-{uuid4().hex}.json"
            body = self._objects.attribute(key, value, LARGEST_VALUE)
            items.append({"run_id": partition, "sk": name, "body": body, "expires_at": expires})
        self._table.put_all(items)
        self._round.add(run_id, [item for item in items if item["sk"].startswith(parts.OWN)], has_hidden=bool(hidden))

    def _own(self, run_id: str) -> list[Item]:
        """The items of what steps of a run keep, and where secrets are."""
        own = self._round.known(run_id)
        if own is None:
            own = list(self._table.query(f"{run_items.CONTEXT}{run_id}", parts.OWN, parts.AFTER_OWN))
            self._round.know(run_id, own)
        return own

    def _expires(self, run_id: str) -> int:
        """When what belongs to a run expires, which came with the run, if that was the last one that was read."""
        of_run, expires = self._expiry
        return expires if of_run == run_id else int(self._item(run_id)["expires_at"])

    def _whole(self, item: Item) -> RunRecord:
        """The run that an item holds, with its parts."""
        run = run_items.read_run(item, self.fetch)
        if run_items.HAS_GIVEN in item:
            run = replace(run, given=secret_variables.read_later(self._table, self.fetch, run.run_id))
        return parts.RunParts(self._table, self.fetch, self.plan, self._own, run).whole()

    def record(self, run_id: str, phase: Phase, index: int) -> StepRecord | None:
        """One step's record."""
        item = self._table.get(run_id, step_key(phase, index))
        return run_items.read_record(item, self.fetch) if item else None

    def records(self, run_id: str) -> tuple[StepRecord, ...]:
        """All records: actions by index, then clean-up."""
        return tuple(run_items.read_record(item, self.fetch) for item in self.items(run_id) if "body" in item)

    def cleanup_records(self, run_id: str) -> tuple[StepRecord, ...]:
        """The records of the clean-up steps."""
        items = self._table.query(run_id, run_items.FIRST_CLEANUP, run_items.LAST_CLEANUP)
        return tuple(run_items.read_record(item, self.fetch) for item in items)

    def items(self, run_id: str, first: str = "") -> Iterator[Item]:
        """The items of a run from the sort key `first` on, strongly consistent."""
        return self._table.query(run_id, first)

    def close(
        self, run_id: str, closing: Closing | None = None, assertions: tuple[AssertionResult, ...] = ()
    ) -> RunRecord:
        """Let nothing begin any more, and keep the final assertions; the first verdict stays, and so does an end."""
        key = f"runs/{run_id}/assertions.json"
        body = self._objects.attribute(key, assertions, LARGEST_VALUE) if assertions else None
        return self._changed(run_id, updates.close(closing, body), updates.close(None, body))

    def take_over(self, run_id: str, cleaner: str) -> RunRecord:
        """Make `cleaner` the only one who may undo and report. Raises NotFoundError."""
        return self._changed(run_id, updates.take_over(cleaner))

    def forget(self, run_id: str) -> RunRecord:
        """Note that a person has seen to what the run left. Raises NotFoundError."""
        return self._changed(run_id, updates.forget())

    def _changed(self, run_id: str, *attempts: UpdateExpression) -> RunRecord:
        """The run after the first update that is not refused, or as it is. Raises NotFoundError when there was none.

        One that is made meanwhile was not changed.
        """
        item: Item = {}
        for update in attempts:
            try:
                return self._whole(self._table.update(run_id, RUN_KEY, update, returns="ALL_NEW"))
            except ConditionFailed as refused:
                item = refused.item
            if not item:
                raise self._not_found(run_id)
        return self._whole(item)

    def release(self, run_id: str) -> None:
        """Nothing is held here for a run in the account."""

    def hold(self, result: RunResult) -> None:
        """Keep the report in S3 for now, and the run for its clean-up."""
        self._objects.put(f"runs/{result.run_id}/report.json", codec.text(result))
        is_due = SUITE_ID.fullmatch(self._item(result.run_id).get("suite", "")) is not None
        self._table.update(result.run_id, RUN_KEY, updates.hold(result.finished_at, is_due=is_due))

    def end(self, result: RunResult) -> None:
        """Keep the report in S3 and the history, then mark the run as closed, with how much it left behind.

        Iterations of a load are not in the history: they would hide the tests.
        When that is nothing, what holds secrets among its records goes; that comes last, since it may fail.
        """
        self._objects.put(f"runs/{result.run_id}/report.json", codec.text(result))
        if result.scenario and not self.plan(result.run_id).start_at:
            self._history.keep(HistoryEntry.of(result))
        left = len(result.cleanup.left_behind)
        for is_due in (True, False) if result.cleanup.was_cut_short else (False,):
            with suppress(ConditionFailed):
                run = self._table.update(result.run_id, RUN_KEY, updates.end(left, is_due=is_due), returns="ALL_NEW")
                if SUITE_ID.fullmatch(run.get("suite", "")):
                    self._history.keep_in_suite(run["suite"], result.finished_at, HistoryEntry.of(result))
                if not left:
                    secrets = SecretRecords(self._table, self._objects, result.run_id)
                    secrets.remove(run, self.plan(result.run_id))
                break

    def open_runs(self, at: float | None = None) -> Iterator[str]:
        """The IDs of runs that are not over and whose lease has ended at `at` (seconds since the epoch).

        Without `at`: of all that are not over, and of those that are and left something.
        """
        leases = self._table.scan(run_items.OPEN_RUNS, run_items.LEASE, run_items.LEFT_SOMETHING if at is None else at)
        return (item["run_id"] for item in leases)

    def left_behind(self, run_id: str) -> int | None:
        """How many things a run left behind; None while it is not over, or is not known any more."""
        item = self._table.get(run_id, RUN_KEY)
        return int(item["left_behind"]) if item and "left_behind" in item else None

    def report(self, run_id: str) -> RunResult:
        """The report of a run that is over. Raises NotFoundError."""
        with errors.reported(f"read the report of {run_id}"), readable(run_id):
            return codec.parse(RunResult, self.fetch(f"runs/{run_id}/report.json"))

    def _read_plan(self, run_id: str) -> Plan:
        with errors.reported(f"read the plan of {run_id}"):
            return codec.parse(Plan, self.fetch(f"runs/{run_id}/plan.json"))
