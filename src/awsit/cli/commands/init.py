"""`awsit init`: a project to begin with."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from awsit.cli.lazy import ExampleCommand
from awsit.cli.session import Session

if TYPE_CHECKING:
    from awsit.cli.drafts.project import Written

EPILOG = """
awsit init
awsit init my-service-tests
"""


@click.command("init", cls=ExampleCommand, epilog=EPILOG)
@click.argument("folder", default=".", metavar="[FOLDER]", type=click.Path(file_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace files that exist.")
@click.pass_obj
def command(session: Session, /, folder: Path, force: bool) -> None:
    """Write a project: awsit.toml, a first scenario, a workflow for CI, and the schemas for your editor.

    The scenario passes on the sandbox as it is. Files that exist stay as they are.
    """
    from awsit.cli.drafts.project import write_project

    _show(session, folder, write_project(folder, force=force))
    if session.verbosity >= 0:
        _show_next(session, folder)


def _show(session: Session, folder: Path, results: Iterable[Written]) -> None:
    from awsit.reporting.terminal.terminal import plain, show

    for each in results:
        note = "wrote " if each.written else "kept  "
        show(session.out, f"{note} {plain(folder / each.path)}{'' if each.written else '  (it was there already)'}")


def _show_next(session: Session, folder: Path) -> None:
    from shlex import quote

    from awsit.reporting.terminal.terminal import show

    inside = [] if folder.resolve() == Path.cwd().resolve() else [f"cd {quote(str(folder))}"]
    show(session.out, "\nNext:")
    for line in [*inside, "awsit run first --sandbox", "awsit new scenario my_scenario", "awsit sandbox stop"]:
        show(session.out, f"  {line}")
