"""The life of the emulated AWS: started once, found again by later commands, stopped by the one who wants it gone."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from awsit.errors import ActionError, SandboxError
from awsit.model import json
from awsit.model.ports import Clock, HttpRequest, HttpTransport, Randomness
from awsit.sandbox import info as record
from awsit.sandbox import lease, process, server
from awsit.sandbox.info import SandboxInfo
from awsit.sandbox.server import Folders, Options

POLL_SECONDS = 0.05


class Sandbox:
    """The one sandbox of a state folder (`.awsit`); everything is kept in `sandbox/` below it."""

    def __init__(  # noqa: PLR0913 - the ports, and what tests replace
        self,
        state_folder: Path,
        http: HttpTransport,
        clock: Clock,
        randomness: Randomness,
        *,
        outside: Mapping[str, str] | None = None,
        options: Options | None = None,
        command: Sequence[str] = server.COMMAND,
        needed_modules: tuple[str, ...] = server.NEEDED_MODULES,
    ) -> None:
        """Start nothing yet. `outside` is the process's environment, of which a few variables are handed on."""
        self._folders = Folders(state_folder.absolute() / "sandbox")
        self._http, self._clock, self._randomness = http, clock, randomness
        self._outside = outside or {}
        self._options = options or Options()
        self._command, self._needed_modules = command, needed_modules

    @property
    def log(self) -> Path:
        """The server's log file."""
        return self._folders.log

    def start(self, port: int | None = None) -> SandboxInfo:
        """Have it running and ready; the same sandbox when it already is. Raises SandboxError.

        `port` None: a free one. Two starts at once end with one server, which both return.
        """
        server.require_installed(self._needed_modules)
        self._folders.make_root()
        deadline = self._clock.monotonic() + self._options.ready_within_seconds
        while True:
            held = lease.acquire(self._folders.lease)
            if held is not None:
                return self._launch(port, held, deadline)
            info = record.read(self._folders.record)
            if info and self._is_ready(info):
                return record.on_port(info, port)
            self._wait(deadline, "the sandbox that is running here does not answer", "Run: awsit sandbox stop")

    def status(self) -> SandboxInfo | None:
        """The sandbox, when it is running."""
        return record.read(self._folders.record) if lease.is_held(self._folders.lease) else None

    def check_alive(self) -> SandboxInfo:
        """The sandbox. Raises SandboxError, with the end of its log, when it has died, and when none was started."""
        info = self.status()
        if info:
            return info
        if self._folders.record.exists():
            raise self._failure("the sandbox has died", hint="Start it again: awsit sandbox start")
        raise SandboxError("no sandbox is running", code="sandbox_not_running", hint="Run: awsit sandbox start")

    def reset(self) -> SandboxInfo:
        """Remove everything from the emulated account; the server goes on. Raises SandboxError."""
        info = self.check_alive()
        try:
            response = self._http.send(HttpRequest("POST", f"{info.endpoint_url}/_ministack/reset"))
        except ActionError as error:
            self.check_alive()
            raise self._failure(f"the sandbox did not reset: {error.message}") from error
        if response.status != 200:  # noqa: PLR2004 - HTTP OK
            raise self._failure(f"the sandbox did not reset: HTTP {response.status}")
        return info

    def stop(self) -> bool:
        """End the server and remove its scratch folder; False when none was running. Raises SandboxError."""
        info = self.status()
        if info:
            self._end(info)
        held = lease.acquire(self._folders.lease) if self._folders.root.exists() else None
        if held is not None:
            self._folders.clear()
            os.close(held)
        return info is not None

    def _launch(self, port: int | None, held: int, deadline: float) -> SandboxInfo:
        try:
            self._folders.make_empty()
            info = self._spawn(server.choose_port(port), held)
        finally:
            os.close(held)  # from here on the server alone holds it
        try:
            self._wait_until_ready(info, deadline)
        except BaseException:  # Ctrl-C too: nothing half-started stays
            self.stop()
            raise
        return info

    def _wait_until_ready(self, info: SandboxInfo, deadline: float) -> None:
        while not self._is_ready(info):
            if not lease.is_held(self._folders.lease):
                raise self._failure("the sandbox ended while it was starting")
            self._wait(deadline, f"the sandbox was not ready in {self._options.ready_within_seconds:g} seconds")

    def _spawn(self, port: int, held: int) -> SandboxInfo:
        token = self._randomness.token(16)
        variables = server.environment(port, token, self._folders, self._options, self._outside)
        try:
            pid = process.spawn(self._command, variables, self._folders.log, held)
        except OSError as error:
            raise SandboxError(f"the sandbox could not be started: {error}") from error
        info = SandboxInfo(
            endpoint_url=f"http://{server.LOOPBACK}:{port}",
            port=port,
            pid=pid,
            state_folder=self._folders.root.parent,
            region=self._options.region,
            started_at=self._clock.now().isoformat(timespec="seconds"),
            token=token,
        )
        record.write(self._folders.record, info)
        return info

    def _is_ready(self, info: SandboxInfo) -> bool:
        request = HttpRequest("GET", f"{info.endpoint_url}/_ministack/health", timeout_seconds=2.0)
        try:
            health = json.loads(self._http.send(request).body)
        except (ActionError, ValueError):
            return False
        ours = isinstance(health, dict) and health.get("edition") == info.token
        return ours and health["ready_scripts"]["status"] == "completed"

    def _end(self, info: SandboxInfo) -> None:
        """SIGTERM, a bounded wait, SIGKILL. The lease says that `info.pid` is still the server's own."""
        for send in (process.ask_to_end, process.kill):
            if lease.is_held(self._folders.lease):
                send(info.pid)
            if self._has_ended(info):
                return
        raise self._failure(f"the sandbox (process {info.pid}) does not end")

    def _has_ended(self, info: SandboxInfo) -> bool:
        deadline = self._clock.monotonic() + self._options.ended_within_seconds
        while lease.is_held(self._folders.lease):
            if self._clock.monotonic() > deadline:
                return False
            self._clock.sleep(POLL_SECONDS)
        process.kill(info.pid)  # functions that outlive the server: their group keeps its ID while one of them lives
        process.reap(info.pid)
        return True

    def _wait(self, deadline: float, complaint: str, hint: str = "") -> None:
        if self._clock.monotonic() > deadline:
            raise self._failure(complaint, hint)
        self._clock.sleep(POLL_SECONDS)

    def _failure(self, message: str, hint: str = "") -> SandboxError:
        end = process.tail(self._folders.log)
        log = f"\n{end}" if end else " (its log is empty)"
        return SandboxError(f"{message}; the end of {self._folders.log}:{log}", hint=hint or f"See {self._folders.log}")
