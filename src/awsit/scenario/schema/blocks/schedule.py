"""`schedule`: when the account runs a scenario by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field, model_validator

from awsit.scenario.schema.fields import Cron, Rate, TimeZone
from awsit.scenario.schema.spec import Spec
from awsit.validation.errors import refusal
from awsit.validation.sentences import shown


class ScheduleSpec(Spec):
    """When the account runs a scenario by itself, as `awsit schedule deploy` tells it: `rate` or `cron`.

    Source: EventBridge Scheduler User Guide, "Schedule types in EventBridge Scheduler".
    """

    rate: Rate | None = Field(default=None, description="Again and again after this time, such as `30 minutes`.")
    cron: Cron | None = Field(
        default=None,
        description="Minutes, hours, day of the month, month, day of the week, year: `0 8 ? * MON-FRI *`.",
    )
    timezone: TimeZone = Field(default="UTC", description="The time zone of `cron`, such as `Europe/Berlin`.")

    @model_validator(mode="before")
    @classmethod
    def _is_mapping(cls, value: Any) -> Any:
        if not isinstance(value, Mapping):
            raise refusal(f"must be a mapping, not {shown(value)}", "for example `{rate: 30 minutes}`")
        return value

    @model_validator(mode="after")
    def _one_of_both(self) -> ScheduleSpec:
        if (self.rate is None) == (self.cron is None):
            raise refusal("must have either `rate` or `cron`", "for example `{rate: 30 minutes}`")
        return self

    @property
    def expression(self) -> str:
        """As EventBridge Scheduler reads it: `rate(30 minutes)`, `cron(0 8 ? * MON-FRI *)`."""
        if self.cron is not None:
            return f"cron({' '.join(self.cron.split())})"
        number, unit = str(self.rate).removesuffix("s").split()
        return f"rate({number} {unit}{'' if number == '1' else 's'})"
