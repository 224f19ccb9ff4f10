"""The files of a project whose names are like a pattern."""

from __future__ import annotations

from fnmatch import fnmatchcase
from itertools import takewhile
from pathlib import PurePosixPath

from awsit.scenario.project import FileProblem, ProjectFolder
from awsit.scenario.reading.discover import ENDINGS
from awsit.suggestions import LISTED, close_matches

_MAX_PATTERN = 500


def matching(pattern: str, project: ProjectFolder) -> list[str]:
    """The names of the YAML and JSON files that are like a pattern, a path in which `*` and `?` stand for characters.

    They are relative to the file that holds the pattern, as it is itself; hidden files and folders are left out.
    Raises FileProblem when there is none, and for a folder outside of the project.
    """
    *folders, last = _parts(pattern)
    fixed = list(takewhile(lambda part: not _is_wild(part), folders))
    places = ["/".join(fixed) or "."]
    for part in folders[len(fixed) :]:
        places = [f"{place}/{each}" for place in places for each in _like(part, place, project, folders=True)]
    names = [f"{place}/{each}" for place in places for each in _like(last, place, project, folders=False)]
    if not names:
        raise FileProblem(f"no file is like {project.shown(pattern)}", _hint(places, last, project))
    return [str(PurePosixPath(name)) for name in names]


def _parts(pattern: str) -> tuple[str, ...]:
    path = PurePosixPath(pattern)
    if not path.parts or "\0" in pattern or path.is_absolute() or len(pattern) > _MAX_PATTERN:
        raise FileProblem(f"{pattern[:40]!r} is no relative path", "write the path from this file to the others")
    if "**" in path.parts:
        raise FileProblem(f"{pattern} holds `**`", "write one pattern a folder: `[cases/*.json, cases/*/*.json]`")
    wild = [index for index, part in enumerate(path.parts) if _is_wild(part)]
    if wild and ".." in path.parts[wild[0] :]:
        raise FileProblem(f"{pattern} has a `..` after a `*`", "write `..` at the beginning")
    return path.parts


def _is_wild(part: str) -> bool:
    return "*" in part or "?" in part


def _like(part: str, place: str, project: ProjectFolder, *, folders: bool) -> list[str]:
    """The names in a folder that are like one part of a pattern: of folders, or of YAML and JSON files."""
    literal = part.replace("[", "[[]")
    return [
        name
        for name, is_folder in project.entries(place).items()
        if is_folder == folders
        and fnmatchcase(name, literal)
        and (_is_readable(name) if not folders else not name.startswith("."))
    ]


def _is_readable(file: str) -> bool:
    return not file.startswith(".") and PurePosixPath(file).suffix.lower() in ENDINGS


def _hint(places: list[str], last: str, project: ProjectFolder) -> str:
    """What there is instead."""
    there = {name: is_folder for place in places[:LISTED] for name, is_folder in project.entries(place).items()}
    if there.get(last):
        return f"it is a folder: write `{last}/*.json`"
    files = [name for name, is_folder in there.items() if not is_folder and _is_readable(name)]
    close = close_matches(last, files)
    if close and not _is_wild(last):
        return f"did you mean {' or '.join(close)}?"
    if not files:
        return f"there is no YAML or JSON file in {project.shown(places[0]) if places else 'such a folder'}"
    more = f" and {len(files) - LISTED} more" if len(files) > LISTED else ""
    verb = "is" if len(files) == 1 else "are"
    return f"there {verb} {', '.join(files[:LISTED])}{more}"
