"""Installs wheels into a folder with pip: for the Python that runs awsit, or for a Lambda function's platform."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from awsit.errors import EnvironmentFailure

INDEX_HINT = "check that `python -m pip --version` works and that the package index can be reached"
_MACHINES = {"arm64": "aarch64", "x86_64": "x86_64"}
_AMAZON_LINUX_2, _AMAZON_LINUX_2023 = 26, 34
_OLDEST_GLIBC = 17
_FIRST_ON_2023 = (3, 12)


class Platform(Struct, frozen=True):
    """Where a function runs: the version of its Python (`3.13`), and the processor (`arm64`, `x86_64`)."""

    python: str
    architecture: str

    def __str__(self) -> str:
        return f"Python {self.python} on {self.architecture}"

    @property
    def options(self) -> list[str]:
        """Pip's options that choose its wheels.

        Runtimes of Python up to 3.11 run on Amazon Linux 2 with glibc 2.26, later ones on Amazon Linux 2023 with 2.34
        (AWS Lambda developer guide, "Lambda runtimes"; PEP 600 for the names of platforms).
        """
        machine = _MACHINES[self.architecture]
        version = tuple(int(part) for part in self.python.split("."))
        newest = _AMAZON_LINUX_2023 if version >= _FIRST_ON_2023 else _AMAZON_LINUX_2
        names = [f"manylinux_2_{minor}_{machine}" for minor in range(newest, _OLDEST_GLIBC, -1)]
        platforms = [option for name in [*names, f"manylinux2014_{machine}"] for option in ("--platform", name)]
        return [*platforms, "--implementation", "cp", "--python-version", self.python]


def here() -> str:
    """The Python that runs awsit, in words and as part of a cache's key."""
    return f"Python {sys.version_info[0]}.{sys.version_info[1]} of this machine ({sys.implementation.cache_tag})"


def install(requirements: Sequence[str], target: Path, platform: Platform | None, folder: Path | None = None) -> str:
    """Install wheels into the folder `target`; returns what pip says is wrong, nothing when all is installed.

    `requirements` are pip's arguments that say what to install, and `folder` is where relative paths in them start.
    Without a `platform` the wheels are for the Python that runs awsit. Nothing is built from source: that could not be
    done for another platform. Raises EnvironmentFailure without pip.
    """
    done = _run(
        *("install", "--quiet", "--no-input", "--only-binary=:all:", "--no-compile", "--target", str(target)),
        *(platform.options if platform else ()),
        *requirements,
        folder=folder,
    )
    if done.returncode and "No module named pip" in done.stderr:
        raise EnvironmentFailure(
            "pip is not installed beside awsit, and is needed to install the dependencies of functions",
            code="packaging",
            hint=f"run `{sys.executable} -m ensurepip`, or `uv pip install pip` where uv made the environment",
        )
    return done.stderr if done.returncode else ""


def last_error(text: str) -> str:
    """The line of pip's output that says what is wrong."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return next((line for line in reversed(lines) if line.startswith("ERROR")), lines[-1] if lines else "no message")


def _run(*arguments: str, folder: Path | None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)  # noqa: S603 - no shell
