"""Options and arguments that several commands take."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from math import isnan
from typing import Any, TypeVar

import click

from awsit.errors import UsageError
from awsit.model import json
from awsit.model.json import Json
from awsit.scenario.limits import MAX_SCENARIO_SECONDS

F = TypeVar("F", bound=Callable[..., Any])

region = click.option("--region", metavar="REGION", help="AWS region.")
profile = click.option("--profile", metavar="NAME", help="AWS profile.")
stack = click.option("--stack", metavar="NAME", help="The awsit stack to use.")
state_machine_arn = click.option("--state-machine-arn", metavar="ARN", help="The state machine to use.")
sandbox = click.option("--sandbox", is_flag=True, default=None, help="Use the emulated AWS on this machine.")
enforce_policies = click.option(
    "--enforce-policies",
    is_flag=True,
    default=None,
    help="In the sandbox: deny what the policies of functions' roles do not allow, as an account does.",
)
compact = click.option(
    "--compact/--no-compact",
    default=None,
    help="In Step Functions: several steps in one call of the function; default: when there are several runs.",
)
as_json = click.option("--json", "as_json", is_flag=True, help="Write JSON to standard output, and nothing else.")
tag = click.option("--tag", "tags", multiple=True, metavar="TAG", help="Only scenarios with this tag; repeatable.")
exclude_tag = click.option(
    "--exclude-tag", "exclude_tags", multiple=True, metavar="TAG", help="No scenarios with this tag; repeatable."
)


class RunSeconds(click.FloatRange):
    """Seconds that a run may take: a number, which `nan` is not, within the limit of scenarios."""

    def __init__(self) -> None:
        super().__init__(min=1, max=MAX_SCENARIO_SECONDS)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The seconds that a text says."""
        seconds = super().convert(value, param, ctx)
        return self.fail(f"{value} is not a number.", param, ctx) if isnan(seconds) else seconds


timeout = click.option("--timeout", type=RunSeconds(), metavar="SECONDS", help="Instead of the scenario's own.")
yes = click.option("--yes", "-y", is_flag=True, help="Do not ask.")
reference = click.argument("reference", metavar="ARN|RUN_ID")
reference_or_newest = click.argument("reference", metavar="[ARN|RUN_ID]", required=False)

UNITS = {"m": "minutes", "h": "hours", "d": "days"}
LONGEST = timedelta(days=455)
"""CloudWatch keeps metrics for 15 months (CloudWatch user guide, "Metrics retention")."""


LONGEST_SEED = 100
"""Characters: each iteration of a load carries it, and people copy it from a line of the terminal."""


class Seed(click.ParamType[str]):
    """What fake data are drawn from: a text on one line. That of an iteration has its number too."""

    name = "text"

    def __init__(self, longest: int = LONGEST_SEED) -> None:
        self._longest = longest

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text itself."""
        text = str(value)
        if len(text) > self._longest or not text.isprintable():
            self.fail(f"a seed has at most {self._longest} characters that can be printed on one line", param, ctx)
        return text


class TimeSpan(click.ParamType[timedelta]):
    """A time such as `90m`, `24h` or `7d`."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """The time that a text says."""
        if isinstance(value, timedelta):
            return value
        match = re.fullmatch(r"(\d{1,6})([mhd])", value)
        length = timedelta(**{UNITS[match[2]]: int(match[1])}) if match else timedelta()
        if not timedelta() < length <= LONGEST:
            self.fail(f"{value!r} is not a time such as 90m, 24h or 7d, up to {LONGEST.days}d", param, ctx)
        return length


last = click.option(
    "--last", type=TimeSpan(), default="24h", show_default=True, metavar="TIME", help="Since when: 90m, 24h, 7d."
)


def tags(command: F) -> F:
    """Add `--tag` and `--exclude-tag` to a command."""
    return tag(exclude_tag(command))


def connection(command: F) -> F:
    """Add the options that choose an AWS: `--region`, `--profile`, `--sandbox`."""
    return region(profile(sandbox(command)))


def installation(command: F) -> F:
    """Add the options that choose an installation: those of `connection`, `--stack` and `--state-machine-arn`."""
    return state_machine_arn(stack(connection(command)))


def pairs(values: tuple[str, ...], option: str) -> dict[str, str]:
    """The values of an option that is given as `name=value`, by name. Raises UsageError."""
    by_name: dict[str, str] = {}
    for text in values:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise UsageError(
                f"{option} {text!r} is not of the form name=value", hint=f"for example {option} name=value"
            )
        by_name[name.strip()] = value
    return by_name


def variables(values: tuple[str, ...]) -> dict[str, Json]:
    """The values of `--var`, by name: JSON where the text is JSON, else the text itself. Raises UsageError."""
    return {name: json_or_text(value) for name, value in pairs(values, "--var").items()}


def json_or_text(text: str) -> Json:
    """The value of a text that is JSON, else the text itself."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
