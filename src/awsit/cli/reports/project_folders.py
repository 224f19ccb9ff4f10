"""The folders that a scenario's file is in, from the root of its project: by these, CI servers group scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from awsit.config import find_file


def project_folders(file: str) -> Sequence[str]:
    """The names of the folders between the root of the file's project and the file, wherever the command is called.

    The root is the folder of the nearest `awsit.toml` above the file, else that of the repository, else the working
    folder; a file in none of these has the name of its own folder. None for a scenario that came from no file.
    """
    if not file:
        return ()
    folder = _absolute(file).parent
    root = _root(folder)
    return folder.relative_to(root).parts if root else (folder.name,)


def _absolute(file: str) -> Path:
    """The file as an absolute path: from the working folder, or from its project's root if it is only there."""
    path = Path(file)
    settings = find_file(Path.cwd())
    from_root = settings.parent / path if settings else path
    return (from_root if from_root.exists() and not path.exists() else path).resolve()


def _root(folder: Path) -> Path | None:
    settings = find_file(folder)
    if settings:
        return settings.parent
    repositories = (each for each in (folder, *folder.parents) if (each / ".git").exists())
    working = Path.cwd().resolve()
    return next(repositories, working if folder.is_relative_to(working) else None)
