"""Scenario files in folders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from awsit.patterns import lazy_pattern
from awsit.scenario.limits import MAX_FILE_BYTES
from awsit.system.files import read_regular

ENDINGS = frozenset({".yaml", ".yml", ".json"})
_ACTIONS_KEY = lazy_pattern(r"""(?:^\s*|[{,]\s*)["']?actions["']?\s*:""", re.MULTILINE)
_SKIPPED = frozenset({"node_modules"})


def scenario_files(folder: Path, *, below: bool = True) -> Iterator[Path]:
    """The YAML and JSON files in a folder, and in those below it, in order; hidden ones are left out."""
    for path in _inside(folder):
        if path.name.startswith(".") or path.name in _SKIPPED:
            continue
        if path.is_dir() and not path.is_symlink():
            yield from scenario_files(path) if below else ()
        elif path.suffix.lower() in ENDINGS and path.is_file():
            yield path


def _inside(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:  # no folder, or one that is closed to this user: nothing to run in it
        return []


def may_be_scenario(path: Path) -> bool:
    """Whether a file that cannot be read as YAML or JSON looks like a scenario or library, so that it needs a message.

    A file that is too large or cannot be opened does, or a run in CI would pass without it. UTF-16 is looked through
    too.
    """
    try:
        content = read_regular(path, MAX_FILE_BYTES)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return bool(_ACTIONS_KEY.search(content.replace(b"\0", b"").decode(errors="replace")))
