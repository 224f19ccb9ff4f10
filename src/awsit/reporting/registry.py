"""The formats that reports of runs are written in.

This table is the only list of them: the options of `awsit run` and `awsit report`, and the files that both write, come
from it. A format is imported when a report is rendered. Other programs read three more files, which are not made from
the results of runs and are not in the table: `events_file` is written while runs go on, `sarif` lists the problems of
scenario files, and `report_schema` describes the JSON report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

if TYPE_CHECKING:
    from awsit.errors import AwsitError
    from awsit.model.result import RunResult
    from awsit.reporting.failure_context import FailureContext


FoldersOf: TypeAlias = Callable[[str], Sequence[str]]
ContextOf: TypeAlias = "Callable[[RunResult], FailureContext]"


def _nothing_known(result: RunResult) -> FailureContext:
    from awsit.reporting.failure_context import nothing_known

    return nothing_known(result)


def _folders_of_path(file: str) -> Sequence[str]:
    from awsit.reporting.formats.junit import folders_of_path

    return folders_of_path(file)


class ReportContext(Struct, frozen=True):
    """What a report may say besides the results.

    `workspace` is GitHub's checkout folder, `html` the file of the HTML report; both are empty where there is none.
    `context_of` finds what the failures of a run are explained with, `folders_of` the folders that a scenario's file is
    in.
    """

    workspace: str = ""
    context_of: ContextOf = _nothing_known
    folders_of: FoldersOf = _folders_of_path
    html: str = ""


Results: TypeAlias = "Sequence[RunResult]"
Renderer: TypeAlias = "Callable[[Results, ReportContext], Iterable[str]]"
ErrorRenderer: TypeAlias = "Callable[[AwsitError, ReportContext], str]"


class ReportFormat(Struct, frozen=True):
    """A format of reports; `name` is its option without the dashes.

    `render` gives the text in parts, of which each is written before the next is made. `render_error` renders the error
    that kept everything from running, for formats that a CI server reads. `past_runs` says whether `awsit report`
    writes it too, `appends` whether it is added to a file that others write to.
    """

    name: str
    help: str
    render: Renderer
    render_error: ErrorRenderer | None = None
    past_runs: bool = True
    appends: bool = False


def _json(results: Results, _context: ReportContext) -> Iterable[str]:
    from awsit.reporting.formats.json_ import reports

    return reports(results)


def _html(results: Results, context: ReportContext) -> Iterable[str]:
    from awsit.reporting.html import html

    return html(results, context.context_of)


def _junit(results: Results, context: ReportContext) -> Iterable[str]:
    from awsit.reporting.formats.junit import junit

    return junit(results, context.context_of, context.folders_of)


def _markdown(results: Results, context: ReportContext) -> Iterable[str]:
    from awsit.reporting.formats.markdown import markdown

    return markdown(results, context.context_of)


def _ctrf(results: Results, context: ReportContext) -> Iterable[str]:
    from awsit.reporting.formats.ctrf import ctrf

    return ctrf(results, context.context_of)


def _outputs(results: Results, context: ReportContext) -> Iterable[str]:
    from awsit.reporting.formats.outputs import outputs

    return [outputs(results, context.html)]


def _outputs_of_error(error: AwsitError, _context: ReportContext) -> str:
    from awsit.reporting.formats.outputs import of_error

    return of_error(error)


def _annotations(results: Results, context: ReportContext) -> Iterable[str]:
    from awsit.reporting.formats.annotations import workflow_commands

    return workflow_commands(results, context.context_of, context.workspace)


def _annotations_of_error(error: AwsitError, context: ReportContext) -> str:
    from awsit.reporting.formats.annotations import of_error

    return of_error(error, context.workspace)


FORMATS = (
    ReportFormat("json", "Write the report as JSON.", _json),
    ReportFormat("html", "Write the HTML report, one file for a browser.", _html),
    ReportFormat("junit", "Write JUnit XML, for the CI server.", _junit),
    ReportFormat("markdown", "Write Markdown, for a pull request or step summary.", _markdown),
    ReportFormat("ctrf", "Write CTRF JSON (Common Test Report Format).", _ctrf),
    ReportFormat(
        "outputs",
        "Add AWSIT_VERDICT=... and more to a file that a gate reads.",
        _outputs,
        _outputs_of_error,
        past_runs=False,
        appends=True,
    ),
    ReportFormat(
        "annotations",
        "Write GitHub annotations beside the scenarios' lines; - for the log.",
        _annotations,
        _annotations_of_error,
        past_runs=False,
    ),
)
