"""Runs of this machine that ended before their clean-up, for a notice at the next command.

Every command asks for it, so that this module imports nothing that takes time.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from awsit import config
from awsit.cli.references import RUN_ID
from awsit.system.file_lock import is_held

if TYPE_CHECKING:
    from awsit.config import Settings

FOLDER = "journal"
_END = b'{"write":"end"'


def journal_folder(settings: Settings) -> Path:
    """Where the journals of local runs are."""
    return settings.state_folder / FOLDER


def origin_of(settings: Settings) -> dict[str, Any]:
    """The settings that a later command needs to reach the AWS of a run; kept in the run's journal."""
    return {"profile": settings.profile, "region": settings.region, "sandbox": settings.sandbox}


def notice(variables: Mapping[str, str], folder: Path) -> str:
    """One line about the runs of the project that were cut off, with the command that cleans up; empty without any."""
    lost = [path.stem for path in _journals(variables, folder) if is_lost(path)]
    if not lost:
        return ""
    if len(lost) == 1:
        return f"{lost[0]} was cut off before its clean-up: awsit cleanup {lost[0]} removes what it made"
    return f"{len(lost)} runs were cut off before their clean-up: awsit cleanup --all removes what they made"


def is_lost(path: Path) -> bool:
    """Whether the run of a journal was cut off: it began, the journal has no end, and no living process holds it."""
    try:
        with path.open("rb") as file:
            has_begun = bool(file.readline())
            return has_begun and not is_held(path) and not any(line.startswith(_END) for line in file)
    except OSError:  # it was removed meanwhile, or is another person's
        return False


def _journals(variables: Mapping[str, str], folder: Path) -> list[Path]:
    """The journals where `awsit.config` finds its state folder by default; reading the whole configuration is slow."""
    named = variables.get("AWSIT_STATE_FOLDER")
    file = config.find_file(folder)
    root = file.parent if file else folder
    journals = (folder / named if named else root / ".awsit") / FOLDER
    found = sorted(journals.glob("run-*.jsonl")) if journals.is_dir() else []
    return [path for path in found if RUN_ID.fullmatch(path.stem)]  # a name is shown, and may be a stranger's
