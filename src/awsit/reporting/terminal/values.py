"""Documents, as much of them as a person reads: aligned fields, short JSON, diffs."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rich.text import Text

from awsit.model import json
from awsit.model.json import Json
from awsit.reporting.terminal.terminal import count, plain

WIDEST = 120


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a value is shown: lines of a document, characters of one of its lines, and the page's width.

    `omitted` names fields of requests and responses that only a person who asks for everything wants to see. `brief`
    leaves out what other lines say too, so that a failure fits on a screen.
    """

    width: int = 80
    lines: int = 16
    line_length: int = 400
    omitted: frozenset[str] = frozenset()
    brief: bool = False

    @classmethod
    def of(cls, width: int, *, everything: bool) -> Limits:
        """What a terminal of this width shows, at most `WIDEST` columns of it."""
        shown = min(width, WIDEST)
        if everything:
            return cls(shown, lines=200, line_length=4000)
        return cls(shown, lines=10, omitted=frozenset({"headers", "elapsed_ms", "log_tail"}), brief=True)


def document(value: Json, room: int, limits: Limits) -> list[str]:
    """A document as lines of JSON: one line where that fits into `room` columns, else indented and cut."""
    try:
        pretty = json.dumps(value, indent=2).split("\n")
    except (TypeError, ValueError):
        pretty = plain(value).split("\n")
    one_line = _joined(pretty)
    if len(one_line) <= room:
        pretty = [one_line]
    return cut([plain(line) for line in pretty], limits)


def _joined(pretty: list[str]) -> str:
    """Indented JSON on one line, with a space after each comma and colon and none inside brackets."""
    joined = ""
    for line in (each.strip() for each in pretty):
        tight = not joined or joined[-1] in "{[" or line[0] in "}]"
        joined += line if tight else f" {line}"
    return joined


def cut(lines: list[str], limits: Limits) -> list[str]:
    """The first lines, each cut too, and a note of what is missing."""
    kept = [_shorten(line, limits.line_length) for line in lines[: limits.lines]]
    missing = len(lines) - len(kept)
    return [*kept, f"... {count(missing, 'more line')}"] if missing > 0 else kept


def _shorten(line: str, length: int) -> str:
    missing = len(line) - length
    return line if missing <= 0 else f"{line[:length]}... {count(missing, 'more character')}"


def prose(text: str, room: int) -> list[str]:
    """Text for people, wrapped at `room` columns; words are never broken."""
    wrapped = (
        textwrap.wrap(line, max(room, 20), break_long_words=False, break_on_hyphens=False) or [""]
        for line in plain(text).splitlines()
    )
    return [line for lines in wrapped for line in lines]


def fields(rows: Iterable[tuple[str, list[str]]], indent: int, style: str = "") -> Text:
    """Names with their values in a second column; further lines of a value hang below the first."""
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
    """Where the second column begins."""
    return max((len(plain(name)) for name in names), default=0) + 2


def mapping(value: Json, indent: int, limits: Limits) -> Text:
    """A JSON object as fields, any other document as JSON lines."""
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
    """A unified diff, its lines coloured; the signs alone say the same. A brief one keeps a line around each change."""
    styles = {"-": "red", "+": "green", "@": "dim"}
    lines = plain(text).splitlines()
    shown = Text()
    for line in cut(_near_changes(lines) if limits.brief else lines, limits):
        shown.append(" " * indent)
        shown.append(f"{line}\n", style=styles.get(line[:1], ""))
    shown.rstrip()
    return shown


def _near_changes(lines: list[str]) -> list[str]:
    """Without the hunks' heads and with one line of what is the same around what is not."""
    body = [line for line in lines if not line.startswith("@@")]
    changed = [index for index, line in enumerate(body) if line[:1] in {"-", "+"}]
    near = sorted({index + offset for index in changed for offset in (-1, 0, 1) if 0 <= index + offset < len(body)})
    kept: list[str] = []
    for before, index in zip([-1, *near], near, strict=False):
        kept += ([" ..."] if kept and index - before > 1 else []) + [body[index]]
    return kept
