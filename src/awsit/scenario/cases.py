"""The case files of a scenario: found inside the project, read, and put into the scenario in their place.

What is uploaded, compiled and hashed is the scenario with its cases, so that a run needs no case files.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePath

from msgspec import Struct, field

from awsit.errors import InvalidInputError, Position, Problem
from awsit.model.json import Json
from awsit.model.text.paths import child_path, join_path
from awsit.records import replace
from awsit.scenario.file_patterns import matching
from awsit.scenario.limits import MAX_FILE_BYTES, MAX_MATRIX_ROWS
from awsit.scenario.project import FileProblem, ProjectFolder
from awsit.scenario.reading.kinds import is_scenario
from awsit.scenario.reading.load import load_file
from awsit.scenario.reading.positions import placed
from awsit.scenario.reading.source import EMPTY_HINT, Source, SourcePosition
from awsit.scenario.schema.cases import KEY, patterns_of
from awsit.scenario.schema.row_names import WHAT_NAMES_ROWS, is_row_name


class _CaseFiles(Struct):
    """The files that the patterns of a scenario stand for, by the paths that messages show, and what is wrong."""

    paths: dict[str, Path] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def case_paths(source: Source, root: Path | None) -> frozenset[Path]:
    """The files, free of links, that a scenario takes its cases from; `root` is the project's folder."""
    return frozenset(_find(source, root).paths.values())


def with_cases(source: Source, root: Path | None) -> Source:
    """The scenario with its cases, by name and in the order of their names; positions lead into their files.

    A file that cannot be used is among the `problems`; without one that can, the patterns stay. Applied twice, it
    changes nothing.
    """
    if not patterns_of(source.document):
        return source
    found = _find(source, root)
    cases: dict[str, Source] = {}
    problems = found.problems
    for file in sorted(found.paths, key=lambda path: (PurePath(path).stem, path)) if not problems else ():
        try:
            name = _name(file, cases)
            cases[name] = _case(file)
        except InvalidInputError as error:
            problems += error.problems
    return _joined(source, cases, tuple(problems))


def _find(source: Source, root: Path | None) -> _CaseFiles:
    project = ProjectFolder(Path(source.file).parent, root)
    found = _CaseFiles()
    for place, pattern in patterns_of(source.document).items():
        try:
            for name in matching(pattern, project):
                real = project.find(name)
                if real not in found.paths.values():
                    found.paths[project.shown(name)] = real
        except FileProblem as error:
            found.problems.append(Problem("bad_file", error.message, place, error.hint))
    found.problems += _too_many(found.paths)
    found.problems = [placed(each, source) for each in found.problems]
    return found


def _too_many(paths: Mapping[str, Path]) -> list[Problem]:
    if len(paths) > MAX_MATRIX_ROWS:
        message = f"these are {len(paths)} cases; the limit is {MAX_MATRIX_ROWS}"
        return [Problem("limit", message, KEY, "split the scenario")]
    size = sum(path.stat().st_size for path in paths.values())
    if size > MAX_FILE_BYTES:
        message = f"these cases have {size // 1024} KiB together; the limit is {MAX_FILE_BYTES // 1024} KiB"
        return [Problem("limit", message, KEY, "split the scenario, or let the cases name files that actions send")]
    return []


def _name(file: str, others: Mapping[str, Source]) -> str:
    """The name of a case: that of its file, without the ending. Raises InvalidInputError for one that cannot be."""
    name = PurePath(file).stem
    if not is_row_name(name):
        raise _unusable(file, f"the name of a case must be {WHAT_NAMES_ROWS}", "rename the file: its run is named so")
    if name in others:
        hint = "rename one of the files: each run is named after its file"
        raise _unusable(file, f"the case {others[name].file} is called `{name}` too", hint)
    return name


def _case(file: str) -> Source:
    """The variables in a file. Raises InvalidInputError."""
    hint = "a case is a mapping of variables, such as `{product: book, total: 12.50}`"
    try:
        case = load_file(file)
    except InvalidInputError as error:
        problems = (replace(each, hint=hint) if each.hint == EMPTY_HINT else each for each in error.problems)
        raise InvalidInputError(error.message, tuple(problems)) from error
    if is_scenario(case.document):
        raise _unusable(file, f"{file} is a scenario, not a case", "let `cases` name the files of its cases only")
    if not isinstance(case.document, Mapping):
        raise _unusable(file, f"{file} holds no variables", hint)
    return case


def _unusable(file: str, message: str, hint: str) -> InvalidInputError:
    return InvalidInputError(message, (Problem("bad_case", message, KEY, hint, Position(file, 1, 1)),))


def _joined(source: Source, cases: Mapping[str, Source], problems: tuple[Problem, ...]) -> Source:
    document: dict[str, Json] = dict(source.document)
    positions = dict(source.positions)
    if cases:
        document[KEY] = {name: case.document for name, case in cases.items()}
    for name, case in cases.items():
        place = child_path(KEY, name)
        positions[place] = SourcePosition(Position(case.file, 1, 1))
        positions |= {join_path(place, path): position for path, position in case.positions.items() if path}
    return replace(
        source,
        document=document,
        positions=positions,
        written=source.written or source,
        problems=(*source.problems, *problems),
    )
