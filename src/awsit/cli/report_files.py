"""The files that reports are written to: `--junit`, `--html`, `--markdown`, `--ctrf`, `--events`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from awsit.errors import EnvironmentFailure, UsageError

if TYPE_CHECKING:
    from awsit.model.result import RunResult
    from awsit.reporting.events_file import EventsFile

F = TypeVar("F", bound=Callable[..., Any])

STANDARD_OUTPUT = "-"
DEFAULT_PAGE = "<report folder>"
"""What `--html` without a file stands for: a page beside the run's stored report."""

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
events = click.option("--events", metavar="FILE", help="Write every event as a line of JSON while it happens.")


def file_options(command: F) -> F:
    """`--html`, `--junit`, `--markdown`, `--ctrf`; a FILE of `-` is the standard output."""
    return html(junit(markdown(ctrf(command))))


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """Where each report goes; None for the ones that nobody asked for."""

    html: str | None = None
    junit: str | None = None
    markdown: str | None = None
    ctrf: str | None = None

    def __bool__(self) -> bool:
        """Whether any was asked for."""
        return bool(self.named())

    def named(self) -> dict[str, str]:
        """The files that were asked for, by kind of report."""
        found = {"html": self.html, "junit": self.junit, "markdown": self.markdown, "ctrf": self.ctrf}
        return {kind: file for kind, file in found.items() if file}

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
        written = []
        for kind, file in self.named().items():
            text = _reporter(kind)(results)
            if file == STANDARD_OUTPUT:
                click.echo(text, nl=False)
                continue
            with _writing(f"--{kind}", Path(file)):
                Path(file).write_text(text, encoding="utf-8")
            written.append(file)
        return written


def taken_from(flags: dict[str, Any]) -> ReportFiles:
    """The files that the options of `file_options` name, which are removed from `flags`."""
    return ReportFiles(*(flags.pop(name) for name in ("html", "junit", "markdown", "ctrf")))


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
    from awsit.reporting.events_file import EventsFile

    if file == STANDARD_OUTPUT:
        raise UsageError("--events needs a file", hint="for a pipe, name one: --events >(program) or a FIFO")
    path = Path(file)
    check_writable("--events", path)
    with _writing("--events", path):
        return EventsFile(path.open("w", encoding="utf-8"))


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


def _reporter(kind: str) -> Callable[[Sequence[RunResult]], str]:
    """The function of the module that has the report's name; each is imported only when it is asked for."""
    reporter: Callable[[Sequence[RunResult]], str] = getattr(import_module(f"awsit.reporting.{kind}"), kind)
    return reporter
