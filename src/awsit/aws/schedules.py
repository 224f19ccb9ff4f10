"""The schedules of an installation: when the account runs scenarios by itself.

Each one starts the state machine, through a templated target of EventBridge Scheduler (User Guide, "Using templated
targets in EventBridge Scheduler"). They lie in a group of the stack's own, which is removed with them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from awsit.aws.client import errors
from awsit.aws.installation import Installation
from awsit.errors import EnvironmentFailure, NotFoundError
from awsit.model import json
from awsit.model.json import Json
from awsit.model.ports import Aws
from awsit.suggestions import close_matches

_NAME = re.compile(r"[0-9A-Za-z_.-]{1,64}")
_LONGEST_STEM = 55
_RETRIES = {"MaximumRetryAttempts": 10, "MaximumEventAgeInSeconds": 900}
"""A run that could not be started is started later, by a quarter of an hour at most: then its time is over."""
_CHANGEABLE = ("ScheduleExpression", "ScheduleExpressionTimezone", "FlexibleTimeWindow", "Target", "Description")


class Timetable(Struct, frozen=True):
    """When: an expression of EventBridge Scheduler, such as `rate(1 hour)`, and the time zone that it is read in."""

    expression: str
    timezone: str = "UTC"


class Schedule(Struct, frozen=True):
    """A schedule: what it is called, which scenario or row it runs, when, and whether it is paused."""

    name: str
    scenario: str
    expression: str
    timezone: str
    paused: bool


class Schedules:
    """The schedules of one installation, by name. Raises EnvironmentFailure when its stack has no place for them."""

    def __init__(self, aws: Aws, installation: Installation) -> None:
        if not installation.schedule_group:
            raise EnvironmentFailure(
                "the stack was deployed by an awsit without schedules",
                code="no_schedules",
                hint="run `awsit deploy` with this version",
            )
        self._client = aws.client("scheduler")
        self._installation = installation

    def put(self, scenario: str, when: Timetable, started_with: Mapping[str, Json]) -> Schedule:
        """Let `scenario`, the name of a run, begin at these times, with this input of the state machine.

        Replaces the schedule that it had; one that is paused stays so.
        """
        name = name_of(scenario)
        before = self._find(name)
        arguments = {
            "Name": name,
            "GroupName": self._installation.schedule_group,
            "Description": scenario,
            "ScheduleExpression": when.expression,
            "ScheduleExpressionTimezone": when.timezone,
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "State": before["State"] if before else "ENABLED",
            "Target": {
                "Arn": self._installation.state_machine_arn,
                "RoleArn": self._installation.scheduler_role,
                "Input": json.dumps({**started_with, "schedule": name}),
                "RetryPolicy": _RETRIES,
            },
        }
        with errors.reported(f"schedule {scenario}"):
            (self._client.update_schedule if before else self._client.create_schedule)(**arguments)
        return _scheduled(arguments)

    def list(self) -> Iterator[Schedule]:
        """All of them, by name."""
        group = self._installation.schedule_group
        with errors.reported("list the schedules"):
            for page in self._client.get_paginator("list_schedules").paginate(GroupName=group):
                for summary in page["Schedules"]:
                    if schedule := self._find(summary["Name"]):
                        yield _scheduled(schedule)

    def pause(self, reference: str, *, paused: bool) -> Schedule:
        """Let a schedule start nothing, or start runs again. Raises NotFoundError."""
        schedule = self._get(reference)
        state = {"State": "DISABLED" if paused else "ENABLED"}
        # an update replaces the whole schedule
        arguments = {key: schedule[key] for key in _CHANGEABLE if key in schedule} | state
        arguments |= {"Name": schedule["Name"], "GroupName": self._installation.schedule_group}
        with errors.reported(f"{'pause' if paused else 'resume'} the schedule {reference}"):
            self._client.update_schedule(**arguments)
        return _scheduled({**schedule, **state})

    def remove(self, reference: str) -> Schedule:
        """Delete a schedule; runs that it has started go on. Raises NotFoundError."""
        schedule = self._get(reference)
        with errors.reported(f"remove the schedule {reference}"):
            self._client.delete_schedule(Name=schedule["Name"], GroupName=self._installation.schedule_group)
        return _scheduled(schedule)

    def _get(self, reference: str) -> Mapping[str, Any]:
        """The schedule of this name, or of the scenario or row of this name."""
        schedule = self._find(name_of(reference))
        if schedule is None:
            known = [each.scenario for each in self.list()]
            close = close_matches(reference, known)
            hint = f"did you mean {' or '.join(close)}?" if close else "`awsit schedule list` shows what there is"
            raise NotFoundError(f"there is no schedule of {reference!r}", hint=hint)
        return schedule

    def _find(self, name: str) -> Mapping[str, Any] | None:
        group = self._installation.schedule_group
        with errors.reported(f"read the schedule {name}"):
            try:
                answer: Mapping[str, Any] = self._client.get_schedule(Name=name, GroupName=group)
            except self._client.exceptions.ResourceNotFoundException:
                return None
        return answer


def name_of(scenario: str) -> str:
    """The name of the schedule of a scenario or row: its own, where EventBridge Scheduler takes that."""
    if _NAME.fullmatch(scenario):
        return scenario
    stem = re.sub(r"[^0-9A-Za-z_.]+", "-", scenario)[:_LONGEST_STEM].strip("-")
    return f"{stem}-{hashlib.sha256(scenario.encode()).hexdigest()[:8]}"


def _scheduled(schedule: Mapping[str, Any]) -> Schedule:
    return Schedule(
        schedule["Name"],
        schedule.get("Description") or schedule["Name"],
        schedule["ScheduleExpression"],
        schedule.get("ScheduleExpressionTimezone", "UTC"),
        schedule["State"] == "DISABLED",
    )
