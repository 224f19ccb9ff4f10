"""The function's deployment package: awsit's own code, and its dependencies for the function's platform.

`python -m awsit.aws.deployment.package FOLDER [arm64|x86_64]` writes it as a folder, for `sam deploy`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import awsit
from awsit.aws.deployment import archive
from awsit.aws.deployment.archive import Entry
from awsit.errors import EnvironmentFailure

PYTHON_VERSION = "3.13"
_PLATFORMS = {"arm64": "aarch64", "x86_64": "x86_64"}
_NOT_IN_THE_FUNCTION = frozenset({"cli", "sandbox", "reporting", "infra"})
_CHANGES_WITH_THE_MACHINE = frozenset({"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"})
_FORMAT = "1"
"""Changes when this module builds something else from the same files, so that no old package is taken from a cache."""


def infra_folder() -> Path:
    """Where the template and the state machines are: inside an installed package, else in the source tree."""
    package = Path(awsit.__file__).parent
    installed = package / "infra"
    return installed if installed.is_dir() else package.parents[1] / "infra"


def function_zip(architecture: str, cache_folder: Path, *, dependencies: bool = True) -> Path:
    """The package as a zip file in `cache_folder`, built when it is not there yet.

    `architecture` is `arm64` or `x86_64`. Without `dependencies` it holds awsit's code alone, for a sandbox that has
    them already. Raises EnvironmentFailure when pip cannot bring the dependencies.
    """
    own = list(_own_code())
    brought = _dependencies(architecture, cache_folder) if dependencies else None
    key = sha256(f"{_FORMAT} {archive.digest(own)} {brought.name if brought else ''}".encode()).hexdigest()
    target = cache_folder / f"function-{key[:32]}.zip"
    if not target.is_file():
        files = [*own, *(_brought(brought) if brought else ())]
        _write_whole(target, archive.pack(files))
    return target


def function_folder(target: Path, architecture: str, cache_folder: Path) -> None:
    """The package as a folder, for `sam deploy` to pack. An older one at `target` is replaced."""
    files = [*_own_code(), *_brought(_dependencies(architecture, cache_folder))]
    shutil.rmtree(target, ignore_errors=True)
    for entry in files:
        place = target / entry.name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(entry.file, place)


def _own_code() -> Iterator[Entry]:
    for entry in archive.entries(Path(awsit.__file__).parent, "awsit"):
        if entry.name.split("/")[1] not in _NOT_IN_THE_FUNCTION:
            yield entry


def _brought(folder: Path) -> Iterator[Entry]:
    """The installed dependencies, less what differs between two machines: scripts and pip's own notes."""
    for entry in archive.entries(folder):
        if not entry.name.startswith("bin/") and entry.file.name not in _CHANGES_WITH_THE_MACHINE:
            yield entry


def _dependencies(architecture: str, cache_folder: Path) -> Path:
    """The folder that holds the locked dependencies, installed once per lock file and architecture."""
    lock = infra_folder() / "function-requirements.txt"
    key = sha256(f"{_FORMAT} {PYTHON_VERSION} {architecture} ".encode() + lock.read_bytes()).hexdigest()
    target = cache_folder / f"dependencies-{key[:32]}"
    if not target.is_dir():
        cache_folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache_folder, prefix="installing-") as unfinished:
            _install(lock, architecture, Path(unfinished) / "site")
            _put_in_place(Path(unfinished) / "site", target)
    return target


def _install(lock: Path, architecture: str, target: Path) -> None:
    platform = _PLATFORMS[architecture]
    command = [
        *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"),
        *("--platform", f"manylinux_2_28_{platform}", "--platform", f"manylinux2014_{platform}"),
        *("--implementation", "cp", "--python-version", PYTHON_VERSION, "--only-binary=:all:"),
        # the lock file is the whole truth: nothing beside it is looked for
        *("--no-deps", "--require-hashes", "--no-compile", "--target", str(target), "--requirement", str(lock)),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - no shell, fixed words
    if done.returncode != 0:
        raise EnvironmentFailure(
            f"pip could not install the function's dependencies: {_last_line(done.stderr)}",
            code="packaging",
            hint="check that `python -m pip --version` works and that the package index can be reached",
        )


def _put_in_place(made: Path, target: Path) -> None:
    try:
        made.rename(target)
    except OSError:
        if not target.is_dir():  # else another process was first, with the same content
            raise


def _write_whole(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix="packing-", delete=False) as unfinished:
        unfinished.write(content)
    Path(unfinished.name).replace(target)


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return next((line for line in reversed(lines) if line.startswith("ERROR")), lines[-1] if lines else "no message")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as cache:
        function_folder(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "arm64", Path(cache))  # noqa: PLR2004
