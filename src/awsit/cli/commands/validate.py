"""`awsit validate`: check scenarios and libraries without running them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from awsit.cli import completion
from awsit.cli.lazy import ExampleCommand
from awsit.cli.options import as_json
from awsit.cli.session import Session
from awsit.errors import ExitCode, Problem, UsageError, first_problems

if TYPE_CHECKING:
    from awsit.cli.selection.paths import InputFile

EPILOG = """
awsit validate
awsit validate scenarios/
awsit validate order.yaml --json
cat order.json | awsit validate -
awsit validate scenarios/ --sarif > awsit.sarif
"""


@click.command("validate", cls=ExampleCommand, epilog=EPILOG)
@click.argument("paths", nargs=-1, metavar="[PATH...|-]", shell_complete=completion.files)
@as_json
@click.option("--sarif", "as_sarif", is_flag=True, help="Write SARIF 2.1.0 to standard output, for code scanning.")
@click.pass_obj
def command(session: Session, /, paths: tuple[str, ...], as_json: bool, as_sarif: bool) -> ExitCode:
    """Check scenarios, libraries and suite.yaml without running them: files, folders, or `-` for the standard input.

    Without a PATH, all of the project's folders of scenarios are checked, as awsit list-scenarios has them.

    Shows every problem with its place. Exits with 3 when there is one.
    """
    from functools import partial

    from awsit.cli.selection.folders import Folders, files_of, nothing_in_project, project_files
    from awsit.cli.selection.paths import read_file

    if as_json and as_sarif:
        raise UsageError("--json and --sarif cannot be given together", hint="leave one of them out")
    settings = session.settings(paths)
    folders = Folders(session, settings, partial(read_file, session))
    files = files_of(folders, paths, libraries=True) if paths else project_files(settings, folders)
    problems = {file.name: _problems(session, file) for file in files}
    if not problems:
        raise nothing_in_project(settings)
    if as_json:
        _show_json(problems)
    elif as_sarif:
        _show_sarif(problems)
    else:
        _show(session, problems)
    folders.tell()
    return ExitCode.INVALID if any(problems.values()) else ExitCode.PASSED


def _problems(session: Session, file: InputFile) -> tuple[Problem, ...]:
    from awsit.cli.selection.run_requests import suite_problems
    from awsit.cli.selection.selected import SelectedScenario, expanded_source
    from awsit.errors import InvalidInputError
    from awsit.scenario.checks.validate import every_problem, in_order
    from awsit.scenario.files import find_files
    from awsit.scenario.reading.kinds import is_library, is_suite

    actions = session.wiring.actions()
    try:
        source = file.source()
        if is_library(source.document):
            from awsit.scenario.checks.library import library_problems  # brings pydantic, which is slow to import

            return tuple(library_problems(source, session.libraries, actions, session.project_root))
        if is_suite(source):
            return tuple(session.suites.problems(source))
        expanded = expanded_source(session, source)
        files = find_files(expanded, actions, session.project_root, contract=session.contract)
        problems = [*every_problem(expanded, actions), *files.problems]
        problems += suite_problems(session, SelectedScenario(expanded.document, source.file, expanded))
        return tuple(first_problems(in_order(problems, source.file)))
    except InvalidInputError as error:
        return error.problems or (Problem(error.code, error.message, hint=error.hint),)


def _show(session: Session, problems: Mapping[str, Sequence[Problem]]) -> None:
    from awsit.model.result import Status
    from awsit.model.text.counts import count
    from awsit.reporting.terminal.problems import print_problems
    from awsit.reporting.terminal.terminal import mark, plain, show

    shown = set[Problem]()
    for file, own_problems in problems.items():
        new = [problem for problem in own_problems if not problem.position or problem not in shown]
        if own_problems or session.verbosity >= 0:
            line = mark(Status.FAILED if own_problems else Status.PASSED, session.out)
            line.append(f" {plain(file)}")
            line.append(f"  {_counted(own_problems, new)}" if own_problems else "", style="red")
            show(session.out, line)
        if new:
            print_problems(session.out, new, session.sources)
            show(session.out)
        shown.update(new)
    invalid = sum(bool(own_problems) for own_problems in problems.values())
    if len(problems) > 1 and session.verbosity >= 0:
        words = f"{invalid} not valid" if invalid else "all valid"
        show(session.out, f"{count(len(problems), 'file')}, {words}")


def _counted(problems: Sequence[Problem], new: Sequence[Problem]) -> str:
    from awsit.model.text.counts import count

    words, again = count(len(problems), "problem"), len(problems) - len(new)
    if not again:
        return words
    return f"{words}, {f'{again} of them ' if new else ''}shown above"


def _show_json(problems: Mapping[str, Sequence[Problem]]) -> None:
    from awsit.model import json
    from awsit.model.codec import encode

    documents = [
        {"file": file, "valid": not own_problems, "problems": [encode(problem) for problem in own_problems]}
        for file, own_problems in problems.items()
    ]
    click.echo(json.dumps_visible(documents, indent=2))


def _show_sarif(problems: Mapping[str, Sequence[Problem]]) -> None:
    from pathlib import Path

    from awsit import __version__
    from awsit.model import json
    from awsit.reporting.sarif import sarif_log

    click.echo(json.dumps_visible(sarif_log(problems, Path.cwd(), __version__), indent=2))
