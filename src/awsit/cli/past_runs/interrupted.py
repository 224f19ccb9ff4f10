"""Runs of this machine that ended before their clean-up, for a notice at the next command.

Every command asks for it, so that this module imports nothing that takes time.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from awsit import config
from awsit.cli.references import RUN_ID
from awsit.system.file_lock import is_held

if TYPE_CHECKING:
    from awsit.config import Settings

FOLDER = "journal"
_END = b'\n{"write":"end"'
_PART_BYTES = 128 * 1024


def journal_folder(settings: Settings) -> Path:
    """Where the journals of local runs are."""
    return settings.state_folder / FOLDER


def origin_of(settings: Settings) -> dict[str, Any]:
    """The settings that a later command needs to reach the AWS of a run; kept in the run's journal."""
    return {"profile": settings.profile, "region": settings.region, "sandbox": settings.sandbox}


def origin_in(kept: object) -> dict[str, Any]:
    """Those settings, of what a journal has; anything else in it is left out."""
    if not isinstance(kept, dict):
        return {}
    kinds = {"profile": str, "region": str, "sandbox": bool}
    return {name: kept[name] for name, kind in kinds.items() if isinstance(kept.get(name), kind)}


def notices(variables: Mapping[str, str], folder: Path, *, foreign_only: bool = False) -> list[str]:
    """A line about the runs of the project that were cut off, and one about those of others; each with a command."""
    journals = _journals(variables, folder)
    paths = journals if foreign_only else [path for path in journals if is_lost(path)]
    if not paths:
        return []
    from awsit.engine.store.journals import is_foreign
    from awsit.user_folders import marks

    own_marks = marks(variables)
    foreign = [path.stem for path in paths if is_foreign(path, own_marks)]
    lost = [path.stem for path in paths if path.stem not in foreign]
    return [*_of_lost([] if foreign_only else lost), *_of_foreign(foreign)]


def _of_lost(runs: list[str]) -> list[str]:
    if len(runs) == 1:
        return [f"{runs[0]} was cut off before its clean-up: awsit cleanup {runs[0]} removes what it made"]
    return [f"{len(runs)} runs were cut off before their clean-up: awsit cleanup --all removes what they made"] * bool(
        runs
    )


def _of_foreign(runs: list[str]) -> list[str]:
    if not runs:
        return []
    if len(runs) == 1:
        notice = (
            f"the journal of {runs[0]} has no mark of this machine and user (it came with a repository, or from "
            "another machine, or awsit 0.1 wrote it): what it tells of is left as it is; if it is yours: "
            f"awsit cleanup --adopt {runs[0]}"
        )
    else:
        notice = (
            f"{len(runs)} journals have no mark of this machine and user (they came with a repository, or from "
            "another machine, or awsit 0.1 wrote them): what they tell of is left as it is; if they are yours: "
            "awsit cleanup --adopt"
        )
    return [notice]


def is_lost(path: Path) -> bool:
    """Whether the run of a journal was cut off: it began, the journal has no end, and no living process holds it."""
    try:
        with path.open("rb") as file:
            has_begun = bool(file.read(1))
            return has_begun and not is_held(path) and not _has_end(file)
    except OSError:  # it was removed meanwhile, or is another person's
        return False


def _has_end(file: BinaryIO) -> bool:
    """Whether a line after the first says that the run ended; a stranger's file may have millions of lines, or one."""
    before = b""
    while part := file.read(_PART_BYTES):
        if _END in before + part:
            return True
        before = part[-len(_END) :]
    return False


def _journals(variables: Mapping[str, str], folder: Path) -> list[Path]:
    """The journals where `awsit.config` finds its state folder by default; reading the whole configuration is slow."""
    named = variables.get("AWSIT_STATE_FOLDER")
    file = config.find_file(folder)
    root = file.parent if file else folder
    journals = (folder / named if named else root / ".awsit") / FOLDER
    paths = sorted(journals.glob("run-*.jsonl")) if journals.is_dir() else []
    runs = (path for path in paths if RUN_ID.fullmatch(path.stem))  # a name is shown, and may be a stranger's
    return [path for path in runs if path.is_file() and not path.is_symlink()]  # a link may lead to what never ends
