"""Values as text: JSON documents that are cut to a readable length, aligned fields, diffs."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping

from msgspec import Struct

from awsit.model import json
from awsit.model.json import Json
from awsit.model.text.counts import count
from awsit.reporting.terminal.terminal import plain
from awsit.reporting.terminal.text import Text, cell_len

WIDEST = 120


class Limits(Struct, frozen=True):
    """How much of a value is shown: columns of the page, lines of a document, characters of each line.

    `omitted` names the fields of requests and responses that are left out. `brief` leaves out what other lines say too,
    so that a failure fits on a screen.
    """

    width: int = 80
    lines: int = 16
    line_length: int = 400
    omitted: frozenset[str] = frozenset()
    brief: bool = False

    @classmethod
    def of(cls, width: int, *, everything: bool) -> Limits:
        """The limits for a terminal of this width, of which at most `WIDEST` columns are used."""
        shown = min(width, WIDEST)
        if everything:
            return cls(shown, lines=200, line_length=4000)
        return cls(shown, lines=10, omitted=frozenset({"headers", "elapsed_ms", "log_tail"}), brief=True)


def document(value: Json, room: int, limits: Limits) -> list[str]:
    """The document as lines of JSON: one line where it fits into `room` columns, else indented and cut."""
    try:
        pretty = json.dumps(value, indent=2).split("\n")
    except (TypeError, ValueError):
        pretty = plain(value).split("\n")
    if len(pretty) <= room and cell_len(one_line := _joined(pretty)) <= room:
        pretty = [one_line]
    return cut([*map(plain, pretty[: limits.lines]), *pretty[limits.lines :]], limits)


def _joined(pretty: list[str]) -> str:
    """Indented JSON joined to one line, with a space after each comma and colon, and none inside brackets."""
    joined = ""
    for line in (each.strip() for each in pretty):
        tight = not joined or joined[-1] in "{[" or line[0] in "}]"
        joined += line if tight else f" {line}"
    return joined


def cut(lines: list[str], limits: Limits) -> list[str]:
    """The first lines, each cut, and a line that counts those left out."""
    kept = [_shorten(line, limits.line_length) for line in lines[: limits.lines]]
    missing = len(lines) - len(kept)
    return [*kept, f"... {count(missing, 'more line')}"] if missing > 0 else kept


def _shorten(line: str, length: int) -> str:
    missing = len(line) - length
    return line if missing <= 0 else f"{line[:length]}... {count(missing, 'more character')}"


def prose(text: str, room: int) -> list[str]:
    """The text wrapped at `room` columns, without breaking words."""
    wrapped = (
        textwrap.wrap(line, max(room, 20), break_long_words=False, break_on_hyphens=False) or [""]
        for line in plain(text).splitlines()
    )
    return [line for lines in wrapped for line in lines]


def fields(rows: Iterable[tuple[str, list[str]]], indent: int, style: str = "") -> Text:
    """Names in one column and their values, which can have several lines, in a second."""
    rows = list(rows)
    column = column_of(name for name, _ in rows)
    text = Text()
    for name, lines in rows:
        for number, line in enumerate(lines or [""]):
            text.append(" " * indent)
            text.append(plain(name if number == 0 else "").ljust(column), style="dim")
            text.append(f"{line}\n", style=style)
    text.rstrip()
    return text


def column_of(names: Iterable[str]) -> int:
    """The width of a first column that has these names, with the space behind it."""
    return max((len(plain(name)) for name in names), default=0) + 2


def mapping(value: Json, indent: int, limits: Limits) -> Text:
    """A JSON object as fields, without empty and omitted ones; any other document as lines of JSON."""
    if not isinstance(value, Mapping):
        return fields([("", document(value, limits.width - indent - 2, limits))], indent - 2)
    empty: tuple[Json, ...] = (None, {}, [], "")
    shown = {name: item for name, item in value.items() if item not in empty and name not in limits.omitted}
    room = limits.width - indent - column_of(shown)
    return fields(((name, _field(item, room, limits)) for name, item in shown.items()), indent)


def _field(value: Json, room: int, limits: Limits) -> list[str]:
    if isinstance(value, str):
        return cut(plain(value).splitlines() or [""], limits)
    return document(value, room, limits)


def diff(text: str, indent: int, limits: Limits) -> Text:
    """A unified diff in colours. If `limits` is brief, only one line is kept before and after each change."""
    styles = {"-": "red", "+": "green", "@": "dim"}
    lines = plain(text).splitlines()
    shown = Text()
    for line in cut(_near_changes(lines) if limits.brief else lines, limits):
        shown.append(" " * indent)
        shown.append(f"{line}\n", style=styles.get(line[:1], ""))
    shown.rstrip()
    return shown


def _near_changes(lines: list[str]) -> list[str]:
    """The changed lines, each with the line before and after it; without the heads of hunks."""
    body = [line for line in lines if not line.startswith("@@")]
    changed = [index for index, line in enumerate(body) if line[:1] in {"-", "+"}]
    near = sorted({index + offset for index in changed for offset in (-1, 0, 1) if 0 <= index + offset < len(body)})
    kept: list[str] = []
    for before, index in zip([-1, *near], near, strict=False):
        kept += ([" ..."] if kept and index - before > 1 else []) + [body[index]]
    return kept
