"""What names a run: its ID, or its execution's ARN; and the words with which a later command finds it."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from awsit.errors import UsageError
from awsit.patterns import lazy_pattern
from awsit.records import replace
from awsit.reporting.console_link import EXECUTION_ARN

if TYPE_CHECKING:
    from awsit.config import Settings
    from awsit.model.result import ErrorInfo, RunResult, StepResult

RUN_ID = lazy_pattern(r"run-[0-9A-HJKMNP-TV-Z]{26}")


COMMAND = lazy_pattern(r"`(awsit (?:cleanup|deploy|destroy|logs|plan|report|run|runs|status|stop)\b[^`]*)`")
"""A command of an installation, in a hint."""

_STATE_MACHINE_ARN = "--state-machine-arn"
"""What commands about a stack do not take."""


def check(reference: str) -> str:
    """The reference, if it is of a known form. Raises UsageError."""
    if RUN_ID.fullmatch(reference) or EXECUTION_ARN.fullmatch(reference):
        return reference
    if suite_of(reference):
        hint = "`awsit cleanup --all` removes what runs left behind, `awsit runs` names them"
        raise UsageError(f"{reference!r} is a suite, and this is about one run", hint=hint)
    kind = "the ARN of an execution" if reference.startswith("arn:") else "a run ID or an execution ARN"
    raise UsageError(
        f"{reference!r} is not {kind}",
        code="malformed_arn",
        hint="a run ID looks like run-01J9ZK3M4N5P6Q7R8S9T0V1W2X, "
        "an ARN like arn:aws:states:REGION:ACCOUNT:execution:STATE_MACHINE:NAME; `awsit run` prints both",
    )


def suite_of(reference: str) -> str:
    """The ID of the suite that a reference means, by itself or as the ARN of its execution; empty for anything else."""
    from awsit.model.run import SUITE_ID  # slow to import, and `awsit --help` needs none

    name = reference.rpartition(":")[2]
    return name if SUITE_ID.fullmatch(name) else ""


def region_of(arn: str) -> str:
    """The region that an ARN names; empty for anything else."""
    match arn.split(":"):
        case ["arn", _, _, region, *_]:
            return region
    return ""


def state_machine_of(reference: str) -> str:
    """The ARN of the state machine of runs, from that of an execution of it or of a suite; empty for an ID."""
    match = EXECUTION_ARN.fullmatch(reference)
    if not match:
        return ""
    machine = re.sub(r"-suite-flow$", "-test-flow", match["machine"])
    return f"arn:{match['partition']}:states:{match['region']}:{match['account']}:stateMachine:{machine}"


def name_later(settings: Settings, run_id: str, execution_arn: str) -> str:
    """How a later command names a run and finds its account: what came from flags must be given again."""
    if "state_machine_arn" in settings.given_by_flags and execution_arn:
        return " ".join([shlex.quote(execution_arn), *flags_of(settings, "stack", "region", "profile")])
    return " ".join([shlex.quote(run_id), *flags_of(settings)])


def flags_of(settings: Settings, *options: str) -> list[str]:
    """The flags that a later command needs for the same installation; of `options` only those, where some are given."""
    flags = settings.given_by_flags
    named = [name for name in options or ("stack", "state_machine_arn", "region", "profile") if name in flags]
    values = [f"--{name.replace('_', '-')} {shlex.quote(str(getattr(settings, name)))}" for name in named]
    return (["--sandbox"] if "sandbox" in flags else []) + values


def qualified(text: str, settings: Settings) -> str:
    """A text for people, in which each command in backquotes has the flags that the present command was given."""
    flags = flags_of(settings)

    def with_flags(command: re.Match[str]) -> str:
        unknown = _STATE_MACHINE_ARN if command[1].split()[1] in {"deploy", "destroy"} else ""
        missing = [flag for flag in flags if flag.split()[0] not in {unknown, *command[1].split()}]
        return f"`{' '.join([command[1], *missing])}`"

    return COMMAND.sub(with_flags, text)


def with_commands(settings: Settings, result: RunResult) -> RunResult:
    """The result of a run in an account, with the whole commands that its errors name and that its clean-up needs."""
    command = f"awsit cleanup {name_later(settings, result.run_id, result.execution_arn)}"
    left = tuple(replace(each, command=command) for each in result.cleanup.left_behind)
    cleanup = replace(result.cleanup, left_behind=left, steps=_qualified_steps(result.cleanup.steps, settings))
    error, steps = _qualified_error(result.error, settings), _qualified_steps(result.steps, settings)
    return replace(result, error=error, steps=steps, cleanup=cleanup)


def _qualified_steps(steps: tuple[StepResult, ...], settings: Settings) -> tuple[StepResult, ...]:
    return tuple(
        replace(step, error=_qualified_error(step.error, settings)) if step.error and step.error.hint else step
        for step in steps
    )


def _qualified_error(error: ErrorInfo | None, settings: Settings) -> ErrorInfo | None:
    return replace(error, hint=qualified(error.hint, settings)) if error else None
