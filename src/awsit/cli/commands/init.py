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
awsit init --package wheels/awsit-1.0-py3-none-any.whl
"""
NEXT = (
    "awsit run first --sandbox         # on an emulated AWS, which it starts",
    "awsit new scenario my_scenario    # a scenario of your own",
    "awsit sandbox stop                # when you are done",
)
UNKNOWN_PACKAGE = """CI does not know where to get awsit: this one comes from a folder that only this machine has.
Say it with awsit init --package SOURCE, or in the variable AWSIT_PACKAGE of the repository on GitHub."""


@click.command("init", cls=ExampleCommand, epilog=EPILOG)
@click.argument("folder", default=".", metavar="[FOLDER]", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--package",
    metavar="SOURCE",
    help="Where CI gets awsit: a wheel or a folder in FOLDER, a URL such as git+https://..., or a name on an index. "
    "Default: where this one comes from.",
)
@click.option("--force", is_flag=True, help="Replace files that exist.")
@click.pass_obj
def command(session: Session, /, folder: Path, package: str | None, force: bool) -> None:
    """Write a project: awsit.toml, a first scenario, a workflow for CI, and the schemas for your editor.

    The scenario passes on the sandbox as it is. Files that exist stay as they are; of a workflow, --package changes
    what it installs.
    """
    from awsit.cli.drafts.package_source import installed_from, requirement
    from awsit.cli.drafts.project import WORKFLOW, change_package, write_project

    wanted = requirement(package, folder) if package else ""
    known = wanted or installed_from(folder)
    results = list(write_project(folder, package=known, force=force))
    is_new = any(each.written for each in results if each.path == WORKFLOW)
    is_changed = False
    try:
        is_changed = not is_new and bool(wanted) and change_package(folder, wanted)
    finally:
        _show(session, folder, results, changed=WORKFLOW if is_changed else None)
    if session.verbosity >= 0:
        _show_next(session, folder)
    if is_new or is_changed:
        _show_package(session, known)
        _show_repository(session, folder.resolve())


def _show(session: Session, folder: Path, results: Iterable[Written], changed: Path | None) -> None:
    """Show what became of each file; of the one that is `changed`, what CI installs is told below."""
    from awsit.reporting.terminal.terminal import plain, show

    for each in results:
        is_kept = not each.written and each.path != changed
        note = "wrote " if each.written else "kept  " if is_kept else "changed"
        show(session.out, f"{note} {plain(folder / each.path)}{'  (it was there already)' if is_kept else ''}")


def _show_package(session: Session, package: str) -> None:
    """Say what CI installs, for nobody has asked for it."""
    from awsit.reporting.terminal.terminal import plain, show

    show(session.out, f"\nCI installs {plain(package)}" if package else f"\n{UNKNOWN_PACKAGE}")


def _show_repository(session: Session, folder: Path) -> None:
    """Say where the workflow has to stand, when the project is not the whole repository."""
    from awsit.reporting.terminal.terminal import plain, show

    top = next((parent for parent in folder.parents if (parent / ".git").exists()), None)
    if top and not (folder / ".git").exists():
        inside = plain(folder.relative_to(top).as_posix())
        show(
            session.out, f"GitHub reads workflows at the top of a repository: move it to {plain(top / '.github')}, with"
        )
        show(
            session.out,
            f"defaults: {{run: {{working-directory: {inside}}}}}, and with {inside}/ before the paths to upload.",
        )


def _show_next(session: Session, folder: Path) -> None:
    from shlex import quote

    from awsit.reporting.terminal.terminal import show

    inside = [] if folder.resolve() == Path.cwd().resolve() else [f"cd {quote(str(folder))}"]
    show(session.out, "\nNext:")
    for line in [*inside, *NEXT]:
        show(session.out, f"  {line}")
