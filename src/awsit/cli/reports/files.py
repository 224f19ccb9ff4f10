"""The files that reports are written to: their options, and the writing itself."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from msgspec import Struct, field

from awsit.cli import completion
from awsit.cli.json_option import is_report
from awsit.config import FILE_NAME
from awsit.errors import AwsitError, EnvironmentFailure, UsageError
from awsit.model.text.encoding import ESCAPE
from awsit.records import replace
from awsit.reporting.registry import FORMATS, ReportContext, ReportFormat
from awsit.system.files import write_parts

if TYPE_CHECKING:
    from awsit.model.result import RunResult
    from awsit.reporting.events_file import EventsFile
    from awsit.reporting.failure_context import ContextOf

F = TypeVar("F", bound=Callable[..., Any])

STANDARD_OUTPUT = "-"
NO_REPORTS = frozenset({".yaml", ".yml", ".toml", ".csv"})
"""Endings of files that a project consists of, and that no report has."""
DISK_IS_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})

events = click.option(
    "--events",
    metavar="FILE",
    help="Write every event as a line of JSON while it happens.",
    shell_complete=completion.files,
)


def format_options(formats: Iterable[ReportFormat], **own: Callable[[F], F]) -> Callable[[F], F]:
    """An option for the file of each format; `own` holds the options that the command makes itself, by their names."""

    def add(command: F) -> F:
        for each in reversed(tuple(formats)):
            option = own.get(each.name) or click.option(
                f"--{each.name}", metavar="FILE", help=each.help, shell_complete=completion.files
            )
            command = option(command)
        return command

    return add


def take_files(flags: dict[str, Any]) -> dict[str, str]:
    """The files that options of `format_options` name, by format; these options are removed from `flags`."""
    files = {each.name: flags.pop(each.name, None) for each in FORMATS}
    return {name: file for name, file in files.items() if file}


class ReportFiles(Struct, frozen=True):
    """The files to write, by the names of their formats; a file of `-` is the standard output."""

    files: Mapping[str, str] = field(default_factory=dict)
    context: ReportContext = field(default_factory=ReportContext)
    formats: Sequence[ReportFormat] = FORMATS

    def __bool__(self) -> bool:
        """Whether there is any file to write."""
        return bool(self.files)

    @property
    def uses_stdout(self) -> bool:
        """Whether a report is written to the standard output, so that text for people goes elsewhere."""
        return STANDARD_OUTPUT in self.files.values()

    def check(self, *, json_on_stdout: bool = False, events: str | None = None) -> None:
        """Make the folders. Raises UsageError or EnvironmentFailure for a file that could not be written later.

        `events` is the file of `--events`, which no report may take the place of either.
        """
        on_stdout = [f"--{name}" for name, file in self.files.items() if file == STANDARD_OUTPUT]
        if json_on_stdout:
            on_stdout.append("--json")
        if len(on_stdout) > 1:
            raise UsageError(
                f"{' and '.join(on_stdout)} cannot share the standard output", hint="give one of them a file"
            )
        written: dict[str, str] = {str(Path(events).resolve()): "--events"} if events else {}
        for name, file in self.files.items():
            if file != STANDARD_OUTPUT:
                check_writable(f"--{name}", Path(file))
                other = written.setdefault(str(Path(file).resolve()), f"--{name}")
                if other != f"--{name}" and not Path(file).is_char_device():
                    raise UsageError(f"{other} and --{name} cannot share {file}", hint="give each a file of its own")

    def write(self, results: Sequence[RunResult]) -> list[str]:
        """Write all reports; returns the files that are only theirs.

        Raises EnvironmentFailure, or what else kept one from being written, when the others are.
        """
        formats, failures = self._formats(), list[Exception]()
        for each, file in formats:
            try:
                _write(each, file, each.render(results, self._context()))
            except Exception as error:  # noqa: BLE001 - the first one is raised again
                failures.append(error)
        if failures:
            raise failures[0]
        return [file for each, file in formats if file != STANDARD_OUTPUT and not each.appends]

    def write_error(self, error: AwsitError) -> None:
        """Write what kept everything from running, for the CI server. Raises as `check_writable`."""
        for each, file in self._formats():
            if each.render_error:
                if file != STANDARD_OUTPUT:
                    check_writable(f"--{each.name}", Path(file))
                _write(each, file, [each.render_error(error, self._context())])

    @contextmanager
    def with_error(self) -> Iterator[None]:
        """Write the error that ends this block, too: no run has begun, so that no report says why."""
        try:
            yield
        except Exception as error:
            from awsit.cli.failures import awsit_error

            known = awsit_error(error)
            if known:
                with suppress(AwsitError):  # the first error is the one to know
                    self.write_error(known)
            raise

    def explained_by(self, context_of: ContextOf) -> ReportFiles:
        """The same files; reports explain failures with what `context_of` finds."""
        return replace(self, context=replace(self.context, context_of=context_of))

    def _formats(self) -> list[tuple[ReportFormat, str]]:
        formats = {each.name: each for each in self.formats}
        return [(formats[name], file) for name, file in self.files.items()]

    def _context(self) -> ReportContext:
        from awsit.cli.reports.project_folders import project_folders

        return replace(self.context, html=self.files.get("html", ""), folders_of=project_folders)


def check_writable(option: str, path: Path) -> None:
    """Make the file's folder, and try whether the file can be written there; one that exists stays as it is.

    Raises UsageError when the path is a folder or a scenario, EnvironmentFailure when the file cannot be written.
    """
    with _writing(option, path):
        if path.is_dir():
            raise UsageError(f"{option} {path} is a folder", hint=f"name a file in it: {option} {path / 'report'}")
        if path.name == FILE_NAME and not path.exists():
            raise UsageError(f"{option} {path} would be taken for the configuration", hint="name another file")
        if path.is_file() and _is_of_a_project(path):
            raise UsageError(f"{option} {path} is there already, and is no report", hint="name another file")
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file():
            path.open("ab").close()
        elif not path.exists():  # a pipe or a device is there already, and opening a pipe would wait for its reader
            path.open("xb").close()
            path.unlink()


def _is_of_a_project(path: Path) -> bool:
    """Whether a file holds what a person wrote: what no report is by its ending, or a scenario or library in JSON."""
    if path.suffix.lower() != ".json":
        return path.suffix.lower() in NO_REPORTS
    from awsit.scenario.reading.kinds import is_library, is_scenario
    from awsit.scenario.reading.load import load_file

    try:
        document = load_file(path).document
    except AwsitError:
        return False
    return (is_scenario(document) or is_library(document)) and not is_report(path)


def open_events(file: str | None) -> AbstractContextManager[EventsFile | None]:
    """The file of `--events`, emptied, as a context manager that gives None without the option.

    Raises UsageError or EnvironmentFailure for a file that cannot be written.
    """
    if not file:
        return nullcontext()
    from awsit.reporting.events_file import EventsFile

    if file == STANDARD_OUTPUT:
        raise UsageError("--events needs a file", hint="for a pipe, name one: --events >(program) or a FIFO")
    path = Path(file)
    check_writable("--events", path)
    with _writing("--events", path):
        return EventsFile(path.open("w", encoding="utf-8", errors=ESCAPE))


def _write(report_format: ReportFormat, file: str, parts: Iterable[str]) -> None:
    if file == STANDARD_OUTPUT:
        for part in parts:
            click.echo(part, nl=False)
        return
    path = Path(file)
    with _writing(f"--{report_format.name}", path):
        if not report_format.appends:
            write_parts(path, parts)
            return
        with path.open("a", encoding="utf-8", errors=ESCAPE) as stream:
            stream.writelines(parts)


@contextmanager
def _writing(option: str, path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = f"{path.parent} is no folder" if isinstance(error, FileExistsError) else error.strerror or error
        is_full = error.errno in DISK_IS_FULL
        hint = "make room on the disk" if is_full else "choose another place, or change its permissions"
        raise EnvironmentFailure(
            f"{option}: {path} cannot be written: {reason}", code="cannot_write", hint=hint
        ) from None
