"""A run as it was asked for, and how to ask for it again."""

from __future__ import annotations

import shlex
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from awsit.model import json
from awsit.model.json import Json

if TYPE_CHECKING:
    from awsit.config import Settings
    from awsit.scenario.reading.source import Source

GIVEN_AGAIN = ("engine", "stack", "state_machine_arn", "region", "profile")


@dataclass(frozen=True, slots=True)
class RerunCommand:
    """`words` are what follows `awsit run`, as shell words; none where a scenario cannot be named again."""

    source: Source | None = None
    words: tuple[str, ...] = ()


def words_for(
    scenario: str, variables: Mapping[str, Json], secret: Container[str] = (), timeout: float | None = None
) -> tuple[str, ...]:
    """The words that ask for a scenario; those of the `variables` that are `secret` are left to the shell's."""
    words = [shlex.quote(scenario)]
    for name, value in variables.items():
        text = value if isinstance(value, str) and not _is_json(value) else json.dumps(value)
        given = f'"${name}"' if name in secret else shlex.quote(text)
        words += ["--var", f"{name}={given}"]
    return (*words, *(("--timeout", f"{timeout:g}") if timeout is not None else ()))


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def command(words: tuple[str, ...], settings: Settings) -> str:
    """The command, with what flags said of engine and account; empty without words."""
    return " ".join(("awsit", "run", *words, *_flags(settings))) if words else ""


def _flags(settings: Settings) -> Iterator[str]:
    if "sandbox" in settings.given_by_flags:
        yield "--sandbox"
    for name in GIVEN_AGAIN:
        if name in settings.given_by_flags:
            yield f"--{name.replace('_', '-')} {shlex.quote(str(getattr(settings, name)))}"
