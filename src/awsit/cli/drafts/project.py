"""A project to begin with: its files, and which of them may be written."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from msgspec import Struct

from awsit.cli.logs.logfile import keep_out_of_git
from awsit.cli.schemas import schema_file, schema_text
from awsit.config import FILE_NAME
from awsit.errors import UsageError
from awsit.model import json
from awsit.system.files import make_own, write_own, write_whole

STATE_FOLDER = ".awsit"
SCENARIO = Path("scenarios", "first.yaml")
WORKFLOW = Path(".github", "workflows", "e2e.yml")
PACKAGE = re.compile(r"^(  AWSIT_PACKAGE: ).*$", re.MULTILINE)
PACKAGE_OF_THE_REPOSITORY = "${{ vars.AWSIT_PACKAGE }}"
"""Where the workflow takes what pip installs from, when `awsit init` does not know it."""
GITIGNORE = Path(".gitignore")


class Written(Struct, frozen=True):
    """What became of one file. `written` is false for one that was there already and stays as it is."""

    path: Path
    written: bool = True


def shipped(name: str) -> str:
    """The text of a file that comes with awsit."""
    return (files("awsit.cli.drafts") / "files" / name).read_text(encoding="utf-8")


def write_project(folder: Path, *, package: str = "", force: bool = False) -> Iterator[Written]:
    """Write a project into a folder, which is made where it is missing; files that exist stay, unless `force` is set.

    `package` is the argument of `pip install` for CI, if it is known. Paths are below `folder`. Schemas are written
    anew each time: they are awsit's own. Raises OSError.
    """
    state = folder / STATE_FOLDER
    configuration = f"#:schema {STATE_FOLDER}/config.schema.json\n" + shipped("awsit.toml")
    first = editor_line(folder / SCENARIO, state) + shipped("first.yaml")
    workflow = with_package(shipped("e2e.yml"), package)
    texts = {Path(FILE_NAME): configuration, SCENARIO: first, WORKFLOW: workflow}
    for path, text in texts.items():
        written = force or not (folder / path).exists()
        if written:
            write(folder / path, text)
        yield Written(path, written)
    yield Written(GITIGNORE, _ignore(folder / GITIGNORE))
    for name in ("scenario", "library", "suite", "config"):
        yield Written(write_schema(state, name).relative_to(folder))


def with_package(workflow: str, package: str) -> str:
    """The workflow's text, with what pip installs there."""
    value = json.dumps(package) if package else PACKAGE_OF_THE_REPOSITORY
    return PACKAGE.sub(lambda line: line[1] + value, workflow)


def change_package(folder: Path, package: str) -> bool:
    """Change what pip installs in a workflow that is there already; False when it says so already.

    Raises UsageError when it has no line for it.
    """
    path = folder / WORKFLOW
    before = path.read_text(encoding="utf-8")
    if not PACKAGE.search(before):
        hint = "write the line, or --force to have awsit's own workflow in its place"
        raise UsageError(f"--package: {path} has no line `AWSIT_PACKAGE: ...`, and stays as it is", hint=hint)
    after = with_package(before, package)
    if after != before:
        write(path, after)
    return after != before


def write_schema(state_folder: Path, name: str) -> Path:
    """Write a schema into the project's state folder, for its editor, and return where."""
    path = schema_file(state_folder, name)
    make_own(path.parent)
    write_own(path, schema_text(name))
    keep_out_of_git(state_folder)
    return path


def editor_line(file: Path, state_folder: Path, kind: str = "scenario") -> str:
    """The first line of a file, by which editors find the schema of its kind."""
    path = os.path.relpath(schema_file(state_folder, kind), file.parent)
    return f"# yaml-language-server: $schema={Path(path).as_posix()}\n"


def write(path: Path, text: str) -> None:
    """Write a file, and the folders that it is in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text)


def _ignore(path: Path) -> bool:
    """Let git pass over the state folder; an entry is added to a file that exists."""
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    if STATE_FOLDER in {line.strip().strip("/") for line in before.splitlines()}:
        return False
    gap = "" if not before or before.endswith("\n") else "\n"
    write(path, f"{before}{gap}{STATE_FOLDER}/\n")
    return True
