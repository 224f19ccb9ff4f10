"""The packages that a folder of Python code needs: its `requirements.txt`, or else its `pyproject.toml`.

What is not a wheel cannot be installed for another platform: a project in a folder, a repository, an archive.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from msgspec import Struct

REQUIREMENTS, PROJECT = "requirements.txt", "pyproject.toml"
_LOCKS = ("uv.lock", "poetry.lock", "pdm.lock")
_NESTED = re.compile(r"(?:-r|-c|--requirement|--constraint)[ =]*(\S+)")
_EDITABLE = re.compile(r"(?:-e|--editable)\b")
_PLACE = re.compile(
    r"(?:[\w.\[\], -]+@\s*)?((?:[a-z+]+:|\.{0,2}[/\\])\S*|\.{1,2}(?=\s|$)|\S+\.(?:whl|zip|tar\.gz))", re.IGNORECASE
)
_CONTINUATION, _COMMENT = re.compile(r"\\\r?\n"), re.compile(r"(?:^|\s)#.*$")


class NotBuildableError(Exception):
    """Why awsit does not build something; `remedy` says what to do instead."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.remedy = remedy


class Requirements(Struct, frozen=True):
    """What the file `file` asks for: its `lines`, and `pins`, the versions that a lock file beside it names.

    `digest` changes when anything changes that they say, in files that they name too.
    """

    file: Path
    lines: tuple[str, ...]
    pins: tuple[str, ...]
    digest: str


def read(folder: Path) -> Requirements | None:
    """What the code in the folder needs; None when it needs nothing. Raises NotBuildableError."""
    plain, project = folder / REQUIREMENTS, folder / PROJECT
    pins: tuple[str, ...] = ()
    if plain.is_file():
        file, lines = plain, tuple(_lines(plain))
    elif project.is_file():
        file, lines, pins = project, tuple(_of_project(project)), tuple(_pins(folder))
    else:
        return None
    if not any(not line.startswith("-") or _NESTED.match(line) or _EDITABLE.match(line) for line in lines):
        return None
    digest = sha256()
    for content in _contents(file, (*lines, *pins)):
        digest.update(sha256(content).digest())
    return Requirements(file, lines, pins, digest.hexdigest())


def _lines(file: Path) -> Iterator[str]:
    """The lines of a requirements file, without comments and line continuations (pip, "Requirements File Format")."""
    for text in _CONTINUATION.sub(" ", file.read_text(encoding="utf-8-sig")).splitlines():
        line = _COMMENT.sub("", text).strip()
        if line:
            yield line


def _contents(file: Path, lines: Iterable[str]) -> Iterator[bytes]:
    """All that pip reads for these lines of the file. Raises NotBuildableError for what is not a wheel."""
    for line in lines:
        yield line.encode()
        nested, place = _NESTED.match(line), _PLACE.match(line)
        if nested and not nested[1].startswith(("http:", "https:")):
            named = file.parent / nested[1]
            yield from _contents(named, _lines(_existing(named, file, line)))
        elif _EDITABLE.match(line) or (place and not line.startswith("-") and not _is_wheel(place[1])):
            raise NotBuildableError(
                f"{file.name} names `{line}`, which is not a wheel",
                "make a wheel of it with `pip wheel` and name that; or run `sam build`, then deploy "
                ".aws-sam/build/template.yaml",
            )
        elif place and ":" not in place[1]:
            yield _existing(file.parent / place[1], file, line).read_bytes()


def _existing(named: Path, file: Path, line: str) -> Path:
    if not named.is_file():
        raise NotBuildableError(f"{file.name} names `{line}`, which does not exist", "correct its path")
    return named


def _is_wheel(place: str) -> bool:
    return place.partition("#")[0].partition("?")[0].lower().endswith(".whl")


def _of_project(file: Path) -> Iterator[str]:
    """The dependencies of a project (PyPA, "pyproject.toml specification"). Raises NotBuildableError."""
    try:
        document: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise NotBuildableError(f"{file.name} is not TOML: {error}", "correct it") from error
    project, tools = document.get("project") or {}, document.get("tool") or {}
    if "dependencies" in project.get("dynamic", ()):
        raise NotBuildableError(f"{file.name} has dynamic dependencies", f"write them to a {REQUIREMENTS} beside it")
    poetry = (tools.get("poetry") or {}).get("dependencies") or {}
    if poetry.keys() - {"python"} and "dependencies" not in project:
        raise NotBuildableError(
            f"{file.name} has its dependencies in Poetry's own table",
            f"run `poetry export -o {REQUIREMENTS}` beside it",
        )
    sources = (tools.get("uv") or {}).get("sources") or {}
    if sources:
        raise NotBuildableError(
            f"{file.name} takes {', '.join(sorted(sources))} from sources of uv",
            f"run `uv export --no-emit-project --output-file {REQUIREMENTS}` beside it",
        )
    yield from project.get("dependencies", ())


def _pins(folder: Path) -> Iterator[str]:
    """The versions in a lock file of uv, Poetry or PDM; a package that it has in several versions is left to pip."""
    lock = next((folder / name for name in _LOCKS if (folder / name).is_file()), None)
    if lock is None:
        return
    try:
        packages = tomllib.loads(lock.read_text(encoding="utf-8")).get("package", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise NotBuildableError(f"{lock.name} is not TOML: {error}", "lock again") from error
    counts = Counter(package["name"] for package in packages)
    for package in packages:
        if counts[package["name"]] == 1 and "version" in package:
            yield f"{package['name']}=={package['version']}"
