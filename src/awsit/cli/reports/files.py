"""The files that reports are written to: `--json`, `--html`, `--junit`, `--markdown`, `--ctrf` and what CI reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from awsit.errors import AwsitError, EnvironmentFailure, UsageError

if TYPE_CHECKING:
    from awsit.cli.session import Session
    from awsit.model.result import RunResult
    from awsit.reporting.formats.events_file import EventsFile
    from awsit.scenario.reading.source import Source

F = TypeVar("F", bound=Callable[..., Any])

STANDARD_OUTPUT = "-"
DEFAULT_PAGE = "<report folder>"
"""What `--html` without a file stands for: a page beside the run's stored report."""

json = click.option("--json", "report", metavar="FILE", help="Write the report as JSON.")
html = click.option("--html", metavar="FILE", help="Write the HTML report, one file for a browser.")
html_or_default = click.option(
    "--html",
    metavar="[FILE]",
    is_flag=False,
    flag_value=DEFAULT_PAGE,
    help="Write the HTML report; without FILE into the report folder.",
)
junit = click.option("--junit", metavar="FILE", help="Write JUnit XML, for the CI server.")
markdown = click.option("--markdown", metavar="FILE", help="Write Markdown, for a pull request or step summary.")
ctrf = click.option("--ctrf", metavar="FILE", help="Write CTRF JSON (Common Test Report Format).")
annotate = click.option(
    "--annotations", metavar="FILE", help="Write GitHub annotations beside the scenarios' lines; - for the log."
)
outputs = click.option("--outputs", metavar="FILE", help="Add AWSIT_VERDICT=... and more to a file that a gate reads.")
events = click.option("--events", metavar="FILE", help="Write every event as a line of JSON while it happens.")


FILES = ("html", "junit", "markdown", "ctrf", "annotations", "outputs")
"""The options of `file_options`."""

APPENDED = {"outputs"}
"""Files that others write to as well, such as `$GITHUB_OUTPUT`."""

WRITERS = {
    "html": ("html", "html"),
    "json": ("formats.json_", "document"),
    "annotations": ("formats.github", "workflow_commands"),
}
"""Module and function of the reports that do not have the name of both."""


def file_options(command: F) -> F:
    """The options of a run's reports but `--json`; a FILE of `-` is the standard output."""
    return html(junit(markdown(ctrf(outputs(annotate(command))))))


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """Where each report goes; None for the ones that nobody asked for.

    `workspace` is GitHub's checkout folder; `source_of` finds the scenario that a run came from.
    """

    json: str | None = None
    html: str | None = None
    junit: str | None = None
    markdown: str | None = None
    ctrf: str | None = None
    annotations: str | None = None
    outputs: str | None = None
    workspace: str = ""
    source_of: Callable[[RunResult], Source | None] = lambda _: None

    def __bool__(self) -> bool:
        """Whether any was asked for."""
        return bool(self.named())

    def named(self) -> dict[str, str]:
        """The files that were asked for, by kind of report."""
        return {kind: file for kind in (*FILES, "json") if (file := getattr(self, kind))}

    @property
    def uses_stdout(self) -> bool:
        """Whether the standard output is for a report, and people must read elsewhere."""
        return STANDARD_OUTPUT in self.named().values()

    def check(self, *, stdout_taken: bool = False) -> None:
        """Make the folders. Raises UsageError or EnvironmentFailure for a file that could not be written later."""
        to_stdout = [f"--{kind}" for kind, file in self.named().items() if file == STANDARD_OUTPUT]
        if len(to_stdout) + stdout_taken > 1:
            both = [*to_stdout, "--json"] if stdout_taken else to_stdout
            raise UsageError(f"{' and '.join(both)} cannot share the standard output", hint="give one of them a file")
        for kind, file in self.named().items():
            if file != STANDARD_OUTPUT:
                check_writable(f"--{kind}", Path(file))

    def write(self, results: Sequence[RunResult]) -> list[str]:
        """Write all of them and return the files. Raises EnvironmentFailure."""
        named = self.named()
        for kind, file in named.items():
            _write(kind, file, _reporter(kind)(results, **self._given(kind)))
        return [file for kind, file in named.items() if file != STANDARD_OUTPUT and kind not in APPENDED]

    def tell_failure(self, error: AwsitError) -> None:
        """Tell the CI server what kept everything from running. Raises EnvironmentFailure."""
        from awsit.reporting.formats import github, outputs

        if self.annotations:
            _write("annotations", self.annotations, github.of_failure(error, self.workspace))
        if self.outputs:
            _write("outputs", self.outputs, outputs.of_failure(error))

    def _given(self, kind: str) -> dict[str, Any]:
        """What a report is told besides the results."""
        if kind == "annotations":
            return {"source_of": self.source_of, "workspace": self.workspace}
        return {"report": self.html or ""} if kind == "outputs" else {}


def taken_from(flags: dict[str, Any], session: Session, *, json: str | None = None) -> ReportFiles:
    """The files that the options of `file_options` name, which are removed from `flags`; they tell of a failure too."""

    def source_of(result: RunResult) -> Source | None:
        known = session.asked.get(result.run_id)
        return known.source if known else None

    workspace = session.variables.get("GITHUB_WORKSPACE", "")
    named = {name: flags.pop(name) for name in FILES}
    files = ReportFiles(json, **named, workspace=workspace, source_of=source_of)
    session.on_failure = files.tell_failure
    return files


def check_writable(option: str, path: Path) -> None:
    """Make the file's folder. Raises UsageError when the path is a folder itself, EnvironmentFailure when it fails."""
    if path.is_dir():
        raise UsageError(f"{option} {path} is a folder", hint=f"name a file in it: {option} {path / 'report'}")
    with _writing(option, path):
        path.parent.mkdir(parents=True, exist_ok=True)


def open_events(file: str | None) -> AbstractContextManager[EventsFile | None]:
    """The file of `--events`, empty, as a context manager; None where nobody asked for it."""
    if not file:
        return nullcontext()
    from awsit.reporting.formats.events_file import EventsFile

    if file == STANDARD_OUTPUT:
        raise UsageError("--events needs a file", hint="for a pipe, name one: --events >(program) or a FIFO")
    path = Path(file)
    check_writable("--events", path)
    with _writing("--events", path):
        return EventsFile(path.open("w", encoding="utf-8"))


def _write(kind: str, file: str, text: str) -> None:
    if file == STANDARD_OUTPUT:
        click.echo(text, nl=False)
        return
    with _writing(f"--{kind}", Path(file)), Path(file).open("a" if kind in APPENDED else "w", encoding="utf-8") as to:
        to.write(text)


@contextmanager
def _writing(option: str, path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise EnvironmentFailure(
            f"{option}: {path} cannot be written: {error.strerror or error}",
            code="cannot_write",
            hint="choose another place, or change its permissions",
        ) from None


def _reporter(kind: str) -> Callable[..., str]:
    """The function of the module that has the report's name; each is imported only when it is asked for."""
    module, function = WRITERS.get(kind, (f"formats.{kind}", kind))
    reporter: Callable[..., str] = getattr(import_module(f"awsit.reporting.{module}"), function)
    return reporter
