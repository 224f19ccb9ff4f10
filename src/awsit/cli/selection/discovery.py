"""The scenarios of the project: those in its folders, without being named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from awsit.cli.path_names import shown
from awsit.cli.selection.folders import Folders
from awsit.cli.selection.paths import InputFile
from awsit.config import Settings
from awsit.scenario.reading.discover import scenario_files
from awsit.scenario.reading.kinds import is_scenario
from awsit.scenario.reading.source import Source


def project_files(settings: Settings, folders: Folders) -> Iterator[InputFile]:
    """The files of the project's folders that are scenarios, or wrong, each once; of its root the own files only."""
    seen: set[Path] = set()
    for folder in settings.scenarios:
        for file in folders.files_in(folder, below=not _is_root(folder, settings)):
            path = Path(file.name).resolve()
            if path not in seen:
                seen.add(path)
                yield file


def scenarios_among(files: Iterator[InputFile]) -> Iterator[Source]:
    """Those that are scenarios."""
    for file in files:
        if isinstance(file.content, Source) and is_scenario(file.content.document):
            yield file.content


def file_named(name: str, settings: Settings) -> str | None:
    """The file whose own name is `name`, without its ending; None when there is none."""
    paths = (
        path for folder in settings.scenarios for path in scenario_files(folder, below=not _is_root(folder, settings))
    )
    return next((shown(path) for path in paths if path.stem == name), None)


def _is_root(folder: Path, settings: Settings) -> bool:
    return folder.resolve() == settings.root.resolve()
