"""Runs that this process leaves: they go on in the account without it, or were cut off before their clean-up."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

import click

from awsit.cli.references import name_later
from awsit.cli.selection.requested_run import WaitingRun
from awsit.cli.session import Session
from awsit.config import Settings
from awsit.errors import ExitCode, UsageError
from awsit.model import json
from awsit.model.run import Engine
from awsit.model.text.visible import visible


class DetachedRun(KeyboardInterrupt):
    """The person left a run: it goes on in the account, or, without an ARN, was cut off before its clean-up."""

    def __init__(self, run_id: str, execution_arn: str) -> None:
        super().__init__()
        self.run_id = run_id
        self.execution_arn = execution_arn


def _check_may_end(engine: Engine, runs: Sequence[WaitingRun]) -> None:
    if not engine.outlives_process:
        raise UsageError(
            "--no-wait needs Step Functions: a local run ends with this process",
            hint="add --stack, --state-machine-arn or --sandbox, or leave out --no-wait",
        )
    if any(waiting.suite_run for waiting in runs):
        raise UsageError(
            "--no-wait cannot clean up after the suite.yaml around the runs: this command does it after the last one",
            hint="leave out --no-wait, or have the account do all of it: --in-account",
        )
    for waiting in runs:
        if waiting.concurrency:
            raise UsageError(
                f"--no-wait cannot hold `{waiting.concurrency.key}` for {waiting.name}: this command keeps runs with "
                "one `concurrency` key apart, and would have ended",
                hint="leave out --no-wait",
            )


def start_all(
    session: Session, settings: Settings, engine: Engine, runs: Sequence[WaitingRun], *, as_json: bool
) -> ExitCode:
    """Start all runs and do not wait for their end. After an error, the runs that were started are shown all the same.

    Raises UsageError for an engine whose runs end with this process, and for runs that it is to keep apart.
    """
    _check_may_end(engine, runs)
    started = []
    try:
        for waiting in runs:
            run = engine.start(waiting.request)
            run_id, arn = run.run_id, run.execution_arn
            started.append({"scenario": waiting.name, "run_id": run_id, "execution_arn": arn})
            if not as_json:
                click.echo(f"{visible(waiting.name)}\n  run        {run_id}\n  execution  {arn}")
                session.say(f"  follow     awsit logs --follow {name_later(settings, run_id, arn)}")
    finally:
        if as_json:
            click.echo(json.dumps_visible(started[0] if len(started) == len(runs) == 1 else started, indent=2))
    if as_json:
        session.check_output()
    return ExitCode.PASSED


def say_what_was_cut_off(run_ids: Iterable[str]) -> None:
    """Say that runs of this process ended before their clean-up did, and what removes what they made."""
    lines = ["", "Interrupted before the clean-up was done. To do it now:"]
    click.echo("\n".join([*lines, *(f"  awsit cleanup {run_id}" for run_id in run_ids)]), err=True)


def say_how_to_go_on(settings: Settings, runs: Mapping[str, str], setups: Container[str] = ()) -> None:
    """Say that runs go on, and how to follow or stop each; of the `setups` among them, how to clean up after them.

    `runs` are execution ARNs by run ID; an ARN is empty where it is not known whether the execution was started.
    """
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
        if run_id in setups:
            lines.append(f"  clean up   awsit cleanup {named}, when the others have ended: it is the setup of a suite")
    click.echo("\n".join(lines), err=True)
