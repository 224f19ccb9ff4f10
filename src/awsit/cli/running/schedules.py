"""From selected scenarios to what a schedule starts: which runs, when, and with which input of the state machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from awsit.cli.running.planning import refuse_in_account
from awsit.cli.selection.run_requests import RunOptions, check, requested_runs
from awsit.cli.selection.selected import SelectedScenario
from awsit.cli.session import Session
from awsit.errors import InvalidInputError, UsageError
from awsit.model.json import Json
from awsit.model.text.counts import none_of

if TYPE_CHECKING:
    from awsit.aws.schedules import Timetable
    from awsit.config import Settings
    from awsit.model.run import RunRequest


class ScheduledScenario(Struct, frozen=True):
    """A scenario, when it is to run, and the input of the state machine for each of its runs, by the run's name."""

    scenario: SelectedScenario
    when: Timetable
    inputs: Mapping[str, Mapping[str, Json]]


def scheduled_scenarios(
    session: Session,
    settings: Settings,
    scenarios: Sequence[SelectedScenario],
    times: Mapping[str, str],
    variables: Mapping[str, Json],
) -> list[ScheduledScenario]:
    """Those of the scenarios that have a time: `times` (`rate`, `cron`, `timezone`), else their own `schedule`.

    Raises UsageError when none has, or a time is none, and InvalidInputError when a scenario is not valid, cannot run
    in the account, or needs a value that is secret: whoever may read schedules could read it.
    """
    timed = [each for each in scenarios if times or each.document.get("schedule")]
    if not timed:
        hint = "add `schedule: {rate: 1 hour}` to a scenario, or give --rate or --cron"
        raise UsageError(f"{none_of(len(scenarios), 'scenario')} says when it is to run", hint=hint)
    check(session, timed)
    options = RunOptions(variables, compact=False)
    return [_scheduled(session, settings, each, _timetable(each, times), options) for each in timed]


def _scheduled(
    session: Session, settings: Settings, scenario: SelectedScenario, when: Timetable, options: RunOptions
) -> ScheduledScenario:
    runs = requested_runs(session, settings, [scenario], options)
    refuse_in_account(session, settings, runs)
    return ScheduledScenario(scenario, when, {run.request.name: _input(scenario, run.request) for run in runs})


def _timetable(scenario: SelectedScenario, times: Mapping[str, str]) -> Timetable:
    from pydantic import ValidationError

    from awsit.aws.schedules import Timetable
    from awsit.scenario.schema.blocks.schedule import ScheduleSpec

    try:
        spec = ScheduleSpec.model_validate(times or scenario.document["schedule"])
    except ValidationError as error:  # of `times`: what is written in a scenario was checked
        first = error.errors()[0]
        option = f"--{first['loc'][0]}" if first["loc"] else "a schedule"
        raise UsageError(f"{option} {first['msg']}", hint=first.get("ctx", {}).get("hint", "")) from error
    return Timetable(spec.expression, spec.timezone)


def _input(scenario: SelectedScenario, request: RunRequest) -> Mapping[str, Json]:
    """What the state machine is started with: the pushed scenario, by its name, and what this run of it has."""
    from awsit.engine.secrets.variables import secrets_of

    secrets = secrets_of(request)
    if names := [*(f"vars.{name}" for name in secrets.variables), *(f"env.{name}" for name in secrets.env)]:
        raise InvalidInputError(
            f"{request.name} needs {', '.join(names)}, which may be secret: a schedule can be read by others",
            code="secret_in_schedule",
            hint="let the scenario read it when it runs: `{{ secret('name') }}`, `{{ parameter('/name') }}`",
        )
    return {
        "scenario": scenario.name,
        "label": request.name,
        "variables": dict(request.variables),
        "env": dict(request.env),
        "file": request.file,
        "compact": request.compact,
    }
