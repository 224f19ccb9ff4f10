"""The stacks of one's own that were deployed to a project's sandbox, which a new sandbox does not have."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from msgspec import Struct, field

from awsit.cli.past_runs import state_files
from awsit.cli.past_runs.state_files import ForeignFileError
from awsit.cli.path_names import shown
from awsit.config import Settings
from awsit.model.codec import decode, encode
from awsit.records import replace

FILE = state_files.SANDBOX_STACKS


class DeployedStack(Struct, frozen=True):
    """How a stack was deployed. Values of parameters are left out: some are secret."""

    template: str
    parameters: tuple[str, ...] = ()
    allow_unsupported: bool = False


class DeployedStacks(Struct, frozen=True):
    """The stacks by their names, as the file has them."""

    stacks: dict[str, DeployedStack] = field(default_factory=dict)
    version: str = "awsit.sandbox-stacks/1"


def remember(settings: Settings, template: Path, parameters: Iterable[str], *, allow_unsupported: bool) -> None:
    """Write down a stack that was deployed. If it cannot be written, only the reminder suffers: nothing is raised."""
    stack = DeployedStack(str(template.absolute()), tuple(parameters), allow_unsupported)
    known = _own(settings)
    _write(settings, replace(known, stacks={**known.stacks, settings.stack_name: stack}))


def forget(settings: Settings) -> None:
    """Leave out a stack that was removed."""
    known = _own(settings)
    if settings.stack_name in known.stacks:
        others = {name: stack for name, stack in known.stacks.items() if name != settings.stack_name}
        _write(settings, replace(known, stacks=others))


def deploy_commands(settings: Settings) -> list[str]:
    """The commands that deploy the stacks again; none for awsit's own, those of `awsit.toml`, and lost templates.

    Raises ForeignFileError when another user wrote the file.
    """
    deployed_anyway = {settings.stack_name, *(each.stack for each in settings.sandbox_templates)}
    return [
        _command(name, stack)
        for name, stack in _read(settings).stacks.items()
        if name not in deployed_anyway and Path(stack.template).is_file()
    ]


def _command(name: str, stack: DeployedStack) -> str:
    parameters = [word for parameter in stack.parameters for word in ("--parameter", f"{parameter}=...")]
    unsupported = ["--allow-unsupported"] if stack.allow_unsupported else []
    words = ["--sandbox", "--stack", name, "--template", shown(Path(stack.template)), *parameters, *unsupported]
    return f"awsit deploy {shlex.join(words)}"


def _own(settings: Settings) -> DeployedStacks:
    try:
        return _read(settings)
    except ForeignFileError:
        return DeployedStacks()


def _read(settings: Settings) -> DeployedStacks:
    """The stacks; none when nothing can be read. Raises ForeignFileError."""
    try:
        return decode(DeployedStacks, state_files.read(settings, FILE))
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return DeployedStacks()


def _write(settings: Settings, stacks: DeployedStacks) -> None:
    with suppress(OSError):
        state_files.keep(settings, FILE, encode(stacks))
