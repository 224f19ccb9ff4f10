"""The events between one look at a run's records and the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from awsit.aws.runs import begun
from awsit.aws.runs.dynamodb.table import Item
from awsit.aws.runs.items import RUN_KEY, read_record, read_run, step_key
from awsit.engine.progress import step_events
from awsit.engine.store.records import RunRecord, RunState, StepRecord
from awsit.model.events import CleanupStarted, Event, StepStarted
from awsit.model.plan import Phase, Plan, Step
from awsit.model.result import Status, StepResult

LAST_INDEX = 99_999
"""The greatest index in a sort key of five digits."""


class Tracker:
    """What is known of a run so far, and from which sort key on anything can still change."""

    def __init__(self, run_id: str, plan: Plan, fetch: Callable[[str], str]) -> None:
        """Begin with nothing known; `fetch` reads a record's text that lies in S3, by its key."""
        self._run_id = run_id
        self._plan = plan
        self._fetch = fetch
        self._results: dict[str, StepResult] = {}
        self._started: set[str] = set()
        self._has_cleanup_started = False
        self.run: RunRecord | None = None

    @property
    def first(self) -> str:
        """The sort key of the first step that has not ended."""
        planned = {index for segment in self._plan.segments for branch in segment.branches for index in branch.steps}
        diagnostics = {index for step in self._plan.steps if self._is_bad(step.index) for index in step.on_failure}
        unfinished = (index for index in planned | diagnostics if not self._has_ended(index))
        return step_key(Phase.ACTIONS, min(unfinished, default=LAST_INDEX))

    def _result(self, index: int) -> StepResult | None:
        return self._results.get(step_key(Phase.ACTIONS, index))

    def _has_ended(self, index: int) -> bool:
        result = self._result(index)
        return result is not None and result.status is not Status.RUNNING

    def _is_bad(self, index: int) -> bool:
        result = self._result(index)
        return result is not None and result.status in {Status.FAILED, Status.ERROR}

    def events(self, items: Iterable[Item]) -> Iterator[Event]:
        """What is new in the items of one query."""
        records: list[StepRecord] = []
        calls: list[Item] = []
        for item in items:
            if item["sk"] == RUN_KEY:
                self.run = begun.with_calls(read_run(item, lambda _: "null"), calls, self._plan)
            elif begun.is_begun(item):
                calls.append(item)
            else:
                records.append(read_record(item, self._fetch))
        later = [each for each in records if Phase(each.result.phase).is_follow_up]
        actions = [each for each in records if not Phase(each.result.phase).is_follow_up]
        yield from self._of_actions({each.index: each for each in actions})
        if self.run is not None and self.run.state is not RunState.OPEN and not self._has_cleanup_started:
            self._has_cleanup_started = True
            yield CleanupStarted(self._run_id, 0 if self.run.keep or self.run.is_held else len(self.run.ledger))
        for record in sorted(later, key=lambda each: each.result.started_at):
            yield from self._of_record(record)

    def _of_actions(self, records: dict[int, StepRecord]) -> Iterator[Event]:
        started = self.run.started if self.run else {}
        for index in sorted({*records, *map(int, started)}):
            if str(index) in started and step_key(Phase.ACTIONS, index) not in self._started:
                yield self._begun(self._plan.steps[index], started[str(index)].at)
            if index in records:
                yield from self._of_record(records[index])

    def _of_record(self, record: StepRecord) -> Iterator[Event]:
        key = step_key(record.kind, record.index)
        if key not in self._started:
            yield self._begun(record.result, record.result.started_at)
        yield from step_events(self._run_id, self._results.get(key), record.result)
        self._results[key] = record.result

    def _begun(self, step: Step | StepResult, at: str) -> StepStarted:
        self._started.add(step_key(Phase(step.phase), step.index))
        return StepStarted(self._run_id, step.index, str(step.phase), step.name, step.type, at)
