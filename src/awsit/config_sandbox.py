"""The table `[sandbox]` of `awsit.toml`: whether the emulated AWS is used, and what is deployed when it starts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from awsit.config_places import VALUE
from awsit.config_values import KINDS, path_value, setting_value
from awsit.errors import Position, Problem
from awsit.patterns import lazy_pattern

TABLE = "sandbox"
USE, TEMPLATES = "use", "templates"
PATH, STACK, PARAMETERS, ALLOW = "path", "stack", "parameters", "allow_unsupported"
ENTRY = f"[[{TABLE}.{TEMPLATES}]]"
STACK_NAME = "^[A-Za-z][A-Za-z0-9-]{0,127}$"
"""AWS CloudFormation API reference, CreateStack, `StackName`."""
_HEADER = lazy_pattern(
    r"^[ \t]*\[\[[ \t]*[\"']?sandbox[\"']?[ \t]*\.[ \t]*[\"']?templates[\"']?[ \t]*\]\]", re.MULTILINE
)


class SandboxTemplate(Struct, frozen=True):
    """A template that is deployed to the sandbox as a stack.

    `position` is the place of its path in `awsit.toml`, and `parameters_at` that of its parameters.
    """

    path: Path
    stack: str
    parameters: Mapping[str, str]
    allow_unsupported: bool = False
    position: Position | None = None
    parameters_at: Position | None = None


class TomlText(Struct, frozen=True):
    """The text of an `awsit.toml`. `table` is the position of `sandbox` in it, for what has no place of its own."""

    path: Path
    text: str
    table: Position | None

    def position(self, number: int, key: str = "", *, of_value: bool = False) -> Position | None:
        """Where the entry `number` of `[[sandbox.templates]]`, counted from 0, names a key; else where it begins.

        `of_value`: where it says the value of the key, if that ends in its line.
        """
        headers = list(_HEADER.finditer(self.text))
        if number >= len(headers):
            return self.table
        begin = headers[number].end()
        end = headers[number + 1].start() if number + 1 < len(headers) else len(self.text)
        match = re.compile(rf"(?<![\w/-])({re.escape(key)})(?=[\"']?[ \t]*[=\]])").search(self.text, begin, end)
        start, stop = headers[number].span()
        if key and match:
            value = VALUE.match(self.text, match.end(1), end) if of_value else None
            start, stop = (value or match).span(1)
        first = self.text.rfind("\n", 0, start) + 1
        return Position(str(self.path), self.text.count("\n", 0, start) + 1, start - first + 1, stop - start)


def flag_beside_templates(text: str) -> str:
    """What to do about `sandbox = true` beside templates, which is no TOML: the end of a message, or empty."""
    if re.search(rf"^[ \t]*{TABLE}[ \t]*=", text, re.MULTILINE) and _HEADER.search(text):
        return f": instead of `{TABLE} = true`, write `{USE} = true` below a header `[{TABLE}]`"
    return ""


def read_table(table: Mapping[str, Any], source: TomlText, own_stack: str) -> tuple[dict[str, Any], list[Problem]]:
    """The settings that the table holds, by name, and what is wrong in it.

    `own_stack` is the name of awsit's own stack, which no template may have.
    """
    values: dict[str, Any] = {}
    problems = [_unknown_setting(name, source) for name in table if name not in (USE, TEMPLATES)]
    if USE in table:
        try:
            values["sandbox"] = setting_value("sandbox", table[USE], source.path.parent)
        except ValueError as error:
            problems.append(Problem("bad_value", f"{TABLE}.{USE}: {error}", USE, position=source.table))
    entries = table.get(TEMPLATES, [])
    if isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries):
        for number, entry in enumerate(entries):
            problems += _problems(entry, number, source)
        problems = problems or list(_clashes(entries, source, own_stack))
    else:
        message = f"{TABLE}.{TEMPLATES} is not a list of tables; begin each template with {ENTRY}"
        problems.append(Problem("bad_value", message, TEMPLATES, position=source.table))
    if not problems:
        values["sandbox_templates"] = tuple(_template(entry, number, source) for number, entry in enumerate(entries))
    return values, problems


def _template(entry: Mapping[str, Any], number: int, source: TomlText) -> SandboxTemplate:
    path = path_value(entry[PATH], source.path.parent)
    places = source.position(number, PATH), source.position(number, PARAMETERS)
    return SandboxTemplate(path, entry[STACK], entry.get(PARAMETERS, {}), entry.get(ALLOW, False), *places)


def _problems(entry: Mapping[str, Any], number: int, source: TomlText) -> Iterator[Problem]:
    """What is wrong in one entry."""
    path = f"{TABLE}.{TEMPLATES}[{number}]"
    for key, message in (*_missing(entry), *_wrong_keys(entry)):
        yield Problem("bad_value", message, path, position=source.position(number, key))
    for key, message in _wrong_values(entry):
        yield Problem("bad_value", message, path, position=source.position(number, key, of_value=True))


def _missing(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if PATH not in entry:
        yield "", f"{ENTRY} has no `{PATH}`: the template's file"
    if STACK not in entry:
        yield "", f"{ENTRY} has no `{STACK}`: the name of the stack that the template becomes"


def _wrong_keys(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    from awsit.suggestions import close_matches, suggestion  # only for an error

    known = (PATH, STACK, PARAMETERS, ALLOW)
    for key in entry:
        if key in KINDS and key not in known and not close_matches(key, known):
            yield key, f"`{key}` is a setting of the whole file: write it above the first [table]"
        elif key not in known:
            yield key, f"there is no `{key}` in {ENTRY}{suggestion(key, known)}"


def _wrong_values(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    stack, parameters = entry.get(STACK, "x"), entry.get(PARAMETERS, {})
    try:
        path_value(entry.get(PATH, "."), Path())
    except ValueError as error:
        yield PATH, f"{PATH}: {error}"
    if not isinstance(stack, str) or not re.fullmatch(STACK_NAME, stack):
        rule = "letters, digits and hyphens, a letter first, at most 128"
        yield STACK, f"{STACK}: {stack!r} is not a name for a stack: {rule}"
    if not isinstance(entry.get(ALLOW, False), bool):
        yield ALLOW, f"{ALLOW}: {entry[ALLOW]!r} is not true or false"
    if not isinstance(parameters, dict):
        yield PARAMETERS, f'{PARAMETERS}: {parameters!r} is not a table, such as {{Stage = "test"}}'
        return
    for name, value in parameters.items():
        if not isinstance(value, str):
            yield name, f"{PARAMETERS}.{name}: {value!r} is not text{_as_text(value)}"


def _as_text(value: object) -> str:
    """How a parameter is written that TOML reads as something else (a list is text with commas in CloudFormation)."""
    items = value if isinstance(value, list) else [value]
    if isinstance(value, dict) or any(isinstance(item, list | dict) for item in items):
        return ""
    words = (str(item).lower() if isinstance(item, bool) else str(item) for item in items)
    return f'; write "{",".join(words)}"'


def _clashes(entries: Iterable[Mapping[str, Any]], source: TomlText, own_stack: str) -> Iterator[Problem]:
    """Stacks that cannot be told apart."""
    seen = {own_stack: "it is the stack of awsit itself"}
    for number, entry in enumerate(entries):
        stack = entry[STACK]
        if stack in seen:
            message = f"{STACK}: two stacks cannot be called {stack}: {seen[stack]}"
            yield Problem("bad_value", message, STACK, position=source.position(number, STACK, of_value=True))
        seen.setdefault(stack, f"{entry[PATH]} has the name already")


def _unknown_setting(name: str, source: TomlText) -> Problem:
    from awsit.suggestions import suggestion  # only for an error

    if f"{TABLE}_{name}" in KINDS:
        message = f"there is no `{TABLE}.{name}`; the setting is `{TABLE}_{name}`, above the first [table]"
    elif name in KINDS:
        message = f"`{name}` is a setting of the whole file: write it above the first [table]"
    else:
        message = f"there is no setting `{TABLE}.{name}`{suggestion(name, (USE, TEMPLATES))}"
    return Problem("unknown_key", message, f"{TABLE}.{name}", position=source.table)
