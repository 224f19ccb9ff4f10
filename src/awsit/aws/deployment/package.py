"""The function's deployment package: awsit's own code and its dependencies, for the function's platform.

`python -m awsit.aws.deployment.package FOLDER [arm64|x86_64]` writes it to a folder, for `sam deploy`.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import awsit
from awsit.aws.deployment.builds import archive, pip, site
from awsit.aws.deployment.builds.archive import ArchiveMember
from awsit.aws.deployment.builds.byte_code import byte_code
from awsit.aws.deployment.builds.pip import Platform
from awsit.errors import EnvironmentFailure
from awsit.expressions.fake_data import LOCALES, MODULES

PYTHON_VERSION = "3.13"
ARCHITECTURES = ("arm64", "x86_64")
_NOT_IN_THE_FUNCTION = (
    "awsit/aws/deployment/",
    "awsit/aws/evidence/",
    "awsit/aws/logs/",
    "awsit/cli/",
    "awsit/diagnosis/",
    "awsit/forecast/",
    "awsit/load/",
    "awsit/infra/",
    "awsit/pytest_plugin/",
    "awsit/reporting/formats/",
    "awsit/reporting/html/",
    "awsit/reporting/terminal/",
    "awsit/sandbox/",
    "awsit/scenario/json_schema/",
)
START = ("awsit.lambdas.atomic_invoker", "awsit.lambdas.mocks")
"""What a worker imports when it starts. What these import is in the package as byte code too."""
_UTILITIES = (
    *("auth_alpha", "batch", "circuit_breaker", "data_classes", "data_masking"),
    *("feature_flags", "idempotency", "kafka", "parameters", "parser"),
)
UNUSED = (
    "aws_lambda_powertools/event_handler",
    *(f"aws_lambda_powertools/utilities/{name}" for name in _UTILITIES),
    "jsonschema/tests",
    "pydantic/v1",
    "regex/tests",
    "simplejson/tests",
    "urllib3/contrib/emscripten",
    "werkzeug/debug",
    "yaml/_yaml",
)
"""Parts of the dependencies that nothing in the function imports, and that are large."""


def infra_folder() -> Path:
    """The folder of the template and the state machines: in an installed package, or else in the source tree."""
    package = Path(awsit.__file__).parent
    installed = package / "infra"
    return installed if installed.is_dir() else package.parents[1] / "infra"


def function_zip(architecture: str, cache_folder: Path, *, dependencies: bool = True) -> Path:
    """The package as a zip file in `cache_folder`, built unless it is there.

    `architecture` is `arm64` or `x86_64`. Without `dependencies` it holds awsit's code only, for a sandbox whose
    functions see those of this machine. Where Python 3.13 is on this machine, byte code is in it. Raises
    EnvironmentFailure when pip cannot install the dependencies.
    """
    if not dependencies:
        return site.packed("function", _own_code(), None, cache_folder)
    installed = _dependencies(architecture, cache_folder)
    return site.packed("function", _own_code(), installed, cache_folder, byte_code(PYTHON_VERSION, START))


def function_folder(target: Path, architecture: str, cache_folder: Path) -> None:
    """Write the package to the folder `target`, which is replaced, for `sam deploy` to pack."""
    installed = _dependencies(architecture, cache_folder)
    with site.contents(_own_code(), installed, cache_folder, byte_code(PYTHON_VERSION, START)) as members:
        shutil.rmtree(target, ignore_errors=True)
        for member in members:
            copy = target / member.name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(member.file, copy)


def _own_code() -> Iterator[ArchiveMember]:
    for member in archive.members(Path(awsit.__file__).parent, "awsit"):
        if not member.name.startswith(_NOT_IN_THE_FUNCTION):
            yield member


def _dependencies(architecture: str, cache_folder: Path) -> site.Packages:
    folder = _installed(architecture, cache_folder)
    return site.Packages(folder, without=(*UNUSED, *unused_of_faker(folder)))


def unused_of_faker(folder: Path) -> Iterator[str]:
    """The folders of Faker that `fake` does not draw from: other languages and kinds of data, most of its size."""
    for path in sorted((folder / "faker" / "providers").glob("*/")):
        languages = [path / each.name for each in sorted(path.glob("*/")) if each.name not in LOCALES]
        for unused in languages if path.name in MODULES else [path]:
            yield unused.relative_to(folder).as_posix()


def _installed(architecture: str, cache_folder: Path) -> Path:
    """The folder with the locked dependencies, installed once for each lock file and architecture."""
    lock = infra_folder() / "function-requirements.txt"
    platform = Platform(PYTHON_VERSION, architecture)

    def install(target: Path) -> None:
        # the lock file names every package: pip resolves nothing
        error = pip.install(["--no-deps", "--require-hashes", "--requirement", str(lock)], target, platform)
        if error:
            raise EnvironmentFailure(
                f"pip could not install the function's dependencies: {pip.last_error(error)}",
                code="packaging",
                hint=pip.INDEX_HINT,
            )

    return site.installed(f"{platform} {lock.read_text(encoding='utf-8')}", cache_folder, install)


def main(words: Sequence[str] | None = None) -> None:
    """Write the package to the folder that the command line names."""
    parser = argparse.ArgumentParser("python -m awsit.aws.deployment.package", description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where to write it; the folder is replaced")
    parser.add_argument("architecture", nargs="?", choices=ARCHITECTURES, default=ARCHITECTURES[0])
    named = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as cache:
        function_folder(named.folder, named.architecture, Path(cache))


if __name__ == "__main__":
    main()
