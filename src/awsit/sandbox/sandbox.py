"""The life of the emulated AWS: one command starts it, later commands find it, `awsit sandbox stop` ends it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from pathlib import Path

from awsit.errors import ActionError, SandboxError
from awsit.model import json
from awsit.model.connections.transport import HttpTransport
from awsit.model.http import HttpRequest
from awsit.model.ports import Clock, Randomness
from awsit.model.text.counts import count
from awsit.sandbox import lease, process, server
from awsit.sandbox.info import SandboxInfo, check_policies, check_port, read_info, write_info
from awsit.sandbox.server import AccessKeys, SandboxFolder, SandboxOptions

POLL_SECONDS = 0.05
NO_ANSWER, STOP_IT = "the sandbox that is running here does not answer", "Run: awsit sandbox stop"


class Sandbox:
    """The sandbox of a state folder (`.awsit`), which keeps its files in `sandbox/` below it."""

    def __init__(  # noqa: PLR0913 - the ports, and what tests replace
        self,
        state_folder: Path,
        http: HttpTransport,
        clock: Clock,
        randomness: Randomness,
        *,
        outside: Mapping[str, str] | None = None,
        options: SandboxOptions | None = None,
        command: Sequence[str] = server.COMMAND,
        needed_modules: tuple[str, ...] = server.NEEDED_MODULES,
    ) -> None:
        """Start nothing yet. `outside` is the environment of this process; the server gets a few variables of it."""
        self._folder = SandboxFolder(state_folder.absolute() / "sandbox")
        self._http, self._clock, self._randomness = http, clock, randomness
        self._outside = outside or {}
        self._options = options or SandboxOptions()
        self._command, self._needed_modules = command, needed_modules

    @property
    def log(self) -> Path:
        """The server's log file."""
        return self._folder.log

    @property
    def usual_port(self) -> int | None:
        """The port of the last start, which the next one takes unless another program has it."""
        return server.read_port(self._folder.usual_port)

    def start(self, port: int | None = None) -> SandboxInfo:
        """Start the sandbox and wait until it is ready; one that runs already is returned. Raises SandboxError.

        Without a `port`, the one of the last start, or any free one when that is taken. Of two starts at the same time
        one starts the server, and both return it.
        """
        server.require_installed(self._needed_modules)
        self._folder.make_root()
        deadline = self._clock.monotonic() + self._options.ready_within_seconds
        while True:
            held = lease.acquire(self._folder.lease)
            if held is not None:
                return self._launch(port, held, deadline)
            info = read_info(self._folder.record)
            if info and self._is_ready(info):
                check_port(info, port)
                check_policies(info, enforce=self._options.enforce_policies)
                return info
            self._wait(deadline, NO_ANSWER, STOP_IT)

    def status(self) -> SandboxInfo | None:
        """The running sandbox, or None."""
        return read_info(self._folder.record) if lease.is_held(self._folder.lease) else None

    def check_alive(self) -> SandboxInfo:
        """The running sandbox. Raises SandboxError when it has died, with the end of its log, or was not started."""
        info = self.status()
        if info:
            return info
        if self._folder.record.exists():
            raise self._failure("the sandbox has died", hint="Start it again: awsit sandbox start")
        raise SandboxError("no sandbox is running", code="sandbox_not_running", hint="Run: awsit sandbox start")

    def check_answers(self) -> SandboxInfo:
        """The running sandbox. Raises SandboxError when it has died, does not answer, or somebody else has its port."""
        info = self.check_alive()
        if not self._is_ready(info):
            raise self._failure(NO_ANSWER, STOP_IT)
        return info

    def reset(self) -> SandboxInfo:
        """Remove every resource from the emulated account, without a restart. Raises SandboxError."""
        info = self.check_answers()
        try:
            headers = {"Authorization": f"Bearer {info.secret_access_key}"}
            response = self._http.send(HttpRequest("POST", f"{info.endpoint_url}/_ministack/reset", headers))
        except ActionError as error:
            self.check_alive()
            raise self._failure(f"the sandbox did not reset: {error.message}") from error
        if response.status != HTTPStatus.OK:
            raise self._failure(f"the sandbox did not reset: HTTP {response.status}")
        return info

    def stop(self) -> bool:
        """End the server and remove its scratch folder; False when it was not running. Raises SandboxError."""
        info = self.status()
        if info:
            self._end(info)
        held = lease.acquire(self._folder.lease) if self._folder.is_there else None
        if held is not None:
            self._folder.clear()
            os.close(held)
        return info is not None

    def _launch(self, port: int | None, held: int, deadline: float) -> SandboxInfo:
        try:
            self._folder.make_empty()
            info = self._spawn(server.choose_port(port, self._folder.usual_port), held)
        finally:
            os.close(held)  # from here on only the server holds the lock
        try:
            self._wait_until_ready(info, deadline)
        except BaseException:  # on Ctrl-C too, no half-started server is left
            self.stop()
            raise
        return info

    def _wait_until_ready(self, info: SandboxInfo, deadline: float) -> None:
        while not self._is_ready(info):
            if not lease.is_held(self._folder.lease):
                raise self._failure("the sandbox ended while it was starting")
            self._wait(
                deadline,
                f"the sandbox was not ready in {count(self._options.ready_within_seconds, 'second', spec='g')}",
            )

    def _spawn(self, port: int, held: int) -> SandboxInfo:
        token = self._randomness.token(16)
        keys = AccessKeys(f"AKIA{self._randomness.token(16).upper()}", self._randomness.token(40))
        variables = server.server_environment((port, token), keys, self._folder, self._options, self._outside)
        try:
            pid = process.spawn(self._command, variables, self._folder.log, held)
        except OSError as error:
            raise SandboxError(f"the sandbox could not be started: {error}") from error
        info = SandboxInfo(
            endpoint_url=f"http://{server.LOOPBACK}:{port}",
            port=port,
            pid=pid,
            state_folder=self._folder.root.parent,
            region=self._options.region,
            started_at=self._clock.now().isoformat(timespec="seconds"),
            token=token,
            concurrency=self._options.concurrency,
            enforces_policies=self._options.enforce_policies,
            access_key_id=keys.access_key_id,
            secret_access_key=keys.secret_access_key,
        )
        write_info(self._folder.record, info)
        return info

    def _is_ready(self, info: SandboxInfo) -> bool:
        request = HttpRequest("GET", f"{info.endpoint_url}/_ministack/health", timeout_seconds=2.0)
        try:
            health = json.loads(self._http.send(request).body)
        except (ActionError, ValueError):
            return False
        is_ours = isinstance(health, dict) and health.get("edition") == info.token
        return is_ours and health["ready_scripts"]["status"] == "completed"

    def _end(self, info: SandboxInfo) -> None:
        """SIGTERM, then SIGKILL. While the lease is held, `info.pid` cannot be another process's."""
        for send_signal in (process.terminate, process.kill):
            if lease.is_held(self._folder.lease):
                send_signal(info.pid)
            if self._has_ended(info):
                return
        raise self._failure(f"the sandbox (process {info.pid}) does not end")

    def _has_ended(self, info: SandboxInfo) -> bool:
        deadline = self._clock.monotonic() + self._options.ended_within_seconds
        while lease.is_held(self._folder.lease):
            if self._clock.monotonic() > deadline:
                return False
            self._clock.sleep(POLL_SECONDS)
        process.kill(info.pid)  # functions that outlive the server keep its process group alive
        process.reap(info.pid)
        return True

    def _wait(self, deadline: float, problem: str, hint: str = "") -> None:
        if self._clock.monotonic() > deadline:
            raise self._failure(problem, hint)
        self._clock.sleep(POLL_SECONDS)

    def _failure(self, message: str, hint: str = "") -> SandboxError:
        tail = process.tail(self._folder.log)
        log = f"\n{tail}" if tail else " (its log is empty)"
        return SandboxError(f"{message}; the end of {self._folder.log}:{log}", hint=hint or f"See {self._folder.log}")
