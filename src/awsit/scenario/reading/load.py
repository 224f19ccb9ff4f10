"""Scenario files: from YAML or JSON text to a document with the line and column of each entry."""

from __future__ import annotations

import errno
import re
from collections.abc import Mapping
from pathlib import Path

from awsit.errors import InvalidInputError, NotFoundError, Position, Problem, first_problems
from awsit.model.json import Json, TooLargeError, extent, has_duplicate_keys, loads
from awsit.patterns import lazy_pattern
from awsit.scenario.limits import MAX_DEPTH, MAX_FILE_BYTES, MAX_NODES
from awsit.scenario.reading.extensions import without_extensions
from awsit.scenario.reading.source import EMPTY_HINT, LazyPositions, Source, SourcePosition, is_json_file, position_at
from awsit.system.files import read_regular
from awsit.system.garbage import no_collections

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SURROGATE = lazy_pattern(r"\\u[dD]([89a-fA-F][0-9a-fA-F]{2})")
_NO_NUMBER = lazy_pattern("-?(NaN|Infinity)")
_JSON_CONTROL = lazy_pattern("[\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")


def load_file(path: str | Path) -> Source:
    """Read a scenario file; `.json` must hold JSON, any other name YAML.

    Raises NotFoundError, or InvalidInputError with every problem that the text has.
    """
    return load_text(read_text(path), str(path))


def read_text(path: str | Path) -> str:
    """The text of a file as `load_file` reads it. Raises NotFoundError and InvalidInputError."""
    file = str(path)
    try:
        content = read_regular(Path(path), MAX_FILE_BYTES)
    except (FileNotFoundError, ValueError):  # ValueError: a NUL in the name
        raise NotFoundError(f"there is no file {file}", hint="check the path") from None
    except IsADirectoryError:
        raise _refused(file, "is a folder, not a scenario file", hint="name a file in it") from None
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise _too_large(file) from None
        is_special = error.errno == errno.EINVAL
        hint = "name a regular file" if is_special else "check the file's permissions"
        raise _refused(file, f"could not be read: {error.strerror}", hint=hint) from error
    return decode(content, file)


def load_text(text: str, file: str = "-") -> Source:
    """Read a scenario from `text`; `file` is its name in messages, `-` the standard input.

    Raises InvalidInputError with every problem that the text has.
    """
    text = text.removeprefix("\ufeff")
    if len(text.encode(errors="surrogatepass")) > MAX_FILE_BYTES:
        raise _too_large(file)
    if not text.strip():
        raise _refused(file, "is empty", Position(file, 1, 1), hint=EMPTY_HINT)
    if is_json_file(file):
        return _load_json(text, file)
    return (_load_standard_input(text) if file == "-" else None) or _load_yaml(text, file)


def _load_standard_input(text: str) -> Source | None:
    """JSON is not quite a subset of YAML, so text that may be JSON is tried as such first."""
    try:
        return _load_json(text, "-") if text.lstrip().startswith("{") else None
    except InvalidInputError as error:
        if any(problem.code == "duplicate_key" for problem in error.problems):
            raise
        return None


def _load_yaml(text: str, file: str) -> Source:
    from awsit.scenario.reading.plain_yaml import NotPlain, document_of  # PyYAML is slow to import

    try:
        document = document_of(text)
    except NotPlain:
        return _load_nodes(text, file)
    return Source(without_extensions(document), file, text, LazyPositions(lambda: _positions(text, file, text)))


@no_collections()
def _positions(text: str, file: str, as_yaml: str) -> dict[str, SourcePosition]:
    """The positions of a text that `document_of` could read, `as_yaml`."""
    from awsit.scenario.reading.nodes import NodeReader
    from awsit.scenario.reading.yaml_nodes import nodes_of

    reader = NodeReader(file, text)
    reader.read(nodes_of(as_yaml))
    return reader.positions


@no_collections()
def _load_nodes(text: str, file: str) -> Source:
    from awsit.scenario.reading.nodes import NodeReader
    from awsit.scenario.reading.yaml_nodes import UnreadableText, compose

    reader = NodeReader(file, text)
    try:
        document = reader.read(compose(text, file))
    except UnreadableText as error:
        raise _invalid(file, (error.problem,)) from error
    if reader.problems:
        raise _invalid(file, tuple(reader.problems))
    return Source(without_extensions(document), file, text, reader.positions)


