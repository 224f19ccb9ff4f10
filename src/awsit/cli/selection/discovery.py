"""The scenarios of the project: those in its folders, without being named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from awsit.cli.path_names import shown
from awsit.cli.selection.paths import InputFile
from awsit.config import Settings
from awsit.scenario.reading.discover import ENDINGS, is_scenario, scenario_files
from awsit.scenario.reading.source import Source


def project_scenarios(settings: Settings, read: Callable[[str], InputFile]) -> Iterator[Source]:
    """The scenarios of the project's folders that can be read; the root's own files only, not those below it.

    Other files are passed over: a project is full of YAML and JSON.
    """
    for path in project_files(settings):
        content = read(shown(path)).content
        if not isinstance(content, Exception) and is_scenario(content.document):
            yield content


def file_named(name: str, settings: Settings) -> str | None:
    """The file whose own name is `name`, without its ending; None when there is none."""
    return next((shown(path) for path in project_files(settings) if path.stem == name), None)


def project_files(settings: Settings) -> Iterator[Path]:
    """The files of the project's folders that may be scenarios, each once."""
    seen: set[Path] = set()
    for folder in settings.scenarios:
        for path in _files_in(folder, settings.root):
            if path.resolve() not in seen:
                seen.add(path.resolve())
                yield path


def _files_in(folder: Path, root: Path) -> Iterable[Path]:
    if folder.resolve() != root.resolve():
        return scenario_files(folder)
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in ENDINGS and path.is_file())
