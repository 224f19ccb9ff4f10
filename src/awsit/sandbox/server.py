"""The server that emulates AWS: its command, folders, environment and port."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import socket
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from awsit.errors import SandboxError
from awsit.sandbox import functions
from awsit.system.files import make_own, write_own

LOOPBACK = "127.0.0.1"
NEEDED_MODULES = ("ministack", "cryptography", "samtranslator")
COMMAND = (sys.executable, "-P", "-m", "awsit.sandbox.emulator")
"""`-P` keeps modules of the current folder out of the server. Functions run in this Python too, with its packages."""

INHERITED = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""The only variables of the user that the server gets: it hands its environment on to functions, as AWS never would."""


OLD_KEY = "test"
"""Both keys of a sandbox that awsit of a version before this one has started: it takes any."""


class AccessKeys(Struct, frozen=True):
    """The keys of the root of the emulated account, random at each start; whoever has them may do everything."""

    access_key_id: str = OLD_KEY
    secret_access_key: str = OLD_KEY

    __repr__ = object.__repr__  # the key is secret


class SandboxOptions(Struct, frozen=True):
    """How the emulated AWS behaves, and how long it may take to start and end.

    `enforce_policies` enforces the IAM policies of users and roles. `wait_scale` is a factor on the waits of Step
    Functions (0.1: ten times as fast). `concurrency` limits how many functions run at once, each in a process of about
    40 MB.
    """

    region: str = "us-east-1"
    enforce_policies: bool = False
    wait_scale: float = 1.0
    concurrency: int = 16
    ready_within_seconds: float = 30.0
    ended_within_seconds: float = 5.0


class SandboxFolder(Struct, frozen=True):
    """The folder `root` of a sandbox and the files in it, which all belong to the sandbox."""

    root: Path

    @property
    def lease(self) -> Path:
        """The lock that the server holds while it lives."""
        return self.root / "lease"

    @property
    def record(self) -> Path:
        """The `SandboxInfo` of the server, for later commands."""
        return self.root / "server.json"

    @property
    def usual_port(self) -> Path:
        """The port of the last start, kept over restarts."""
        return self.root / "port"

    @property
    def log(self) -> Path:
        """The output of the server, kept after it has ended."""
        return self.root / "server.log"

    @property
    def scratch(self) -> Path:
        """State, buckets and unpacked functions, removed when the server has ended."""
        return self.root / "scratch"

    @property
    def is_there(self) -> bool:
        """Whether there is such a folder. A link is none: what it leads to is not the sandbox's to remove."""
        return self.root.is_dir() and not self.root.is_symlink()

    def make_root(self) -> None:
        """Create the folder, readable by this user only. Raises SandboxError."""
        with self._writing():
            make_own(self.root)
            self.root.chmod(0o700)  # one of before may be open to others

    def make_empty(self) -> None:
        """Remove what a server that has ended left, and create empty scratch folders. Raises SandboxError."""
        self.clear()
        with self._writing():
            for name in ("tmp", "home", "state", "s3"):
                (self.scratch / name).mkdir(parents=True)

    def clear(self) -> None:
        """Remove the scratch folder and the record of a server that has ended. Of a link, nothing but the link."""
        self.record.unlink(missing_ok=True)
        if self.scratch.is_symlink():
            self.scratch.unlink()
        shutil.rmtree(self.scratch, ignore_errors=True)

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise SandboxError(
                f"the sandbox cannot write its folder {self.root}: {error.strerror}",
                hint="Make it writable, or name another: AWSIT_STATE_FOLDER, `state_folder` in awsit.toml.",
            ) from error


def server_environment(
    address: tuple[int, str],
    keys: AccessKeys,
    folder: SandboxFolder,
    options: SandboxOptions,
    outside: Mapping[str, str],
) -> dict[str, str]:
    """The whole environment of the server: one port on loopback, its own folders, none of the user's AWS settings.

    `address` is that port, and a token: the `edition` of the health page, which tells this server from another one on
    the same port.
    """
    port, token = address
    scratch = folder.scratch
    return {
        **{name: outside[name] for name in INHERITED if name in outside},
        "GATEWAY_PORT": str(port),
        "BIND_HOST": LOOPBACK,
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "DOCKER_HOST": f"unix://{scratch}/none.sock",  # otherwise it removes the containers of other emulators
        "HOME": str(scratch / "home"),
        "TMPDIR": str(scratch / "tmp"),
        "STATE_DIR": str(scratch / "state"),
        "S3_DATA_DIR": str(scratch / "s3"),
        "PYTHONUNBUFFERED": "1",
        **functions.ENVIRONMENT,
        "AWS_ACCESS_KEY_ID": keys.access_key_id,
        "AWS_SECRET_ACCESS_KEY": keys.secret_access_key,
        "AWS_ENDPOINT_URL": f"http://{LOOPBACK}:{port}",
        "MINISTACK_REGION": options.region,
        "MINISTACK_EDITION": token,
        "AUTH": "true" if options.enforce_policies else "false",
        "SFN_WAIT_SCALE": str(options.wait_scale),
        "LAMBDA_ACCOUNT_CONCURRENCY": str(options.concurrency),
        "LAMBDA_WARM_TTL_SECONDS": "60",
    }


def require_installed(modules: tuple[str, ...] = NEEDED_MODULES) -> None:
    """Raise SandboxError when the emulator or its package for SAM templates is not installed."""
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if missing:
        raise SandboxError(
            f"the sandbox is not installed ({' and '.join(missing)} not found)",
            code="sandbox_not_installed",
            hint="install awsit with its extra, the way you installed it, such as pip install 'awsit[sandbox]'",
        )


def choose_port(wanted: int | None, usual_port: Path) -> int:
    """The `wanted` port, else the one in the file `usual_port` if it is free, else any free one; kept in that file.

    Raises SandboxError when the wanted port is taken, reserved or no port.
    """
    port = wanted or read_port(usual_port)
    try:
        port = _free_port(port or 0)
    except (OSError, OverflowError) as error:
        if wanted:
            raise _unusable(wanted, error) from error
        port = _free_port(0)
    write_own(usual_port, f"{port}\n")
    return port


def read_port(usual_port: Path) -> int | None:
    """The port in the file; None before the first start, and when somebody wrote something else there."""
    try:
        return int(usual_port.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _free_port(port: int) -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((LOOPBACK, port))
        return int(probe.getsockname()[1])


def _unusable(port: int, error: OSError | OverflowError) -> SandboxError:
    reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else "not a port"
    return SandboxError(
        f"the sandbox cannot use port {port}: {reason}",
        code="sandbox_port_taken",
        hint="Name another with --port, or none to have the usual one, or any free one.",
    )
