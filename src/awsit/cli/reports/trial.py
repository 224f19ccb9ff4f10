"""An expression that a person tries on a document: a JSONPath, a template, a lookup or assertions in YAML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from awsit.errors import ExpressionError, InvalidInputError, Position, Problem
from awsit.expressions.assertions import assertion
from awsit.expressions.jsonpath import absence
from awsit.expressions.jsonpath.lookup import KEYS, Lookup
from awsit.expressions.jsonpath.query import Match
from awsit.expressions.templates import template
from awsit.expressions.templates.segments import is_template
from awsit.model import json
from awsit.model.json import Json
from awsit.model.result import AssertionResult
from awsit.model.text.paths import join_path
from awsit.records import replace
from awsit.scenario.reading.load import load_text
from awsit.scenario.reading.positions import placed
from awsit.scenario.reading.source import Source

EXPRESSION = "expression"
"""What positions call the text that is tried."""


class Trial(Struct, frozen=True):
    """What came of it. Of assertions there are `checks`, of a path `matches`, of a template one match without a path.

    `nothing` says where a path that selects nothing leaves the document.
    """

    matches: tuple[Match, ...] = ()
    checks: tuple[AssertionResult, ...] = ()
    nothing: Problem | None = None

    @property
    def succeeded(self) -> bool:
        """Whether something was found, and every assertion holds."""
        return all(check.passed for check in self.checks) and bool(self.matches or self.checks)

    @property
    def found_nothing(self) -> bool:
        """Whether a path selected nothing, or an empty list."""
        return self.nothing is not None or any(check.actual in (None, []) for check in self.checks)


def read_document(text: str, file: str) -> Json:
    """A document in JSON or YAML. Raises InvalidInputError, with the place where it is neither."""
    if not text.strip():
        raise InvalidInputError("the document is empty", hint="give it one in JSON or YAML")
    try:
        return json.loads(text)
    except json.TooLargeError as error:
        raise InvalidInputError(f"the document {error}") from error
    except ValueError:
        return _source(text, file, "the document is neither JSON nor YAML").document


def run_trial(text: str, document: Json, scope: Mapping[str, object]) -> Trial:
    """Evaluate the text. Raises InvalidInputError for one that is wrong, with the place."""
    if not text:
        raise InvalidInputError("the expression is empty", hint="`$` shows all of the document")
    if text.startswith("$"):
        return _path_trial(text, document)
    if text.startswith("{{"):
        return _template_trial(text, scope)
    source = _source(text, EXPRESSION, "the expression cannot be read")
    if source.document == text and is_template(text):
        return _template_trial(text, scope)
    specs = source.document if isinstance(source.document, list) else [source.document]
    if not specs:
        raise _wrong(Problem("bad_expression", "the list of assertions is empty"), text)
    if not all(isinstance(spec, Mapping) for spec in specs):
        path = str(source.document).removeprefix("$").removeprefix("result").lstrip(".") or "body"
        hint = f"a path begins with `$`, as in `$.{path}`; an assertion is an object"
        raise _wrong(Problem("bad_expression", "this is no JSONPath, no template and no assertion", hint=hint), text)
    return _yaml_trial(source, specs, document, scope)


def _path_trial(text: str, document: Json) -> Trial:
    try:
        return _looked_up(Lookup(text), text, document)
    except ExpressionError as error:
        raise _wrong(_problem(error), text) from error


def _template_trial(text: str, scope: Mapping[str, object]) -> Trial:
    try:
        return Trial((Match("", template.render(text, scope)),))
    except ExpressionError as error:
        raise _wrong(_problem(error), text) from error


def _yaml_trial(source: Source, specs: Sequence[Json], document: Json, scope: Mapping[str, object]) -> Trial:
    if len(specs) == 1 and specs[0].keys() <= set(KEYS):
        rendered = _rendered(source, {**specs[0], "exists": True}, "", scope)
        return _looked_up(Lookup.of(rendered), "", document)
    listed = isinstance(source.document, list)
    places = [f"[{number}]" if listed else "" for number in range(len(specs))]
    rendered = [_rendered(source, spec, place, scope) for spec, place in zip(specs, places, strict=True)]
    return Trial(checks=tuple(_checked(source, spec, document) for spec in rendered))


def _rendered(source: Source, spec: Json, place: str, scope: Mapping[str, object]) -> Json:
    problems = [replace(problem, path=join_path(place, problem.path)) for problem in assertion.problems(spec)]
    if problems:
        raise InvalidInputError("the assertion is wrong", tuple(placed(problem, source) for problem in problems))
    try:
        return assertion.render(spec, scope)
    except ExpressionError as error:
        raise _wrong(replace(_problem(error), offset=None), source.text) from error


def _checked(source: Source, spec: Json, document: Json) -> AssertionResult:
    try:
        return assertion.check(spec, document)
    except ExpressionError as error:
        raise _wrong(replace(_problem(error), offset=None), source.text) from error


def _looked_up(lookup: Lookup, text: str, document: Json) -> Trial:
    matches = tuple(lookup.matches(document))
    if matches:
        return Trial(matches)
    obstacle = lookup.obstacle(document)
    if obstacle or lookup.json_path:
        return Trial(nothing=Problem("nothing", f"there is nothing at {lookup}", hint=obstacle))
    missing = absence.explain(lookup.path, document)
    problem = Problem("nothing", missing.message, offset=missing.offset, length=missing.length)
    return Trial(nothing=_positioned(problem, text) if text else problem)


def _source(text: str, file: str, message: str) -> Source:
    try:
        return load_text(text, file)
    except InvalidInputError as error:
        raise InvalidInputError(message, error.problems) from error


def _problem(error: ExpressionError) -> Problem:
    return Problem(error.code, error.message, "", error.hint, None, error.offset, error.length)


def _wrong(problem: Problem, text: str) -> InvalidInputError:
    return InvalidInputError("the expression is wrong", (_positioned(problem, text),))


def _positioned(problem: Problem, text: str) -> Problem:
    """The problem with its position in the text, at the characters that it names, else at all of the first line."""
    offset = problem.offset or 0
    line = text.count("\n", 0, offset)
    column = offset - (text.rfind("\n", 0, offset) + 1)
    length = problem.length if problem.offset is not None else len(text.splitlines()[0]) if text else 1
    return replace(problem, position=Position(EXPRESSION, line + 1, column + 1, length))
