"""Byte code of what a function imports when a worker of it starts.

Lambda's folder of the code cannot be written to, so no worker finds what another one has compiled: each would compile
all that it imports again, which takes longer than the rest of its start. The source stays beside it: a Python that has
other byte code compiles that (PEP 3147). All releases of Python 3.13 have the same.

Sources: AWS Lambda developer guide, "Working with .zip file archives for Python Lambda functions"; PEP 552 for byte
code that is not compared with its source.
"""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from msgspec import Struct

from awsit.aws.deployment.builds.archive import ArchiveMember
from awsit.errors import EnvironmentFailure
from awsit.model.json import dumps

_ABOUT = "import importlib.util, sys; print(sys.implementation.cache_tag, importlib.util.MAGIC_NUMBER.hex())"
_COMPILE = """
import json, py_compile, sys
for source, target, shown in json.load(sys.stdin.buffer):
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    py_compile.compile(source, target, shown, quiet=2, invalidation_mode=mode)
"""
_MOST_SECONDS = 120
"""Seconds that the other Python may take; a few are usual."""
_FOR_TYPE_CHECKERS = {"TYPE_CHECKING", "typing.TYPE_CHECKING"}


class ByteCode(Struct, frozen=True):
    """What is compiled: what the modules of `start` import. `python` is the path of a Python that does it.

    `tag` is that of its byte code (`cpython-313`), and `version` the version of it.
    """

    start: tuple[str, ...]
    python: str
    tag: str
    version: str

    @property
    def key(self) -> str:
        """What it depends on beside the source."""
        return f"{self.version} {self.start}"

    def members(self, files: Mapping[str, ArchiveMember], folder: Path) -> Iterator[ArchiveMember]:
        """The byte code of those of the files, by name, that are imported. It is made in `folder`.

        What this version of Python cannot compile has none. Raises EnvironmentFailure when it cannot be made.
        """
        made = {name: folder / f"{number}.pyc" for number, name in enumerate(imported(files, self.start))}
        jobs = dumps([[str(files[name].file), str(made[name]), name] for name in made])
        try:
            _run(self.python, _COMPILE, jobs)
        except (OSError, subprocess.SubprocessError) as error:
            message = f"{self.python} could not compile the function's code: {_reason(error)}"
            raise EnvironmentFailure(
                message, code="packaging", hint="check this Python, and the space on the disk"
            ) from error
        for name, file in made.items():
            path = PurePosixPath(name)
            if file.is_file():
                yield ArchiveMember(f"{path.parent / '__pycache__' / path.stem}.{self.tag}.pyc", file)


def byte_code(version: str, start: tuple[str, ...]) -> ByteCode | None:
    """Byte code of a version of Python such as 3.13, by the one that runs awsit or the one on the PATH, if there is."""
    is_own = sys.version_info[:2] == tuple(map(int, version.split(".")))
    python = sys.executable if is_own else shutil.which(f"python{version}")
    tag = f"cpython-{version.replace('.', '')}"
    try:
        about = _run(python, _ABOUT).split() if python else []
    except (OSError, subprocess.SubprocessError):  # such as what only says that this version is not installed
        return None
    return ByteCode(start, str(python), tag, about[1]) if about[:1] == [tag] else None


def imported(files: Mapping[str, ArchiveMember], start: Iterable[str]) -> list[str]:
    """The names of those of the files that are imported with the modules of `start`, these among them."""
    found: set[str] = set()
    waiting = list(start)
    while waiting:
        new = [name for name in _files_of(waiting.pop()) if name in files and name not in found]
        found.update(new)
        for name in new:
            waiting += _imports(name, files[name].file.read_bytes())
    return sorted(found)


def _files_of(module: str) -> Iterator[str]:
    """The files that may be a module, and the packages that it is in."""
    parts = module.split(".")
    for count in range(1, len(parts) + 1):
        path = "/".join(parts[:count])
        yield from (f"{path}.py", f"{path}/__init__.py")


def _imports(name: str, source: bytes) -> Iterator[str]:
    """What the module in a file imports when it is imported; of `from a import b` both `a` and `a.b`."""
    package = name.split("/")[:-1]
    try:
        parsed = ast.parse(source)
    except SyntaxError:  # of a newer Python than the one that runs awsit
        return
    for node in _carried_out(parsed):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        if isinstance(node, ast.ImportFrom):
            around = package[: len(package) + 1 - node.level] if node.level else []
            module = ".".join([*around, *filter(None, [node.module])])
            yield from (module, *(f"{module}.{each.name}" for each in node.names))


def _carried_out(node: ast.AST) -> Iterator[ast.AST]:
    """The statements of a module, without functions, and what only type checkers read."""
    for child in ast.iter_child_nodes(node):
        is_later = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
        if not is_later and not (isinstance(child, ast.If) and ast.unparse(child.test) in _FOR_TYPE_CHECKERS):
            yield child
            yield from _carried_out(child)


def _run(python: str, program: str, given: str = "") -> str:
    command = [python, "-I", "-c", program]
    done = subprocess.run(command, input=given.encode(), capture_output=True, check=True, timeout=_MOST_SECONDS)  # noqa: S603 - no shell
    return done.stdout.decode(errors="replace")


def _reason(error: Exception) -> str:
    """The last line that the other Python wrote to its standard error, or else what became of it."""
    lines = (getattr(error, "stderr", None) or b"").decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else str(error)
