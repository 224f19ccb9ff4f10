"""The state of a stack, and its events while an operation is in progress."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from awsit.aws.client import errors
from awsit.aws.deployment.model import ResourceProgress
from awsit.errors import EnvironmentFailure
from awsit.model.ports import Aws, Clock
from awsit.system.clock import iso

POLL_SECONDS = 2.0
_FIRST_POLL_SECONDS = 0.1
_SLOWDOWN = 1.5


class StackState(Struct, frozen=True):
    """The answer to DescribeStacks: `status` such as `UPDATE_COMPLETE`, the outputs, and the current parameters.

    CloudFormation deletes none that `is_protected`, or whose `exports` another stack imports.
    """

    stack_id: str
    status: str
    reason: str = ""
    outputs: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    is_protected: bool = False
    exports: tuple[str, ...] = ()

    @property
    def is_settled(self) -> bool:
        """Whether no operation is in progress. A stack in review is settled: it waits for its first change set."""
        return not self.status.endswith("_IN_PROGRESS") or self.status == "REVIEW_IN_PROGRESS"


def state_of(aws: Aws, stack: str) -> StackState | None:
    """The state of the stack with this name or ID; None without one. Raises EnvironmentFailure."""
    try:
        with errors.reported(f"read the stack {stack}"):
            description = aws.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    except EnvironmentFailure as failure:
        if failure.code == "stack_not_deployed":
            return None
        raise
    return StackState(
        stack_id=description["StackId"],
        status=description["StackStatus"],
        reason=description.get("StackStatusReason", ""),
        outputs={item["OutputKey"]: item["OutputValue"] for item in description.get("Outputs", ())},
        parameters={item["ParameterKey"]: item["ParameterValue"] for item in description.get("Parameters", ())},
        exports=tuple(item["ExportName"] for item in description.get("Outputs", ()) if "ExportName" in item),
        is_protected=bool(description.get("EnableTerminationProtection")),
    )


class StackWatch:
    """Follows one operation on a stack. Made before the operation starts: events from before that are skipped."""

    def __init__(self, aws: Aws, clock: Clock, stack_id: str, timeout_seconds: float) -> None:
        self._aws = aws
        self._clock = clock
        self._stack_id = stack_id
        self._deadline = clock.monotonic() + timeout_seconds
        self._seen: set[str] = set()
        self._seen.update(event["EventId"] for event in self._unseen_events())
        self.events: list[ResourceProgress] = []

    def follow(self) -> Iterator[ResourceProgress]:
        """Yield the events, oldest first, until the stack is settled.

        Raises EnvironmentFailure when that takes longer than the timeout.
        """
        pause = _FIRST_POLL_SECONDS
        while True:
            state = state_of(self._aws, self._stack_id)
            new_events = list(self._new_events())
            yield from new_events
            if state is None or (state.is_settled and state.status != "REVIEW_IN_PROGRESS"):
                return
            self._check_deadline(state)
            pause = _FIRST_POLL_SECONDS if new_events else min(pause * _SLOWDOWN, POLL_SECONDS)
            self._clock.sleep(pause)

    def settled(self) -> StackState | None:
        """The state of the stack after `follow`; None when it is deleted."""
        return state_of(self._aws, self._stack_id)

    def _check_deadline(self, state: StackState) -> None:
        if self._clock.monotonic() > self._deadline:
            raise EnvironmentFailure(
                f"the stack is still {state.status}: awsit stopped waiting, CloudFormation goes on",
                code="stack_timeout",
                hint="look at the stack's events in the console, and run the command again when it is settled",
            )

    def _new_events(self) -> Iterator[ResourceProgress]:
        for event in reversed(list(self._unseen_events())):
            if event["EventId"] in self._seen:
                continue
            self._seen.add(event["EventId"])
            self.events.append(_progress(event))
            yield self.events[-1]

    def _unseen_events(self) -> Iterator[dict[str, Any]]:
        """Events newest first, as CloudFormation pages them, up to the first that was seen before."""
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
