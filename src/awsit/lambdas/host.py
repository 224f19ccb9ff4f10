"""What the tasks of the state machine work with, and what becomes of a run that was reported."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from msgspec import Struct

from awsit.aws.runs import secret_variables
from awsit.aws.runs.store import DynamoRunStore
from awsit.aws.stepfunctions import reserve
from awsit.aws.stepfunctions.execution import Execution
from awsit.engine.log_entry import WARNING, LogEntry, run_ended
from awsit.engine.services import Services
from awsit.engine.store.records import SecretInputs
from awsit.errors import AwsitError, NotFoundError
from awsit.lambdas.metrics import emit
from awsit.metrics.catalogue import NAMESPACE
from awsit.metrics.measurements import measure
from awsit.model.plan import Plan
from awsit.model.ports import Aws
from awsit.model.result import RunResult

if TYPE_CHECKING:
    from awsit.lambdas.notifications import Topic


class Host(Struct, frozen=True):
    """What a task works with: the engine's services, and the stack's bucket and runs table.

    `services.aws` acts as scenarios may, `aws` as the function itself, which alone reaches awsit's own resources.
    `ends` is the time (monotonic, seconds) after which the task begins nothing more. Runs are counted in the namespace
    `metrics_namespace` by the stack's name, and by their scenarios too where `metrics_by_scenario` says so. The `topic`
    is told of scheduled runs.
    """

    services: Services
    aws: Aws
    store: DynamoRunStore
    bucket: str
    table: str
    ends: float = math.inf
    stack: str = ""
    metrics_namespace: str = NAMESPACE
    metrics_by_scenario: bool = False
    topic: Topic | None = None

    def announce(self, result: RunResult) -> None:
        """Tell the topic of a run that was reported, then count it. Who is told again, is told nothing new."""
        self.notify(result)
        self.count(result, self.used_events(Execution(result.execution_arn, result.run_id)))

    def used_events(self, execution: Execution) -> int:
        """The events of a run's execution so far; 0 where it has none."""
        return reserve.used_events(self.aws, execution) if execution.arn else 0

    def count(self, result: RunResult, events: int) -> None:
        """Log the summary of a run that was reported, and count it; one that a load started is no test."""
        self.services.log(run_ended(result, events_used=events))
        if self._plan(result.run_id).start_at:
            return
        measurements = measure(result, self.stack, events, by_scenario=self.metrics_by_scenario)
        emit(measurements, self.metrics_namespace, result.run_id)

    def notify(self, result: RunResult) -> None:
        """Tell the topic of a run that was reported, if there is one, a schedule started the run, and it is news."""
        if self.topic is None:
            return
        try:
            if schedule := self._plan(result.run_id).schedule:
                self.topic.tell(schedule, result)
        except AwsitError as error:
            fields = {"run_id": result.run_id, "error": error.message}
            self.services.log(LogEntry(WARNING, "the topic could not be told", fields))

    def _plan(self, run_id: str) -> Plan:
        """The plan of a run; an empty one for a run that never began."""
        try:
            return self.services.store.plan(run_id)
        except NotFoundError:
            return Plan(run_id, "")

    def secret_variables(self, run_id: str) -> SecretInputs:
        """The secret variables that the CLI left for a run."""
        return secret_variables.take(self.aws, self.table, run_id)
