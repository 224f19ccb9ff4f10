"""The function's deployment package: awsit's own code and its dependencies, for the function's platform.

`python -m awsit.aws.deployment.package FOLDER [arm64|x86_64]` writes it to a folder, for `sam deploy`.
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
from awsit.aws.deployment.archive import ArchiveMember
from awsit.errors import EnvironmentFailure

PYTHON_VERSION = "3.13"
_PLATFORMS = {"arm64": "aarch64", "x86_64": "x86_64"}
_NOT_IN_THE_FUNCTION = frozenset({"cli", "sandbox", "reporting", "infra"})
_DIFFERS_BETWEEN_MACHINES = frozenset({"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"})
_FORMAT = "1"
"""Increase it when this module builds another package from the same files, so that no cached one is used."""


def infra_folder() -> Path:
    """The folder of the template and the state machines: in an installed package, or else in the source tree."""
    package = Path(awsit.__file__).parent
    installed = package / "infra"
    return installed if installed.is_dir() else package.parents[1] / "infra"


def function_zip(architecture: str, cache_folder: Path, *, dependencies: bool = True) -> Path:
    """The package as a zip file in `cache_folder`, built unless it is there.

    `architecture` is `arm64` or `x86_64`. Without `dependencies` it holds awsit's code only, for a sandbox whose
    functions see those of this machine. Raises EnvironmentFailure when pip cannot install the dependencies.
    """
    code = list(_own_code())
    site = _installed(architecture, cache_folder) if dependencies else None
    key = sha256(f"{_FORMAT} {archive.digest(code)} {site.name if site else ''}".encode()).hexdigest()
    target = cache_folder / f"function-{key[:32]}.zip"
    if not target.is_file():
        files = [*code, *(_dependencies(site) if site else ())]
        _write_atomically(target, archive.pack(files))
    return target


def function_folder(target: Path, architecture: str, cache_folder: Path) -> None:
    """Write the package to the folder `target`, which is replaced, for `sam deploy` to pack."""
    files = [*_own_code(), *_dependencies(_installed(architecture, cache_folder))]
    shutil.rmtree(target, ignore_errors=True)
    for member in files:
        copy = target / member.name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(member.file, copy)


def _own_code() -> Iterator[ArchiveMember]:
    for member in archive.members(Path(awsit.__file__).parent, "awsit"):
        if member.name.split("/")[1] not in _NOT_IN_THE_FUNCTION:
            yield member


def _dependencies(site: Path) -> Iterator[ArchiveMember]:
    """The files of the installed dependencies, without those that differ between machines: scripts, pip's records."""
    for member in archive.members(site):
        if not member.name.startswith("bin/") and member.file.name not in _DIFFERS_BETWEEN_MACHINES:
            yield member


def _installed(architecture: str, cache_folder: Path) -> Path:
    """The folder with the locked dependencies, installed once for each lock file and architecture."""
    lock = infra_folder() / "function-requirements.txt"
    key = sha256(f"{_FORMAT} {PYTHON_VERSION} {architecture} ".encode() + lock.read_bytes()).hexdigest()
    target = cache_folder / f"dependencies-{key[:32]}"
    if not target.is_dir():
        cache_folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache_folder, prefix="installing-") as unfinished:
            _install(lock, architecture, Path(unfinished) / "site")
            _move(Path(unfinished) / "site", target)
    return target


def _install(lock: Path, architecture: str, target: Path) -> None:
    platform = _PLATFORMS[architecture]
    command = [
        *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"),
        *("--platform", f"manylinux_2_28_{platform}", "--platform", f"manylinux2014_{platform}"),
        *("--implementation", "cp", "--python-version", PYTHON_VERSION, "--only-binary=:all:"),
        # the lock file names every package: pip resolves nothing
        *("--no-deps", "--require-hashes", "--no-compile", "--target", str(target), "--requirement", str(lock)),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - no shell, fixed words
    if done.returncode != 0:
        raise EnvironmentFailure(
            f"pip could not install the function's dependencies: {_last_line(done.stderr)}",
            code="packaging",
            hint="check that `python -m pip --version` works and that the package index can be reached",
        )


def _move(folder: Path, target: Path) -> None:
    try:
        folder.rename(target)
    except OSError:
        if not target.is_dir():  # otherwise another process was first, with the same content
            raise


def _write_atomically(target: Path, content: bytes) -> None:
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
