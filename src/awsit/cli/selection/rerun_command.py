"""The command that asks for a run again."""

from __future__ import annotations

import shlex
from collections.abc import Container, Iterator, Mapping
from typing import TYPE_CHECKING

from awsit.model import json
from awsit.model.json import Json

if TYPE_CHECKING:
    from awsit.config import Settings

GIVEN_AGAIN = ("engine", "stack", "state_machine_arn", "region", "profile")


def words_for(
    scenario: str,
    variables: Mapping[str, Json],
    secret: Container[str] = (),
    timeout: float | None = None,
    seed: str = "",
) -> tuple[str, ...]:
    """The shell words that ask for a scenario; for a `secret` variable, the shell's variable of the same name."""
    words = [shlex.quote(scenario)]
    for name, value in variables.items():
        text = value if isinstance(value, str) and not _is_json(value) else json.dumps(value)
        quoted = f'"${name}"' if name in secret else shlex.quote(text)
        words += ["--var", f"{name}={quoted}"]
    words += ["--timeout", f"{timeout:g}"] if timeout is not None else []
    return (*words, *(("--seed", shlex.quote(seed)) if seed else ()))


def command(words: tuple[str, ...], settings: Settings) -> str:
    """The whole command, with the flags that chose engine and account; empty without words."""
    return " ".join(("awsit", "run", *words, *_flags(settings))) if words else ""


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _flags(settings: Settings) -> Iterator[str]:
    if "sandbox" in settings.given_by_flags:
        yield "--sandbox"
    for name in GIVEN_AGAIN:
        if name in settings.given_by_flags:
            yield f"--{name.replace('_', '-')} {shlex.quote(str(getattr(settings, name)))}"
