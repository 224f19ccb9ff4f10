"""What each operator takes as its operand.

Every function yields the problems of an operand that is written at `path`; its docstring says what it accepts. A
template passes, for its value is only known when it is rendered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from awsit.errors import ExpressionError, Problem
from awsit.expressions import regex as patterns
from awsit.expressions.templates.segments import holds_template, is_template
from awsit.expressions.values import TYPES, is_integer, is_number, kind
from awsit.model.json import Json
from awsit.model.text.paths import child_path
from awsit.suggestions import suggestion


def anything(_: Json, __: str) -> Iterator[Problem]:
    """Any operand will do."""
    yield from ()


def boolean(operand: Json, path: str) -> Iterator[Problem]:
    """`true` or `false`."""
    if not isinstance(operand, bool) and not unknown(operand):
        yield _wrong(path, "true or false", operand)


def comparable(operand: Json, path: str) -> Iterator[Problem]:
    """A number or a text."""
    if not is_number(operand) and not isinstance(operand, str):
        yield _wrong(path, "a number or a text", operand)


def array(operand: Json, path: str) -> Iterator[Problem]:
    """A list."""
    if not isinstance(operand, list) and not unknown(operand):
        yield _wrong(path, "a list of values", operand)


def regex(operand: Json, path: str) -> Iterator[Problem]:
    """A regular expression."""
    if unknown(operand):
        return
    if not isinstance(operand, str):
        yield _wrong(path, "a regular expression as a text", operand)
        return
    try:
        patterns.compiled(operand)
    except ExpressionError as error:
        place = "" if error.offset is None else f" (at character {error.offset + 1})"
        yield Problem(error.code, f"{error.message}{place}", path, error.hint)


def length(operand: Json, path: str, operators: Collection[str]) -> Iterator[Problem]:
    """A whole number, or an object of `operators`, those for numbers."""
    if unknown(operand):
        return
    if not isinstance(operand, Mapping):
        if not is_integer(operand) or operand < 0:
            yield _wrong(path, "a whole number, or operators such as `{greater_than: 2}`", operand)
        return
    if not operand:
        yield Problem("no_operator", "`length` has no operator in it", path)
    for name in operand:
        if name not in operators:
            text = f"`length` has no operator `{name}`{suggestion(str(name), operators)}"
            yield Problem("unknown_operator", text, child_path(path, str(name)))


def type_name(operand: Json, path: str) -> Iterator[Problem]:
    """The name of a JSON type, or a list of them."""
    for name in operand if isinstance(operand, list) else [operand]:
        if unknown(name) or name in TYPES:
            continue
        if not isinstance(name, str):
            yield _wrong(path, "the name of a type, or a list of names", operand, _type_hint(name))
        else:
            yield Problem("unknown_type", f"there is no type `{name}`{suggestion(name, TYPES)}", path)


def schema(operand: Json, path: str) -> Iterator[Problem]:
    """A JSON Schema."""
    if unknown(operand):
        return
    if not isinstance(operand, Mapping | bool):
        yield _wrong(path, "a JSON Schema, which is an object", operand)
    elif not holds_template(operand):
        from awsit.expressions.assertions.json_schema import validator  # few assertions have a schema

        wrong = validator.problem(operand)
        if wrong:
            yield Problem("bad_schema", wrong, path)


def unknown(operand: Json) -> bool:
    """Whether the operand is a template, whose value is only known when it is rendered."""
    return isinstance(operand, str) and is_template(operand)


def _type_hint(name: Json) -> str:
    return 'in YAML, write the type of null in quotes: "null"' if name is None else ""


def _wrong(path: str, needed: str, operand: Json, hint: str = "") -> Problem:
    return Problem("bad_operand", f"needs {needed}, not {kind(operand)}", path, hint)
