"""`awsit new`: a scenario or a `suite.yaml` to begin with."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from awsit.cli import completion
from awsit.cli.drafts.destination import Destination
from awsit.cli.lazy import ExampleCommand
from awsit.cli.session import Session
from awsit.errors import InvalidInputError, UsageError
from awsit.scenario.reading.kinds import SUITE_FILE, is_suite

if TYPE_CHECKING:
    from awsit.cli.drafts.draft import Draft
    from awsit.config import Settings

EPILOG = """
awsit new scenario order_is_stored
awsit new --from-curl 'curl -X POST https://api.example.com/orders --json "{}"'
awsit new suite
awsit new scenario prices --from-openapi api.yaml --operation listPrices
pbpaste | awsit new --from-curl - --output -
"""
STANDARD = "-"
SCENARIO, SUITE = "scenario", "suite"
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,79}")


@click.command("new", cls=ExampleCommand, epilog=EPILOG)
@click.argument("kind", default=SCENARIO, metavar="[scenario|suite]")
@click.argument("name", required=False, metavar="[NAME]")
@click.option("--from-curl", "curl", metavar="COMMAND|-", help="Send what this curl command sends.")
@click.option(
    "--from-openapi",
    "openapi",
    metavar="FILE",
    help="An action for each operation of the document.",
    shell_complete=completion.files,
)
@click.option(
    "--operation",
    "operations",
    multiple=True,
    metavar="ID",
    help="Only this operation, or those like `GET /a*`; repeatable.",
)
@click.option(
    "--output",
    "-o",
    metavar="FILE|-",
    help="Default: NAME.yaml or suite.yaml in the project's folder of scenarios.",
    shell_complete=completion.files,
)
@click.option("--force", is_flag=True, help="Replace a file that exists.")
@click.pass_obj
def command(session: Session, /, kind: str, name: str | None, output: str | None, force: bool, **options: Any) -> None:
    """Write a scenario to begin with: an example to change, or one made from what you have already.

    Credentials in a curl command are not copied; the scenario takes them from the environment. `awsit new suite` writes
    a suite.yaml: what the scenarios of a folder need, made once for all of them.
    """
    if kind not in {SCENARIO, SUITE}:
        raise UsageError(f"{kind!r} is nothing that can be made", hint=f"did you mean awsit new {_meant(kind, name)}?")
    if kind == SUITE:
        _check_suite(name, output, *options.values())
    elif name and not NAME.fullmatch(name):
        hint = "begin with a letter, and use letters, digits, `_` and `-`"
        raise UsageError(f"{name!r} cannot be the name of a scenario", hint=hint)
    settings = session.settings()
    shows = output == STANDARD
    folder = Path.cwd() if shows else Path(output).absolute().parent if output else settings.scenarios[0]
    made = _suite() if kind == SUITE else _made(name or "", Destination(folder, session.project_root), **options)
    title, text, notes = made
    if shows:
        click.echo(text, nl=False)
    else:
        path = Path(output) if output else folder / f"{title}.yaml"
        _write(session, settings, path, text, force=force)
    for note in notes:
        session.say(f"Note: {note}")


def _meant(kind: str, name: str | None) -> str:
    """What was perhaps meant: a misspelt kind, or a name in its place."""
    from awsit.suggestions import close_matches

    close = close_matches(kind, (SCENARIO, SUITE))
    if close and close[0] == SUITE and not name:
        return SUITE
    return f"{SCENARIO} {name or ('NAME' if close else kind)}"


def _check_suite(name: str | None, output: str | None, *from_others: object) -> None:
    """Raise UsageError for what a `suite.yaml` does not have: a name, another file name, or something it is made of."""
    if name:
        hint = f"choose its folder: awsit new suite --output scenarios/{name}/{SUITE_FILE}"
        raise UsageError(f"a {SUITE_FILE} has no name: it is for the scenarios of its folder", hint=hint)
    if output not in {None, STANDARD} and Path(output or "").name != SUITE_FILE:
        raise UsageError(f"the file has to be called {SUITE_FILE}, not {output}", hint="name a file with this name")
    if any(from_others):
        raise UsageError(
            f"a {SUITE_FILE} is not made from curl or OpenAPI", hint="make a scenario, and move its actions"
        )


def _suite() -> tuple[str, str, tuple[str, ...]]:
    """Name, YAML and notes of a `suite.yaml`."""
    from awsit.cli.drafts.project import shipped

    return SUITE, shipped(SUITE_FILE), ()


def _made(
    name: str, destination: Destination, *, curl: str | None, openapi: str | None, operations: tuple[str, ...]
) -> tuple[str, str, tuple[str, ...]]:
    """Name, YAML and notes of the scenario that the options ask for."""
    if curl is not None and openapi is not None:
        raise UsageError("--from-curl and --from-openapi cannot be given together", hint="leave one of them out")
    if operations and openapi is None:
        raise UsageError("--operation goes with --from-openapi", hint="name the document")
    if curl is not None or openapi is not None:
        draft = _draft(name, destination, curl or "", openapi, operations)
        from awsit.cli.drafts.draft import as_yaml

        return draft.name, as_yaml(draft), draft.notes
    if not name:
        raise UsageError("the new scenario needs a name", hint="for example: awsit new scenario order_is_stored")
    from awsit.cli.drafts.project import shipped

    return name, shipped("new.yaml").replace("NAME", name), ()


def _draft(name: str, destination: Destination, curl: str, openapi: str | None, operations: tuple[str, ...]) -> Draft:
    if openapi is not None:
        from awsit.cli.drafts.openapi.draft import draft_of_openapi

        return draft_of_openapi(openapi, operations, name)
    from awsit.cli.drafts.curl.scenario import draft_of_curl

    return draft_of_curl(_standard_input() if curl == STANDARD else curl, name, destination)


def _standard_input() -> str:
    """All of it, with its line ends, which may stand in a body."""
    return sys.stdin.buffer.read().decode("utf-8-sig", "surrogateescape")


def _write(session: Session, settings: Settings, path: Path, text: str, *, force: bool) -> None:
    from awsit.cli.drafts.project import editor_line, write, write_schema
    from awsit.cli.path_names import shown
    from awsit.cli.schemas import schema_file
    from awsit.model.text.visible import visible
    from awsit.scenario.reading.load import load_text

    place = shown(path.absolute())
    if path.exists() and not force:
        raise UsageError(f"{place} exists already", hint="choose another name, or replace it with --force")
    kind = SUITE if is_suite(load_text(text, place)) else SCENARIO
    whole = editor_line(path.absolute(), settings.state_folder, kind) + text
    _check(session, place, whole, kind)
    if not schema_file(settings.state_folder, kind).exists():
        write_schema(settings.state_folder, kind)
    write(path, whole)
    click.echo(visible(place))
    session.say(f"Change it to your needs, then: awsit validate {shlex.quote(place)}")


def _check(session: Session, place: str, text: str, kind: str) -> None:
    """Raise InvalidInputError for a draft that is not valid: what is written can be run."""
    from awsit.scenario.checks.validate import validate
    from awsit.scenario.reading.load import load_text

    session.sources[place] = text
    source = load_text(text, place)
    problems = session.suites.problems(source) if kind == SUITE else validate(source, session.wiring.actions())
    if problems:
        raise InvalidInputError(f"{place} was not written: it would not be valid", tuple(problems))
