"""Assertions with the values of their templates: operands as any document, paths with literals in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from awsit.errors import ExpressionError, Problem
from awsit.expressions.assertions import markers
from awsit.expressions.assertions.elements import QUANTIFIERS
from awsit.expressions.jsonpath import literals, query
from awsit.expressions.templates import template
from awsit.expressions.templates.segments import Part, holds_template, is_template, pieces, sole_expression, split
from awsit.expressions.templates.substitution import uses
from awsit.identity import remembered
from awsit.model.json import Json

NESTED = frozenset({"not", *QUANTIFIERS})
"""The keys that hold an assertion."""
LISTS = frozenset({"and", "or"})
"""The keys that hold a list of them."""
_SPECS = 1024
"""Assertions of which it is remembered whether they have templates: a plan makes them once, for all attempts."""


def render(spec: Json, scope: Mapping[str, object]) -> Json:
    """The assertion with its expressions replaced by their values; raises as `template.render` does.

    In `path` and `json_path` a value becomes a literal (`jsonpath.literals`), so that it never is syntax. A path that
    is nothing but one expression is the path that a variable holds, if none of it comes from a service.
    """
    if not _holds_template(spec):
        return spec
    if not isinstance(spec, Mapping):
        return markers.mark_service_data(spec, template.render(spec, scope))
    entries = [entry for name, value in spec.items() for entry in _entry(name, value, scope).items()]
    rendered = dict(entries)
    if len(rendered) < len(entries):
        raise ExpressionError("two keys of an assertion become the same", code="duplicate_key")
    return rendered


_holds_template = remembered(_SPECS)(holds_template)


def path_problem(path: str, place: str) -> Problem | None:
    """What is wrong with a path that may hold templates and is written at `place`, if anything."""
    if not is_template(path):
        return query.problem(path, place)
    try:
        parts = split(path)
    except ExpressionError:
        return None  # the checks of templates report it
    if sole_expression(parts):
        return _service_path(path, place)
    return _sample_problem(path, parts, place)


def _entry(name: str, value: Json, scope: Mapping[str, object]) -> dict[str, Json]:
    if name == "path" or (name == "json_path" and isinstance(value, str)):
        return {name: _path(value, scope)}
    if name == "json_path" and isinstance(value, list | tuple):
        return {name: [_path(each, scope) for each in value]}
    if name in NESTED:
        return {name: render(value, scope)}
    if name in LISTS and isinstance(value, list | tuple):
        return {name: [render(each, scope) for each in value]}
    entry = {name: value}
    rendered = markers.mark_service_data(entry, template.render(entry, scope))
    assert isinstance(rendered, dict)
    return rendered


def _path(path: Json, scope: Mapping[str, object]) -> Json:
    if not isinstance(path, str) or not is_template(path):
        return path
    parts = split(path)
    if sole_expression(parts):
        problem = _service_path(path, "")
        if problem:
            raise ExpressionError(problem.message, code=problem.code, hint=problem.hint)
        return template.part_value(parts[0], scope)
    values = [template.part_value(part, scope) for part in parts if part.expression]
    try:
        return literals.joined(pieces(parts), values)
    except ExpressionError as error:
        raise ExpressionError(f"`path` `{path}`: {error.message}", code=error.code, hint=error.hint) from error


def _service_path(path: str, place: str) -> Problem | None:
    if not uses(path, markers.SERVICE_ROOTS):
        return None
    error = literals.no_syntax()
    return Problem("bad_path", f"what a service answered is no path: {error.message}", place, error.hint)


def _sample_problem(path: str, parts: tuple[Part, ...], place: str) -> Problem | None:
    try:
        samples = literals.sample_paths(pieces(parts))
    except ExpressionError as error:
        offset, length = _syntax_part(parts)
        return Problem(error.code, error.message, place, error.hint, offset=offset, length=length)
    problems = [query.problem(sample, place) for sample in samples]
    first = problems[0]
    if first is None or None in problems:
        return None
    message = f"`{path}` is not a JSONPath, whatever its template gives: {first.message}"
    return Problem(first.code, message, place, first.hint)


def _syntax_part(parts: tuple[Part, ...]) -> tuple[int, int]:
    """Offset and length of the first expression, braces included, whose value would be syntax."""
    expressions: Iterator[Part] = (part for part in parts if part.expression)
    for part, hole in zip(expressions, literals.holes(pieces(parts)), strict=True):
        if hole.place is literals.Place.SYNTAX:
            return part.offset - 2, len(part.text) + 4
    return 0, 1
