"""A stack as CloudFormation sees it: its status, and its events while an operation goes on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from awsit.aws.client import errors
from awsit.aws.deployment.model import ResourceProgress
from awsit.errors import EnvironmentFailure
from awsit.model.ports import Aws, Clock
from awsit.system.clock import iso

POLL_SECONDS = 2.0
_FIRST_POLL_SECONDS = 0.1
_SLOWDOWN = 1.5


@dataclass(frozen=True, slots=True)
class StackState:
    """A stack at one moment, with the parameters that it was deployed with."""

    stack_id: str
    status: str
    reason: str = ""
    outputs: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_settled(self) -> bool:
        """Whether no operation goes on. A stack in review waits for its first change set: nothing goes on there."""
        return not self.status.endswith("_IN_PROGRESS") or self.status == "REVIEW_IN_PROGRESS"


def state_of(aws: Aws, stack: str) -> StackState | None:
    """The stack of that name or ID; None when there is none. Raises EnvironmentFailure when it cannot be read."""
    try:
        with errors.reported(f"read the stack {stack}"):
            found = aws.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    except EnvironmentFailure as failure:
        if failure.code == "stack_not_deployed":
            return None
        raise
    return StackState(
        stack_id=found["StackId"],
        status=found["StackStatus"],
        reason=found.get("StackStatusReason", ""),
        outputs={item["OutputKey"]: item["OutputValue"] for item in found.get("Outputs", ())},
        parameters={item["ParameterKey"]: item["ParameterValue"] for item in found.get("Parameters", ())},
    )


class StackWatch:
    """Follows one operation on one stack, from the moment it is made: older events are not its own."""

    def __init__(self, aws: Aws, clock: Clock, stack_id: str, timeout_seconds: float) -> None:
        self._aws = aws
        self._clock = clock
        self._stack_id = stack_id
        self._deadline = clock.monotonic() + timeout_seconds
        self._seen: set[str] = set()
        self._seen.update(event["EventId"] for event in self._newest_events())
        self.events: list[ResourceProgress] = []

    def follow(self) -> Iterator[ResourceProgress]:
        """The events of the resources, oldest first, until the stack is settled.

        Raises EnvironmentFailure when that takes too long.
        """
        pause = _FIRST_POLL_SECONDS
        while True:
            state = state_of(self._aws, self._stack_id)
            news = list(self._news())
            yield from news
            if state is None or (state.is_settled and state.status != "REVIEW_IN_PROGRESS"):
                return
            self._check_deadline(state)
            pause = _FIRST_POLL_SECONDS if news else min(pause * _SLOWDOWN, POLL_SECONDS)
            self._clock.sleep(pause)

    def settled(self) -> StackState | None:
        """The stack after `follow`; None when it is gone."""
        return state_of(self._aws, self._stack_id)

    def _check_deadline(self, state: StackState) -> None:
        if self._clock.monotonic() > self._deadline:
            raise EnvironmentFailure(
                f"the stack is still {state.status}: awsit stopped waiting, CloudFormation goes on",
                code="stack_timeout",
                hint="look at the stack's events in the console, and run the command again when it is settled",
            )

    def _news(self) -> Iterator[ResourceProgress]:
        for event in reversed(list(self._newest_events())):
            if event["EventId"] in self._seen:
                continue
            self._seen.add(event["EventId"])
            self.events.append(_progress(event))
            yield self.events[-1]

    def _newest_events(self) -> Iterator[dict[str, Any]]:
        """Newest first, down to the first one that is known."""
        with errors.reported("read the stack's events"):
            pages = self._aws.client("cloudformation").get_paginator("describe_stack_events")
            for page in pages.paginate(StackName=self._stack_id):
                for event in page["StackEvents"]:
                    if event["EventId"] in self._seen:
                        return
                    yield event


def _progress(event: Mapping[str, Any]) -> ResourceProgress:
    return ResourceProgress(
        at=iso(event["Timestamp"]),
        logical_id=event["LogicalResourceId"],
        type=event["ResourceType"],
        status=event["ResourceStatus"],
        reason=event.get("ResourceStatusReason", ""),
    )
