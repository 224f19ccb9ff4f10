"""One invocation of `awsit`: how much is shown and where, the settings, and the objects to work with."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from awsit.errors import AwsitError, EnvironmentFailure, UsageError

if TYPE_CHECKING:
    from awsit.aws.logs.shipped_log import ShippedLog
    from awsit.cli.logs.logfile import LogFile
    from awsit.cli.wiring.wiring import Wiring
    from awsit.config import Settings
    from awsit.reporting.terminal.console import ConsoleReporter
    from awsit.reporting.terminal.terminal import Console
    from awsit.reporting.terminal.values import Limits
    from awsit.scenario.library.files import Libraries
    from awsit.scenario.project import ProjectContract
    from awsit.scenario.suite import SuiteFiles
    from awsit.system.spool import Spool
    from awsit.system.standard_streams import Output

QUIET, NORMAL, VERBOSE = -1, 0, 1


class Session:
    """What a command works with; everything in it is made when it is first asked for.

    `sources` holds texts that errors may point into and that are not files, by the names that positions give them.
    `project_root` is the folder of `awsit.toml`, if there is one.
    """

    def __init__(self, wiring: Wiring | None = None, output: Output | None = None) -> None:
        """`output` is the process's standard output, where the command has a process to itself."""
        self.verbosity = NORMAL
        self.debug = False
        self.color = True
        self.config_file: str | None = None
        self.log_file: LogFile | None = None
        self.shipped_log: ShippedLog | None = None
        self._shipping = ExitStack()
        self._spool: Spool | None = None
        self.sources: dict[str, str] = {}
        self._wiring = wiring
        self._output = output
        self.project_root: Path | None = None
        self._root = Path()
        self._settings: Settings | None = None
        self._library_places: tuple[Path, ...] = ()
        self._contract_of: Settings | None = None

    @cached_property
    def wiring(self) -> Wiring:
        """The composition root."""
        from awsit.cli.wiring.wiring import Wiring  # only commands that do something need it

        return self._wiring or Wiring()

    @cached_property
    def variables(self) -> Mapping[str, str]:
        """The environment variables."""
        from awsit.config import environment

        return environment()

    @cached_property
    def libraries(self) -> Libraries:
        """The library files of the project, and those that scenarios name, each read once."""
        from awsit.cli.path_names import shown
        from awsit.scenario.library.files import Libraries

        return Libraries(Path(shown(place)) for place in self._library_places)

    @cached_property
    def suites(self) -> SuiteFiles:
        """The files `suite.yaml` of the project."""
        from awsit.cli.path_names import shown
        from awsit.scenario.suite import SuiteFiles

        return SuiteFiles(self._root, self.libraries, self.wiring.actions(), shown)

    @cached_property
    def contract(self) -> ProjectContract | None:
        """The OpenAPI document that the project's scenarios are held to."""
        settings = self._contract_of
        if settings is None or settings.contract is None:
            return None
        from awsit.cli.path_names import shown
        from awsit.config import FILE_NAME
        from awsit.config_places import value_position
        from awsit.errors import Position
        from awsit.scenario.project import ProjectContract

        origin, file = settings.origins["contract"], settings.file
        text = file.read_text(encoding="utf-8", errors="replace") if file and origin == FILE_NAME else ""
        named_at = value_position("contract", Path(shown(file)), text) if file else None
        return ProjectContract(settings.contract, named_at or Position(origin, 1, 1))

    @property
    def is_traced(self) -> bool:
        """Whether the calls of scenarios that do not say carry the trace of their run."""
        return self._settings is None or self._settings.trace

    @cached_property
    def out(self) -> Console:
        """The console for results: standard output."""
        return self._console(stderr=False)

    @cached_property
    def err(self) -> Console:
        """The console for errors, and for everything that people read when standard output is for a program."""
        return self._console(stderr=True)

    def settings(self, scenarios: Iterable[str] = (), /, **flags: Any) -> Settings:
        """The settings of this command; starts the log file if one was asked for.

        They are those of the project that the `scenarios`, files and folders, are in, else of the one that the current
        folder is in. Raises UsageError for files of several projects.
        """
        return self._settings_of(scenarios, flags)

    def tolerant_settings(self, **flags: Any) -> Settings:
        """The settings of this command, of an `awsit.toml` that is not valid no more than the folder for state."""
        return self._settings_of((), flags, tolerant=True)

    def _settings_of(self, scenarios: Iterable[str], flags: Mapping[str, Any], *, tolerant: bool = False) -> Settings:
        from awsit import config

        named = self.config_file or self.variables.get("AWSIT_CONFIG")
        file = Path(named) if named else _project_file(scenarios)
        settings = config.load(flags, self.variables, Path.cwd(), file, tolerant=tolerant)
        if file is None and self._settings is None:
            self._tell_foreign_file()
        if self._settings is None:
            self._tell_misspelt_variables()
        self._settings = settings
        self._library_places = settings.libraries
        self._root = settings.root
        self.project_root = settings.root if settings.file or settings.contract else None
        self._contract_of = settings
        if self.debug and self.log_file is None:
            from awsit.cli.logs.logfile import LogFile

            self.log_file = LogFile(settings.state_folder / "logs", settings.log_level, self.wiring.clock())
        return settings

    def _tell_misspelt_variables(self) -> None:
        from awsit.config_values import misspelt

        for name, near in misspelt(self.variables):
            self.say(f"warning: {name} is ignored, it is no variable of awsit; did you mean {near}?")

    def _tell_foreign_file(self) -> None:
        from awsit import config

        foreign = config.foreign_file(Path.cwd())
        if foreign:
            self.say(f"{foreign} is another user's and is not obeyed; to obey it: --config {shlex.quote(str(foreign))}")

    def reporter(self, *, machine_output: bool = False) -> ConsoleReporter:
        """The reporter that shows events and results; on standard error when standard output is for a program."""
        from awsit.reporting.terminal.console import ConsoleReporter

        console = self.err if machine_output else self.out
        return ConsoleReporter(console, verbosity=self.verbosity, elapsed=self.wiring.clock().monotonic)

    def shows_steps(self, *, machine_output: bool = False) -> bool:
        """Whether the reporter shows each step of several runs, live or when a run is over."""
        console = self.err if machine_output else self.out
        return self.verbosity > NORMAL or (self.verbosity == NORMAL and console.live is not None)

    def limits(self) -> Limits:
        """How much of a value is shown on this console."""
        from awsit.reporting.terminal.values import Limits

        return Limits.of(self.out.width, everything=self.verbosity > NORMAL)

    def qualified(self, hint: str) -> str:
        """A hint in which commands have the flags that choose the installation of this one."""
        from awsit.cli.references import qualified

        return qualified(hint, self._settings) if self._settings else hint

    def say(self, message: str) -> None:
        """Show a message beside the results, on standard error; nothing with `--quiet`."""
        if self.verbosity > QUIET:
            self.show(message, style="dim")

    def act(self) -> None:
        """Go on when the standard output cannot be written any more: the exit code tells what came of the command."""
        if self._output:
            self._output.optional = True

    def check_output(self) -> None:
        """Raise EnvironmentFailure when a document for a program could not be written to the standard output.

        A reader that has gone needs none.
        """
        error = self._output.error if self._output else None
        if error and not isinstance(error, BrokenPipeError):
            raise _unwritable(error)

    def lost_output(self, error: BaseException) -> AwsitError | None:
        """What to tell of an error, if it is that the standard output could not be written."""
        lost = self._output.error if self._output else None
        return _unwritable(lost) if lost is error and lost else None

    def spool(self, settings: Settings) -> Spool:
        """Where this command keeps what memory should not hold; its file is in the state folder."""
        if self._spool is None:
            from awsit.system.spool import Spool

            self._spool = Spool(settings.state_folder)
        return self._spool

    def begin_run(self, run_id: str) -> None:
        """Write the run's ID into the log lines from here on."""
        if self.log_file:
            self.log_file.run_id = run_id

    def keep_crash(self, text: str) -> Path | None:
        """Write the traceback of a bug to a file and return its path; None when it cannot be written."""
        if self.log_file:
            return self.log_file.path
        from awsit.cli.logs.logfile import keep_crash

        try:
            return keep_crash(self.settings().state_folder / "logs", text, self.wiring.clock())
        except (AwsitError, OSError):
            return None

    def ship_logs(self, settings: Settings) -> None:
        """Send the log of this command to CloudWatch Logs from here on, if that is asked for and can be done."""
        if not settings.ship_logs:
            return
        from awsit.cli.logs.run_log import shipping

        try:
            self.shipped_log = self.wiring.shipped_log(settings)
        except AwsitError as error:
            self.say(f"The log is not sent to CloudWatch Logs: {error.message}")
        else:
            self._shipping.enter_context(shipping(self.shipped_log))

    def close(self) -> None:
        """Close the files, and say where the log is, if there is one; wait shortly for what is to be sent."""
        if self._spool:
            self._spool.close()
        self._shipping.close()
        if self.shipped_log and self.shipped_log.problem:
            self.say(f"Not all of the log was sent to CloudWatch Logs: {self.shipped_log.problem}")
        if self.log_file:
            self.log_file.close()
            self.show(f"debug log: {self.log_file.path}")

    def show(self, message: str, style: str = "") -> None:
        """Show a message on standard error, whatever the verbosity."""
        from awsit.reporting.terminal.terminal import show

        show(self.err, message, style)

    def _console(self, *, stderr: bool) -> Console:
        from awsit.reporting.terminal.consoles import make_console

        return make_console(self.variables, stderr=stderr, color=self.color)


def _unwritable(error: OSError) -> EnvironmentFailure:
    return EnvironmentFailure(
        f"the standard output cannot be written: {error.strerror}",
        code="cannot_write",
        hint="look at what it leads to, and at the space on that disk",
    )


def _project_file(names: Iterable[str]) -> Path | None:
    """The `awsit.toml` above the files and folders among `names`. Raises UsageError when there are several."""
    from awsit.cli.path_names import is_piped, leads_somewhere, shown
    from awsit.config import find_file

    paths = (Path(name) for name in names if leads_somewhere(name) and not is_piped(name))
    folders = (path if path.is_dir() else path.parent for path in paths)
    found = {file for folder in folders if (file := find_file(folder.absolute()))}
    if len(found) > 1:
        files = " and ".join(shown(file) for file in sorted(found))
        hint = "run the scenarios of one project at a time, or name the settings for all of them with --config"
        raise UsageError(f"these scenarios belong to several projects: {files}", code="several_projects", hint=hint)
    return next(iter(found), None)
