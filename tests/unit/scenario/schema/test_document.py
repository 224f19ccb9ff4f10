"""The times of a schedule."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from awsit.scenario.schema.document import ScheduleSpec


@pytest.mark.parametrize(
    ("times", "expression"),
    [
        ({"rate": "1 hour"}, "rate(1 hour)"),
        ({"rate": "1 hours"}, "rate(1 hour)"),
        ({"rate": "15 minute"}, "rate(15 minutes)"),
        ({"cron": "0  8 ? * MON-FRI *"}, "cron(0 8 ? * MON-FRI *)"),
        ({"cron": "*/5 0/2 L * ? 2026-2030"}, "cron(*/5 0/2 L * ? 2026-2030)"),
        ({"cron": "0 9 ? * 6#3 *", "timezone": "Asia/Kolkata"}, "cron(0 9 ? * 6#3 *)"),
    ],
)
def test_times_are_written_as_the_service_reads_them(times: dict[str, str], expression: str) -> None:
    assert ScheduleSpec(**times).expression == expression


def test_a_time_alone_says_how_it_is_written() -> None:
    with pytest.raises(ValidationError) as raised:
        ScheduleSpec.model_validate("5 minutes")
    (error,) = raised.value.errors()
    assert (error["msg"], error["ctx"]["hint"]) == (
        'must be a mapping, not "5 minutes"',
        "for example `{rate: 30 minutes}`",
    )


@pytest.mark.parametrize(
    "times",
    [
        {},
        {"rate": "1 hour", "cron": "0 8 * * ? *"},
        {"rate": "0 minutes"},
        {"rate": "1 second"},
        {"rate": "1.5 hours"},
        {"cron": "0 8 * * *"},
        {"cron": "0 8 * * * *"},
        {"cron": "0 8 ? * ? *"},
        {"cron": "0 8 * * ? *) rate(1 minute"},
        {"cron": "0 8 * * ? *", "timezone": "Europe/Atlantis"},
        {"cron": "0 8 * * ? *", "timezone": "../../etc/passwd"},
    ],
)
def test_other_times_are_refused(times: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        ScheduleSpec(**times)
