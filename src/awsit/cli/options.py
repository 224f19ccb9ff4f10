"""Options and arguments that several commands take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from awsit.errors import UsageError
from awsit.model import json
from awsit.model.json import Json

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
as_json = click.option("--json", "as_json", is_flag=True, help="Write JSON to standard output, and nothing else.")
tag = click.option("--tag", "tags", multiple=True, metavar="TAG", help="Only scenarios with this tag; repeatable.")
exclude_tag = click.option(
    "--exclude-tag", "exclude_tags", multiple=True, metavar="TAG", help="No scenarios with this tag; repeatable."
)
yes = click.option("--yes", "-y", is_flag=True, help="Do not ask.")
reference = click.argument("reference", metavar="ARN|RUN_ID")


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
    return {name: _parsed(value) for name, value in pairs(values, "--var").items()}


def _parsed(text: str) -> Json:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
