"""`awsit list-scenarios`: what there is to run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from awsit.cli.lazy import ExampleCommand
from awsit.cli.options import as_json, installation, tags
from awsit.cli.session import Session
from awsit.config import Settings
from awsit.errors import InvalidInputError
from awsit.model.json import Json

if TYPE_CHECKING:
    from awsit.cli.selection.paths import InputFile

EPILOG = """
awsit list-scenarios
awsit list-scenarios --tag smoke --stack awsit
awsit list-scenarios --json
"""


class Listed(Struct, frozen=True):
    """One scenario of the list. `found_in` is a file, or the stack's bucket."""

    name: str
    description: str
    tags: tuple[str, ...]
    actions: tuple[str, ...]
    found_in: str


@click.command("list-scenarios", cls=ExampleCommand, epilog=EPILOG)
@tags
@installation
@as_json
@click.pass_obj
def command(
    session: Session, /, tags: tuple[str, ...], exclude_tags: tuple[str, ...], as_json: bool, **flags: str | bool | None
) -> None:
    """List the scenarios of the project's folders, and those in the stack's bucket when a stack is given.

    The project's folders are those of `scenarios` in awsit.toml; without it, ./scenarios and the files in this one.
    """
    from functools import partial

    from awsit.cli.selection.folders import Folders, project_files
    from awsit.cli.selection.paths import read_file
    from awsit.cli.selection.selected import raise_together
    from awsit.cli.selection.tags import Tags
    from awsit.model import json
    from awsit.model.codec import encode

    settings = session.settings(**flags)
    folders = Folders(session, settings, partial(read_file, session))
    files = list(project_files(settings, folders))
    wanted = Tags(tags, exclude_tags)
    listed = [item for item in _all(session, settings, files) if wanted.admit(item.tags)]
    if as_json:
        click.echo(json.dumps_visible([encode(item) for item in listed], indent=2))
    elif listed:
        _show(session, listed)
    else:
        words = f"is no scenario that {wanted}" if tags or exclude_tags else "are no scenarios"
        session.say(f"There {words}. Looked in: {_places(settings)}")
    folders.tell()
    raise_together([file.content for file in files if isinstance(file.content, InvalidInputError)])


def _all(session: Session, settings: Settings, files: Iterable[InputFile]) -> Iterator[Listed]:
    from awsit.cli.selection.folders import scenarios_among

    for source in scenarios_among(iter(files)):
        yield _listed(source.document, source.file)
    if settings.stack or settings.state_machine_arn or settings.sandbox:
        for stored in session.wiring.scenario_store(settings).list():
            place = f"s3: {stored.key}"
            yield Listed(stored.name, stored.description, stored.tags, stored.actions, place)


def _listed(document: Json, file: str) -> Listed:
    metadata = document.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, dict) else ()
    actions = document.get("actions")
    return Listed(
        name=str(document.get("name", "")),
        description=str(document.get("description") or ""),
        tags=tuple(str(tag) for tag in tags) if isinstance(tags, list) else (),
        actions=tuple(_names(actions)) if isinstance(actions, list) else (),
        found_in=file,
    )


def _names(actions: Iterable[Json]) -> Iterator[str]:
    for action in actions:
        if isinstance(action, dict):
            yield str(action.get("name") or action.get("type") or action.get("use") or "")


def _places(settings: Settings) -> str:
    from awsit.cli.path_names import shown

    return ", ".join(shown(folder) for folder in settings.scenarios)


def _show(session: Session, listed: list[Listed]) -> None:
    from awsit.model.text.counts import count
    from awsit.reporting.terminal.terminal import plain, show
    from awsit.reporting.terminal.text import Text
    from awsit.reporting.terminal.values import fields, prose

    width = session.out.width
    room = width - 13
    for number, item in enumerate(listed):
        if number:
            show(session.out)
        show(session.out, Text(plain(item.name), style="bold"))
        rows = [
            ("", prose(item.description, width - 2)),
            ("tags", prose(", ".join(item.tags), room)),
            ("actions", prose(", ".join(item.actions), room)),
            ("found in", [plain(item.found_in)]),
        ]
        shown = [(name, lines) for name, lines in rows if lines and any(lines)]
        description = [line for name, lines in shown if not name for line in lines]
        for line in description:
            show(session.out, f"  {line}")
        show(session.out, fields([row for row in shown if row[0]], 2))
    session.say(f"\n{count(len(listed), 'scenario')}")
