"""A deployment or a removal, while it goes on. Here because only `cli` may know both AWS's events and the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import nullcontext

from awsit.aws.deployment.model import (
    BucketEmptied,
    BucketKept,
    Deployed,
    DeployEvent,
    Destroyed,
    DestroyEvent,
    Packaged,
    ResourceProgress,
    StackNote,
    StackWarning,
)
from awsit.model.result import Status
from awsit.model.text.counts import count
from awsit.reporting.terminal.steps import column
from awsit.reporting.terminal.terminal import Console, mark, plain, show
from awsit.reporting.terminal.text import Text
from awsit.reporting.terminal.values import fields

NAME_COLUMN, TYPE_COLUMN = 28, 32
QUIET, VERBOSE = -1, 1
KILOBYTE = 1024


def show_deployment(events: Iterable[DeployEvent | DestroyEvent], console: Console, verbosity: int = 0) -> None:
    """Show each event, and at the end the stack's outputs. Raises what `events` raises."""
    live = console.live if verbosity > QUIET else None
    with live.status("working ...") if live else nullcontext() as spinner:
        for event in events:
            if spinner and isinstance(event, ResourceProgress):
                from awsit.reporting.terminal.styled import as_rich  # brings rich, which a spinner needs

                spinner.update(as_rich(Text(f"{plain(event.logical_id)}  {plain(event.status)}", style="dim")))
            line = event_line(event, console, verbose=verbosity >= VERBOSE)
            if line and verbosity > QUIET:
                show(console, line)
            if isinstance(event, Deployed):
                _show_outputs(event.outputs, console)


def event_line(event: DeployEvent | DestroyEvent, console: Console, *, verbose: bool) -> Text | None:
    """One event as a line; None for what is not worth one."""
    match event:
        case ResourceProgress():
            return _resource(event, console, verbose=verbose)
        case Packaged():
            return _packaged(event)
        case StackNote() | StackWarning() | BucketKept() | Destroyed():
            return Text(plain(_sentence(event)))
        case BucketEmptied():
            return Text(f"  {plain(event.bucket)}: removed {count(event.objects, 'object')}", style="dim")
        case _:
            return None


def _sentence(event: StackNote | StackWarning | BucketKept | Destroyed) -> str:
    if isinstance(event, BucketKept):
        stays = f"The bucket {event.bucket} with the packages of this region's stacks stays. It is removed by:"
        return f"{stays}\n  {event.command}"
    if isinstance(event, Destroyed):
        return f"{event.stack_name}: {'it is gone' if event.existed else 'there is no such stack'}"
    return f"{event.stack_name}: {event.text}"


def _packaged(event: Packaged) -> Text:
    done = "uploaded" if event.uploaded else "unchanged"
    size = max(1, event.size // KILOBYTE)
    return Text(f"    {column(event.resource, NAME_COLUMN)} {done}, {size} KiB", style="dim")


def _resource(event: ResourceProgress, console: Console, *, verbose: bool) -> Text | None:
    status = _status(event.status)
    if status is Status.RUNNING and not verbose:
        return None
    line = Text("  ")
    line.append_text(mark(status, console))
    line.append(f" {column(event.logical_id, NAME_COLUMN)}")
    line.append(f" {column(event.type, TYPE_COLUMN)}", style="dim")
    line.append(f" {event.status.replace('_', ' ').lower()}", style="dim" if status is Status.RUNNING else "")
    if event.reason and status is Status.FAILED:
        line.append(f"\n      {plain(event.reason)}", style="red")
    return line


def _status(status: str) -> Status:
    if status.endswith("_FAILED") or "ROLLBACK" in status:
        return Status.FAILED
    return Status.PASSED if status.endswith("_COMPLETE") else Status.RUNNING


def _show_outputs(outputs: Mapping[str, str], console: Console) -> None:
    if outputs:
        show(console)
        show(console, "Outputs", style="bold")
        show(console, fields(((name, [plain(value)]) for name, value in sorted(outputs.items())), 2))
