"""Which of the files that pytest comes across may be scenarios, judged without parsing them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from pathlib import Path, PurePath
from typing import NamedTuple

import pytest

ENDINGS = frozenset({".yaml", ".yml", ".json"})
LARGEST = 4 * 1024 * 1024
"""Bytes; a larger file is data. A scenario's own limit is below this."""

_SHORT_KEY = re.compile(rb"""(?:^|[{,])\s*["']?([A-Za-z]{4,9})["']?\s*:""", re.MULTILINE)
"""Keys that may be `actions`, right or misspelt."""


class Named(NamedTuple):
    """The files that the command line names, and the folders for scenarios among those that it names."""

    files: frozenset[Path]
    folders: tuple[Path, ...]

    def has(self, path: Path) -> bool:
        """Whether the file is named, by itself or with such a folder."""
        real = path.resolve()
        return real in self.files or any(real.is_relative_to(folder) for folder in self.folders)


def is_scenario_file(name: str) -> bool:
    """Whether a scenario could be in a file of this name."""
    return PurePath(name).suffix.lower() in ENDINGS


def named(config: pytest.Config, scenario_folders: Callable[[Path], Iterable[Path]]) -> Named:
    """What the command line names, else `testpaths`. `scenario_folders`: those of the project of a folder."""
    arguments = [(config.invocation_params.dir / text.partition("::")[0]).resolve() for text in config.args]
    folders = [path for path in arguments if path.is_dir() and _is_inside(path, scenario_folders(path))]
    return Named(frozenset(arguments), tuple(folders))


def is_wanted(path: Path, config: pytest.Config, read_named: Callable[[], Named]) -> bool:
    """Whether to collect a file; `read_named` finds out what was named.

    A scenario acts on an account, so a bare `pytest` passes it over unless `--awsit` or the ini option ask for all.
    """
    if not is_scenario_file(path.name):
        return False
    everywhere = config.getini("awsit")
    if not config.getoption("awsit"):
        if everywhere is False:
            return False
        if not everywhere and not read_named().has(path):
            return False
    return _may_be_scenario(path)


def _is_inside(folder: Path, others: Iterable[Path]) -> bool:
    return any(folder.is_relative_to(other.resolve()) for other in others)


def _may_be_scenario(path: Path) -> bool:
    """Whether the text has a key `actions`, or one like it. What it is, the parser decides."""
    try:
        if path.stat().st_size > LARGEST:
            return False
        keys = {key.decode().lower() for key in _SHORT_KEY.findall(path.read_bytes())}
    except OSError:
        return False
    return "actions" in keys or bool(get_close_matches("actions", keys, n=1, cutoff=0.75))
