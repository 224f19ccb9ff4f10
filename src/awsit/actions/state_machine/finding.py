"""`find`: the execution that something else started, by its input, its name, or both."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from awsit.actions.state_machine.executions import NOT_THERE, code_of
from awsit.actions.state_machine.history import document
from awsit.actions.state_machine.params import StateMachineParams
from awsit.expressions.assertions import assertion
from awsit.expressions.assertions.matchers import Rules, mismatches
from awsit.model.action.call import ActionContext, ActionResult
from awsit.model.json import Json
from awsit.model.result import AssertionResult
from awsit.records import replace
from awsit.system.ulid import time_of

MOST = 300
"""Executions that are looked at, the newest: each takes a call."""
_PAGE = 100
_CLOCKS = timedelta(seconds=5)
"""By how much the clock that gave the run its ID may be ahead of that of Step Functions."""
_SHOWN = 3
_RULES = Rules()


class Search:
    """What one step knows of the executions since its run started: how far each is from what is searched for."""

    def __init__(self, params: StateMachineParams, client: Any, context_data: ActionContext) -> None:
        self._params = params
        self._client = client
        self._context = context_data
        self._distances: dict[str, int] = dict((context_data.kept.own or {}).get("distances", {}))

    def look(self) -> None:
        """Look at the executions that are new since the last look."""
        for arn in self._since_the_start():
            if arn not in self._distances and (distance := self._distance(arn)) is not None:
                self._distances[arn] = distance

    @property
    def found(self) -> tuple[str, ...]:
        """The ARNs of the executions that match."""
        return tuple(arn for arn, distance in self._distances.items() if distance == 0)

    def remember(self, done: ActionResult) -> ActionResult:
        """The result, with what the next look of the step is to know."""
        keeps = {"distances": self._distances}
        return done if keeps == self._context.kept.own else replace(done, keeps=keeps)

    def ambiguous(self) -> str:
        """The failure when more than one execution matches; empty while none or one does."""
        names = [arn.rsplit(":", 1)[-1] for arn in self.found]
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        shown = ", ".join(names[:_SHOWN])
        return f"{len(names)} executions match, {shown}{more}: narrow `match`" if len(names) > 1 else ""

    def failure(self) -> str:
        """The failure when none matches in time."""
        number = len(self._distances)
        newest = ", the newest" if number >= MOST else ""
        return f"no execution that matches was started in time; others since the run's start: {number}{newest}"

    def closest(self) -> tuple[AssertionResult, ...]:
        """The input that comes closest to `match`, compared field by field; nothing where no execution was started."""
        if not self._distances or self._params.match is None:
            return ()
        arn = min(self._distances, key=lambda each: self._distances[each])
        name = f"the closest input, of execution {arn.rsplit(':', 1)[-1]}"
        check = assertion.check({"path": "$", "matches": self._params.match, "name": name}, self._input(arn))
        return (replace(check, source="params.match"),)

    def _since_the_start(self) -> list[str]:
        """The executions since the run started, and 5 seconds before, whose names fit, oldest first.

        Source: Step Functions API Reference, "ListExecutions": the most recent execution comes first.
        """
        start = time_of(self._context.run_id.removeprefix("run-")) - _CLOCKS
        prefix = self._params.name_prefix or ""
        pages = self._client.get_paginator("list_executions").paginate(
            stateMachineArn=self._params.state_machine, PaginationConfig={"PageSize": _PAGE}
        )
        arns: list[str] = []
        for execution in islice((each for page in pages for each in page["executions"]), 10 * MOST):
            if _in_utc(execution["startDate"]) < start or len(arns) == MOST:
                break
            if execution["name"].startswith(prefix):
                arns.append(execution["executionArn"])
        return arns[::-1]

    def _distance(self, arn: str) -> int | None:
        """How many places of the input do not match; None for an execution that cannot be described yet."""
        if self._params.match is None:
            return 0
        try:
            value = self._input(arn)
        except Exception as error:
            if code_of(self._context.aws, error) != NOT_THERE:
                raise
            return None
        return len(list(mismatches(self._params.match, value, "$", _RULES)))

    def _input(self, arn: str) -> Json:
        described: Mapping[str, Any] = self._client.describe_execution(executionArn=arn)
        return document(described.get("input"))


def _in_utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
