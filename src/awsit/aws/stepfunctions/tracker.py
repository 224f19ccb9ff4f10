"""From one look at a run's records to the next: the events that tell of the difference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from awsit.aws.runs.items import RUN_KEY, Item, read_record, read_run, step_key
from awsit.engine.progress import step_events
from awsit.engine.store.records import Kind, RunRecord, RunState, StepRecord
from awsit.model.events import CleanupStarted, Event, StepStarted
from awsit.model.plan import Phase, Plan, Step
from awsit.model.result import Status, StepResult


class Tracker:
    """Remembers what was told of a run, and from which sort key on anything can still change."""

    def __init__(self, run_id: str, plan: Plan, fetch: Callable[[str], str]) -> None:
        """Begin with nothing told; `fetch` reads a record's text that lies in S3, by its key."""
        self._run_id = run_id
        self._plan = plan
        self._fetch = fetch
        self._told: dict[tuple[Kind, int], StepResult] = {}
        self._started: set[tuple[Kind, int]] = set()
        self._cleanup_told = False
        self.run: RunRecord | None = None

    @property
    def first(self) -> str:
        """The sort key of the first step that has not ended."""
        planned = {index for segment in self._plan.segments for branch in segment.branches for index in branch.steps}
        told = [self._plan.steps[index] for kind, index in self._told if kind is Kind.ACTION]
        diagnostics = {index for step in told for index in step.on_failure if self._is_bad(step.index)}
        unfinished = (index for index in planned | diagnostics if not self._ended(index))
        return step_key(Kind.ACTION, min(unfinished, default=99999))

    def _ended(self, index: int) -> bool:
        known = self._told.get((Kind.ACTION, index))
        return known is not None and known.status is not Status.RUNNING

    def _is_bad(self, index: int) -> bool:
        return self._told[Kind.ACTION, index].status in {Status.FAILED, Status.ERROR}

    def events(self, items: Iterable[Item]) -> Iterator[Event]:
        """What is new in the items of one query."""
        records: list[StepRecord] = []
        for item in items:
            if item["sk"]["S"] == RUN_KEY:
                self.run = read_run(item, lambda _: "null")
            else:
                records.append(read_record(item, self._fetch))
        later = [each for each in records if each.kind is Kind.CLEANUP or each.result.phase == Phase.ON_FAILURE]
        yield from self._of_actions([each for each in records if each not in later])
        if self.run is not None and self.run.state is not RunState.OPEN and not self._cleanup_told:
            self._cleanup_told = True
            yield CleanupStarted(self._run_id, 0 if self.run.keep else len(self.run.ledger))
        for record in sorted(later, key=lambda each: each.result.started_at):
            yield from self._of_record(record)

    def _of_actions(self, records: list[StepRecord]) -> Iterator[Event]:
        found = {record.index: record for record in records if record.kind is Kind.ACTION}
        started = self.run.started if self.run else {}
        for index in sorted({*found, *map(int, started)}):
            if str(index) in started and (Kind.ACTION, index) not in self._started:
                yield self._begun(Kind.ACTION, self._plan.steps[index], started[str(index)].at)
            if index in found:
                yield from self._of_record(found[index])

    def _of_record(self, record: StepRecord) -> Iterator[Event]:
        key = (record.kind, record.index)
        if key not in self._started:
            yield self._begun(record.kind, record.result, record.result.started_at)
        yield from step_events(self._run_id, self._told.get(key), record.result)
        self._told[key] = record.result

    def _begun(self, kind: Kind, step: Step | StepResult, at: str) -> StepStarted:
        self._started.add((kind, step.index))
        return StepStarted(self._run_id, step.index, str(step.phase), step.name, step.type, at)
