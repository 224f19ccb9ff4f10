"""`wait`: do nothing for a while."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from pydantic import Field, model_validator

from awsit.actions.params import DAY_SECONDS, IsoTime, Number, Params
from awsit.errors import ActionError, ErrorKind
from awsit.expressions.values import as_text, is_number
from awsit.model.action.abilities import Resumptions
from awsit.model.action.call import ActionContext, ActionResult
from awsit.model.action.protocol import PlannedParams, Summary
from awsit.model.json import Json, exact
from awsit.model.permissions import AwsLocation, RequiredPermissions


class WaitParams(Params):
    """Params of `wait`: one of the two."""

    seconds: Number | None = Field(default=None, ge=0, le=DAY_SECONDS, description="Seconds to wait, at most a day.")
    until_time: IsoTime | None = Field(
        default=None,
        description="ISO 8601 time, with its zone, to wait for; at most a day ahead. A time in the past does not wait.",
        examples=["2030-01-31T12:00:00Z"],
    )

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.seconds is None) == (self.until_time is None):
            raise ValueError("exactly one of `seconds` and `until_time` must be given")
        return self


class WaitAction:
    """Wait without holding a function or a thread: the engine calls again when the time has passed."""

    type = "wait"
    params_model = WaitParams
    resource_kind = ""
    not_found_means_gone = True

    def execute(self, params: WaitParams, context_data: ActionContext) -> ActionResult:
        """At the first call ask for another one after the wait; at the second call the wait is over.

        Result: `{waited_seconds}`, null for `until_time`, whose start the second call does not know.
        Raises ActionError of kind validation when the time is more than a day ahead.
        """
        if context_data.attempt > 1:
            return ActionResult({"waited_seconds": exact(params.seconds)})
        seconds = _remaining(params, context_data)
        if seconds <= 0:
            return ActionResult({"waited_seconds": 0})
        return ActionResult({"waited_seconds": 0}, resume_after_seconds=seconds)

    def is_safe_to_repeat(self, _params: WaitParams) -> bool:
        """Always: waiting changes nothing."""
        return True

    def only_reads(self, _params: WaitParams) -> bool:
        """Always: waiting changes nothing."""
        return True

    def permissions(self, _params: PlannedParams, _location: AwsLocation) -> RequiredPermissions:
        """None: waiting calls nothing."""
        return RequiredPermissions()

    def summary(self, params: PlannedParams) -> Summary:
        """How long, or until when."""
        seconds = params.get("seconds")
        return Summary(f"until {as_text(params.get('until_time'))}" if seconds is None else f"{as_text(seconds)} s")

    def resumptions(self, params: PlannedParams) -> Resumptions:
        """One more call when the time has passed, which is not known before the run for `until_time` and templates."""
        return Resumptions(1, _known(params.get("seconds")))


ACTION = WaitAction()


def _known(seconds: Json) -> float | None:
    return float(seconds) if is_number(seconds) else None


def _remaining(params: WaitParams, context_data: ActionContext) -> float:
    if params.until_time is None:
        return params.seconds or 0.0
    seconds = (datetime.fromisoformat(params.until_time) - context_data.clock.wall()).total_seconds()
    if seconds > DAY_SECONDS:
        raise ActionError(
            f"wait: {params.until_time} is more than a day ahead",
            kind=ErrorKind.VALIDATION,
            hint="a run waits at most a day; start the scenario later, by a schedule",
        )
    return seconds
