"""`awsit report`: reports of runs that are over."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from awsit.cli import completion
from awsit.cli.lazy import ExampleCommand
from awsit.cli.options import installation
from awsit.cli.reports.files import STANDARD_OUTPUT, ReportFiles, format_options, take_files
from awsit.cli.session import Session
from awsit.errors import ExitCode, UsageError
from awsit.reporting.registry import FORMATS

if TYPE_CHECKING:
    from awsit.config import Settings
    from awsit.model.result import RunResult

EPILOG = """
awsit report
awsit report run-01J9ZK3M4N5P6Q7R8S9T0V1W2X --html --open
awsit report .awsit/reports --html all.html --junit junit.xml
awsit report report.json --markdown -
awsit report "$EXECUTION_ARN" --html run.html
"""


DEFAULT_PAGE = "<report folder>"
"""What `--html` without a file stands for: a page in the report folder."""

html_option = click.option(
    "--html",
    metavar="[FILE]",
    shell_complete=completion.files,
    is_flag=False,
    flag_value=DEFAULT_PAGE,
    help="Write the HTML report; without FILE into the report folder.",
)


@click.command("report", cls=ExampleCommand, epilog=EPILOG)
@click.argument("references", nargs=-1, metavar="[RUN_ID|ARN|FILE...]", shell_complete=completion.files)
@format_options([each for each in FORMATS if each.past_runs], html=html_option)
@click.option("--open", "open_page", is_flag=True, help="Show the HTML report in the browser.")
@installation
@click.pass_obj
def command(session: Session, /, *, references: tuple[str, ...], open_page: bool, **flags: Any) -> ExitCode:
    """Write reports of runs that are over, or show them again.

    A run is named by its run ID or its execution's ARN; its report comes from the report folder, else from the stack's
    bucket. The ID of a suite in the account stands for all of its runs. A FILE is a report, a list of them, or a folder
    of them. Without any, it is the newest run. A report to `-` goes to the standard output.
    """
    from awsit.cli.reports.lookup import named_or_newest, results_of

    files = take_files(flags)
    if open_page:
        files.setdefault("html", DEFAULT_PAGE)
        if files["html"] == STANDARD_OUTPUT:
            raise UsageError("--open needs a file to show", hint="give --html a file, or leave it out")
    settings = session.settings(**flags)
    results = results_of(session, settings, references or [named_or_newest(session, settings, None)])
    if not files:
        _show(session, settings, results)
        return ExitCode.PASSED
    if files.get("html") == DEFAULT_PAGE:
        files["html"] = _default_page(settings, results)
    _write(session, settings, ReportFiles(files), results)
    if open_page:
        _open(session, Path(files["html"]))
    return ExitCode.PASSED


def _default_page(settings: Settings, results: Sequence[RunResult]) -> str:
    from awsit.cli.path_names import shown

    name = results[0].run_id if len(results) == 1 else "report"
    return shown(settings.report_folder / f"{name}.html")


def _write(session: Session, settings: Settings, files: ReportFiles, results: Sequence[RunResult]) -> None:
    from awsit.cli.running.failure_context import FailureContexts

    files.check()
    for file in files.explained_by(FailureContexts(session, settings).of).write(results):
        session.say(f"wrote {file}")


def _show(session: Session, settings: Settings, results: Sequence[RunResult]) -> None:
    from awsit.cli.running.failure_context import FailureContexts
    from awsit.reporting.terminal.transcript import events_of

    contexts = FailureContexts(session, settings)
    with session.reporter() as reporter:
        reporter.expect(len(results))
        for result in results:
            context = contexts.of(result)
            for event in events_of(result):
                reporter.handle(event, context)
        reporter.summary(results)


def _open(session: Session, page: Path) -> None:
    if click.launch(page.absolute().as_uri()) != 0:
        session.say(f"There is no browser to show it; open {page} yourself.")