def _load_json(text: str, file: str) -> Source:
    document = _json(text, file)
    values, keys, depth = extent(document)
    if values > MAX_NODES:  # checked before the positions of all are computed
        problem = Problem("limit", f"more than {MAX_NODES} values", hint="split it", position=Position(file, 1, 1))
        raise _invalid(file, (problem,))
    if has_duplicate_keys(text, keys) or depth > MAX_DEPTH:
        positions: Mapping[str, SourcePosition] = _positions_of_json(text, file)
    else:
        positions = LazyPositions(lambda: _positions_of_json(text, file))
    return Source(without_extensions(document), file, text, positions)


@no_collections()
def _positions_of_json(text: str, file: str) -> dict[str, SourcePosition]:
    """The positions of a JSON text, none if YAML is too strict for it.

    Raises InvalidInputError for keys that are given twice, and for deep nesting.
    """
    from awsit.scenario.reading.nodes import NodeReader
    from awsit.scenario.reading.yaml_nodes import UnreadableText, compose

    reader = NodeReader(file, text)
    try:
        reader.read(compose(_as_yaml(text), file))
    except UnreadableText as error:
        if error.problem.code == "limit":
            raise _invalid(file, (error.problem,)) from error
        return {}
    duplicates = tuple(problem for problem in reader.problems if problem.code == "duplicate_key")
    if duplicates:
        raise _invalid(file, duplicates)
    return _without_stand_ins(reader.positions)


def _json(text: str, file: str) -> Json:
    try:
        return loads(text)
    except TooLargeError as error:
        message = f"nested more than {MAX_DEPTH} levels deep" if error.is_depth else f"the scenario {error}"
        raise _invalid(file, (Problem("limit", message, position=Position(file, 1, 1)),)) from error
    except ValueError as error:
        position = position_at(text, file, getattr(error, "pos", 0))
        reason = getattr(error, "msg", "") or str(error)
        constant = _NO_NUMBER.match(text, getattr(error, "pos", 0))
        if constant:
            reason = f"`{constant[0]}` is not a number in JSON"
        message = f"not valid JSON: {reason[:1].lower()}{reason[1:]}"
        hint = "JSON takes no comments and no trailing commas; YAML needs the file ending .yaml"
        raise _invalid(file, (Problem("syntax", message, hint=hint, position=position),)) from error


def _as_yaml(text: str) -> str:
    r"""The JSON text with stand-ins, as long as what they replace, where YAML is stricter: `\ud83d`, DEL, tabs."""
    return _JSON_CONTROL.sub("x", _SURROGATE.sub(lambda half: f"\\ue{half[1]}", text)).replace("\t", " ")


def _without_stand_ins(positions: dict[str, SourcePosition]) -> dict[str, SourcePosition]:
    return {path: position for path, position in positions.items() if not re.search("[\ue800-\uefff]", path)}


def decode(content: bytes, file: str = "-") -> str:
    """The text of a file, or of the standard input. Raises InvalidInputError when it is too large or not UTF-8."""
    if len(content) > MAX_FILE_BYTES:  # before it is decoded: what is read ends at the limit, maybe within a character
        raise _too_large(file)
    if content.startswith(_UTF16):
        raise _refused(file, "is UTF-16 text", Position(file, 1, 1), hint="save it as UTF-8")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        position = position_at(content[: error.start].decode("utf-8-sig"), file, error.start)
        message = f"the byte 0x{content[error.start]:02X} is not UTF-8 text"
        raise _invalid(file, (Problem("encoding", message, hint="save it as UTF-8", position=position),)) from error


def _too_large(file: str) -> InvalidInputError:
    message = f"is larger than {MAX_FILE_BYTES // 1024} KiB"
    return _refused(file, message, Position(file, 1, 1), hint="split it into several scenarios", code="limit")


def _refused(
    file: str, message: str, position: Position | None = None, *, hint: str, code: str = "unreadable"
) -> InvalidInputError:
    return _invalid(file, (Problem(code, f"{_name(file)} {message}", hint=hint, position=position),))


def _invalid(file: str, problems: tuple[Problem, ...]) -> InvalidInputError:
    return InvalidInputError(f"{_name(file)} could not be read as a scenario", tuple(first_problems(problems)))


def _name(file: str) -> str:
    return "the standard input" if file == "-" else file
