"""The file that holds the rows of a scenario's matrix: found inside the project, read, and put in its place.

What is uploaded, compiled and hashed is the scenario with its rows, so that a run needs no such file.
"""

from __future__ import annotations

import csv
import io
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath

from awsit.errors import InvalidInputError, Position, Problem
from awsit.model.json import Json
from awsit.model.text.counts import count
from awsit.model.text.paths import child_path, join_path
from awsit.patterns import lazy_pattern
from awsit.records import replace
from awsit.scenario.project import FileProblem, ProjectFolder
from awsit.scenario.reading.discover import ENDINGS
from awsit.scenario.reading.load import load_text, read_text
from awsit.scenario.reading.positions import placed
from awsit.scenario.reading.source import EMPTY_HINT, LINE_BREAK, LazyPositions, Source, SourcePosition
from awsit.scenario.schema.matrix import file_of, refuse_rows

KEY = "matrix"
_CSV = ".csv"
_HINT = "write a header with the names of the variables, and a line for each row"
_JSON_HINT = "write a list of rows such as `[{product: book}, {product: pen}]`"
_FIELD = lazy_pattern(r'("(?:[^"]|"")*"|[^,\r\n]*)(,|\r\n|\r|\n|\Z)')
"""A field of CSV and what ends it (RFC 4180, section 2), of a text that `csv` has read: only to count characters."""


def matrix_path(source: Source, root: Path | None) -> frozenset[Path]:
    """The file, free of links, that a scenario takes its rows from, if there is one; `root` is the project's folder."""
    name = _name(source)
    try:
        return frozenset([_project(source, root).find(name)]) if name else frozenset()
    except FileProblem:  # told when the scenario is checked
        return frozenset()


def with_rows(source: Source, root: Path | None) -> Source:
    """The scenario with the rows of its matrix; positions lead into their file.

    What is wrong with the file is among the `problems`; then its name stays. Applied twice, it changes nothing.
    """
    name = _name(source)
    if not name:
        return source
    project = _project(source, root)
    try:
        project.find(name)
        rows = _read(project.shown(name))
    except FileProblem as error:
        return _joined(source, None, placed(Problem("bad_file", error.message, KEY, error.hint), source))
    except InvalidInputError as error:
        return _joined(source, None, *error.problems)
    return _joined(source, rows)


def _name(source: Source) -> str:
    return file_of(source.document.get(KEY)) if isinstance(source.document, Mapping) else ""


def _project(source: Source, root: Path | None) -> ProjectFolder:
    return ProjectFolder(Path(source.file).parent, root)


def _joined(source: Source, rows: Source | None, *problems: Problem) -> Source:
    document: dict[str, Json] = dict(source.document)
    positions = dict(source.positions)
    if rows:
        document[KEY] = rows.document
        positions |= {join_path(KEY, path): position for path, position in rows.positions.items()}
    return replace(
        source,
        document=document,
        positions=positions,
        written=source.written or source,
        problems=(*source.problems, *problems),
    )


def _read(file: str) -> Source:
    """The rows in a file, by its ending. Raises InvalidInputError."""
    suffix = PurePath(file).suffix.lower()
    if suffix != _CSV and suffix not in ENDINGS:
        raise _unusable(Position(file, 1, 1), f"{file} is neither CSV nor JSON nor YAML", "name it `….csv` or `….json`")
    text = read_text(file).removeprefix("\ufeff")
    if suffix == _CSV:
        return _csv(text, file)
    try:
        rows = load_text(text, file)
    except InvalidInputError as error:
        problems = (replace(each, hint=_JSON_HINT) if each.hint == EMPTY_HINT else each for each in error.problems)
        raise InvalidInputError(error.message, tuple(problems)) from error
    if not isinstance(rows.document, list) or not all(isinstance(row, Mapping) and row for row in rows.document):
        raise _unusable(Position(file, 1, 1), f"{file} holds no list of rows", _JSON_HINT)
    _check_count(len(rows.document), file)
    return rows


def _csv(text: str, file: str) -> Source:
    """The rows of a CSV text, whose values are texts; empty lines are none."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header, *records = [record for record in reader if record] or [[]]
    except csv.Error as error:
        raise _unusable(Position(file, max(1, reader.line_num), 1), f"not valid CSV: {error}", _HINT) from error
    _check_header(header, text, file)
    _check_count(len(records), file)
    for number, record in enumerate(records, start=1):
        if len(record) != len(header):
            position = _fields(text, file)[number][min(len(record) - 1, len(header))]
            message = f"the row has {count(len(record), 'field')}, and the header names {len(header)}"
            raise _unusable(position, message, 'put a field that holds a comma into quotes: `"a, b"`')
    rows = [dict(zip(header, record, strict=True)) for record in records]
    return Source(rows, file, text, LazyPositions(lambda: _positions(header, text, file)))


def _check_header(header: list[str], text: str, file: str) -> None:
    if not header:
        raise _unusable(Position(file, 1, 1), f"{file} holds no rows", _HINT)
    for index, name in enumerate(header):
        if message := _wrong_name(name, header[:index]):
            raise _unusable(_fields(text, file)[0][index], message, "give each column the name of a variable")
    if len(header) == 1 and re.search(r"[;\t]", header[0]):
        raise _unusable(Position(file, 1, 1), "the header has no comma", "separate columns by commas (RFC 4180)")


def _wrong_name(name: str, before: list[str]) -> str:
    """What is wrong with the name of a column, whose spaces are part of it (RFC 4180, section 2); else empty."""
    if not name.strip():
        return "a column has no name"
    if name != name.strip():
        return f"the name of the column `{name}` begins or ends with a space"
    return f"two columns are called `{name}`" if name in before else ""


def _check_count(count: int, file: str) -> None:
    if not count:
        raise _unusable(Position(file, 1, 1), f"{file} holds no rows", _HINT)
    try:
        refuse_rows(count)
    except ValueError as error:
        raise _unusable(Position(file, 1, 1), f"{file} {error}", "split the file", code="limit") from None


def _unusable(position: Position, message: str, hint: str, *, code: str = "bad_file") -> InvalidInputError:
    return InvalidInputError(message, (Problem(code, message, KEY, hint, position),))


def _positions(header: list[str], text: str, file: str) -> dict[str, SourcePosition]:
    positions = {"": SourcePosition(Position(file, 1, 1))}
    for index, fields in enumerate(_fields(text, file)[1:]):
        row = child_path("", index)
        positions[row] = SourcePosition(fields[0])
        positions |= {child_path(row, name): SourcePosition(at) for name, at in zip(header, fields, strict=True)}
    return positions


def _fields(text: str, file: str) -> list[list[Position]]:
    """Where each field of each record is written; the first record is the header."""
    starts = [0, *(line_break.end() for line_break in LINE_BREAK.finditer(text))]
    return [[_position(field, starts, file) for field in record] for record in _records(text)]


def _position(field: re.Match[str], starts: list[int], file: str) -> Position:
    line = bisect_right(starts, field.start(1))
    return Position(file, line, field.start(1) - starts[line - 1] + 1, max(1, len(field[1])))


def _records(text: str) -> Iterator[list[re.Match[str]]]:
    record: list[re.Match[str]] = []
    for field in _FIELD.finditer(text):
        record.append(field)
        if field[2] != ",":
            if field[1] or len(record) > 1:
                yield record
            record = []
