"""Runs of this machine that ended before their clean-up, told at the next command. Imports nothing that takes time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from awsit import config
from awsit.system.file_lock import is_held

if TYPE_CHECKING:
    from awsit.config import Settings

FOLDER = "journal"
_END = b'{"write":"end"'


def journal_folder(settings: Settings) -> Path:
    """Where the journals of local runs are."""
    return settings.state_folder / FOLDER


def origin_of(settings: Settings) -> dict[str, Any]:
    """What a later command must know to reach the same AWS."""
    return {"profile": settings.profile, "region": settings.region, "sandbox": settings.sandbox}


def notice(variables: Mapping[str, str], folder: Path) -> str:
    """One line about the runs of the project that were cut off, with the command that finishes them; else empty."""
    lost = [path.stem for path in _journals(variables, folder) if is_lost(path)]
    if not lost:
        return ""
    if len(lost) == 1:
        return f"{lost[0]} was cut off before its clean-up: awsit cleanup {lost[0]} removes what it made"
    return f"{len(lost)} runs were cut off before their clean-up: awsit cleanup --all removes what they made"


def is_lost(path: Path) -> bool:
    """Whether a journal has no end, and no living process goes on with it."""
    try:
        with path.open("rb") as file:
            return not is_held(path) and not any(line.startswith(_END) for line in file)
    except OSError:  # it was removed meanwhile, or is another person's
        return False


def _journals(variables: Mapping[str, str], folder: Path) -> list[Path]:
    """The journals where `awsit.config` finds its state folder by default; reading the whole configuration is slow."""
    named = variables.get("AWSIT_STATE_FOLDER")
    file = config.find_file(folder)
    root = file.parent if file else folder
    journals = (folder / named if named else root / ".awsit") / FOLDER
    return sorted(journals.glob("run-*.jsonl")) if journals.is_dir() else []
