"""The projects whose scenarios pytest runs: the settings of each, and what its runs share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from awsit.cli.session import Session
from awsit.cli.wiring.wiring import Wiring
from awsit.config import Settings, environment, find_file, replace_aws_variables
from awsit.errors import AwsitError

if TYPE_CHECKING:
    from awsit.http.transport import Urllib3Transport
    from awsit.model.run import Engine

FLAGS = ("engine", "stack", "state_machine_arn", "region", "profile", "sandbox")
"""The settings that an option of pytest gives."""


class Projects:
    """Every project that has a scenario in this pytest session, by its `awsit.toml`."""

    def __init__(self, flags: Mapping[str, Any], folder: Path) -> None:
        """`flags` are settings that were given as options; `folder` is where pytest was started."""
        self._flags, self._folder = flags, folder
        self._wiring = SharedConnections()
        self._known: dict[Path | None, Project] = {}

    def of(self, folder: Path) -> Project:
        """The project of the nearest `awsit.toml` above a folder, else of the one above where pytest was started.

        Raises AwsitError when its settings are wrong.
        """
        file = None if environment().get("AWSIT_CONFIG") else find_file(folder) or find_file(self._folder)
        if file not in self._known:
            session = Session(self._wiring)
            session.config_file = str(file) if file else None
            self._known[file] = Project(session, session.settings(**self._flags))
        return self._known[file]

    def scenario_folders(self, folder: Path) -> tuple[Path, ...]:
        """The folders for scenarios in the project of a folder, the project's own folder left out.

        All folders are, while the settings are wrong: collection then tells what is wrong with them.
        """
        try:
            settings = self.of(folder).settings
        except AwsitError:
            return (folder,)
        return tuple(each for each in settings.scenarios if each.resolve() != settings.root.resolve())

    def close(self) -> None:
        """Close the connections."""
        self._wiring.close()


class Project:
    """One project's settings and engine; its runs are one suite."""

    def __init__(self, session: Session, settings: Settings) -> None:
        self.session, self.settings = session, settings
        self.suite = session.wiring.randomness().token(20)
        self._is_sandbox_ready = False

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """The engine of the settings.

        In the sandbox, this process has the sandbox's AWS variables for as long as the block lasts; other tests of the
        same process get their own back.
        """
        if not self.settings.sandbox:
            yield self._engine
            return
        before = {name: value for name, value in environment().items() if name.startswith("AWS_")}
        try:
            self._make_sandbox_ready()
            yield self.session.wiring.engine(self.settings)
        finally:
            replace_aws_variables(before)

    @cached_property
    def _engine(self) -> Engine:
        return self.session.wiring.engine(self.settings)

    def _make_sandbox_ready(self) -> None:
        """Start and fill the sandbox, once."""
        if self._is_sandbox_ready:
            return
        from awsit.cli.running.sandbox_ready import make_ready

        make_ready(self.session, self.settings)
        self._is_sandbox_ready = True


class SharedConnections(Wiring):
    """The real objects, with one pool of HTTP connections for each AWS, which can be closed."""

    def __init__(self) -> None:
        self._http: dict[tuple[str, str], Urllib3Transport] = {}

    def http(self, aws_endpoint: str = "", allowed_hosts: str = "") -> Urllib3Transport:
        """The same pool for everything that calls the same AWS and may reach the same hosts."""
        key = aws_endpoint, allowed_hosts
        if key not in self._http:
            self._http[key] = super().http(*key)
        return self._http[key]

    def close(self) -> None:
        """Close the connections that were opened."""
        for transport in self._http.values():
            transport.close()
