"""Runs that go on in the account without this process: started and left, or not watched any more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import click

from awsit.cli.session import Session
from awsit.config import LOCAL, Settings
from awsit.errors import ExitCode, UsageError
from awsit.model import json
from awsit.model.result import RunResult
from awsit.model.run import RunRequest


class DetachedRun(KeyboardInterrupt):
    """The person stopped watching a run that goes on in the account."""

    def __init__(self, run_id: str, execution_arn: str) -> None:
        super().__init__()
        self.run_id = run_id
        self.execution_arn = execution_arn


def start_all(session: Session, settings: Settings, requests: Sequence[RunRequest], *, as_json: bool) -> ExitCode:
    """Start all and do not wait. Raises UsageError for the local engine; what was started until an error is told."""
    if settings.engine == LOCAL:
        raise UsageError(
            "--no-wait needs Step Functions: a local run ends with this process",
            hint="add --stack, --state-machine-arn or --sandbox, or leave out --no-wait",
        )
    engine = session.wiring.remote_engine(settings)
    started = []
    try:
        for request in requests:
            run = engine.start(request)
            run_id, arn = run.run_id, run.execution_arn
            started.append({"scenario": request.name, "run_id": run_id, "execution_arn": arn})
            if not as_json:
                click.echo(f"{request.name}\n  run        {run_id}\n  execution  {arn}")
                session.say(f"  follow     awsit logs --follow {name_later(settings, run_id, arn)}")
    finally:
        if as_json:
            click.echo(json.dumps(started[0] if len(started) == len(requests) == 1 else started, indent=2))
    return ExitCode.PASSED


def tell_how_to_go_on(settings: Settings, runs: Mapping[str, str]) -> None:
    """Say that runs go on, and how to follow or stop each; executions by run ID, empty for one that may not exist."""
    said = "The run goes on" if len(runs) == 1 else f"{len(runs)} runs go on"
    lines = ["", f"Stopped watching. {said} in Step Functions."]
    for run_id, arn in runs.items():
        named = name_later(settings, run_id, arn)
        lines += [
            f"  follow     awsit logs --follow {named}",
            f"  look       awsit status {named}",
            f"  stop       awsit stop {named}",
            f"  execution  {arn or 'perhaps; its start was not answered yet'}",
        ]
    click.echo("\n".join(lines), err=True)


def name_later(settings: Settings, run_id: str, execution_arn: str) -> str:
    """How a later command names a run and finds its account: what came from flags must be given again."""
    given = {name for name, origin in settings.origins.items() if origin.startswith("--")}
    by_arn = "state_machine_arn" in given and execution_arn
    words = [execution_arn if by_arn else run_id]
    words += ["--sandbox"] if "sandbox" in given else []
    options = ("stack", "region", "profile") if by_arn else ("stack", "state_machine_arn", "region", "profile")
    words += [f"--{name.replace('_', '-')} {getattr(settings, name)}" for name in options if name in given]
    return " ".join(words)


def with_commands(settings: Settings, result: RunResult) -> RunResult:
    """The result, with commands that find what a run in an account left behind; a journal knows where its run was."""
    if result.engine == LOCAL:
        return result
    command = f"awsit cleanup {name_later(settings, result.run_id, result.execution_arn)}"
    left = tuple(replace(each, command=command) for each in result.cleanup.left_behind)
    return replace(result, cleanup=replace(result.cleanup, left_behind=left))
