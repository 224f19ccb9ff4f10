"""`{{ expression }}` in the texts of a document.

A text that is exactly one `{{ expression }}` becomes the expression's value, of any type. Elsewhere the value is
written into the text: a string as it is, a moment in ISO 8601 (UTC), anything else as compact JSON (`true`, `null`,
`1.50`, `{"a":1}`). The keys of objects are rendered too, always as text. What an expression gives is data: it is never
rendered again, and a value that keeps its type is passed on whatever its size.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import reduce

from awsit.errors import ExpressionError, Problem
from awsit.expressions import budget
from awsit.expressions.templates.arithmetic import limited
from awsit.expressions.templates.names import dotted_name
from awsit.expressions.templates.references import References
from awsit.expressions.templates.segments import Part, is_template, sole_expression, split, templates_in
from awsit.expressions.templates.usage import find_problems, find_references
from awsit.expressions.values import ABSENT, as_text, plain
from awsit.model.json import OBJECTS, SCALARS, Json, exact
from awsit.model.text.encoding import whole
from awsit.model.text.paths import child_path
from awsit.patterns import lazy_pattern
from awsit.records import replace

_DELIMITER = lazy_pattern(r"\{[{%#]")

__all__ = [
    "References",
    "is_template",
    "literal",
    "part_value",
    "placed_texts",
    "problems",
    "problems_in",
    "references",
    "render",
    "texts",
]


def render(value: Json, scope: Mapping[str, object]) -> Json:
    """The document with every expression in it replaced by its value in the scope; the rest is copied.

    Raises ExpressionError (`offset` counts from the start of the text that holds the expression) and whatever error of
    awsit a function of the scope raises. The expressions share one budget.
    """
    with budget.evaluation():
        return _render(value, scope)


def literal(value: Json) -> Json:
    """The value with every text in it written so that none of it is taken for a template."""
    if isinstance(value, str):
        return _DELIMITER.sub(lambda found: f"{{{{ '{found[0]}' }}}}", value)
    if isinstance(value, Mapping):
        return {str(literal(key)): literal(item) for key, item in value.items()}
    return [literal(item) for item in value] if isinstance(value, list) else value


def _render(value: Json, scope: Mapping[str, object]) -> Json:
    if isinstance(value, str):
        return _render_text(value, scope) if is_template(value) else value
    if type(value) in SCALARS:
        return value
    if isinstance(value, OBJECTS):
        return _render_object(value, scope)
    if isinstance(value, list | tuple):
        return [_render(item, scope) for item in value]
    return exact(value)


def references(value: Json) -> References:
    """The names that the expressions of a document use, without evaluating any; texts with errors are left out."""
    return find_references(templates_in(value))


def problems(value: Json) -> list[Problem]:
    """Everything that is wrong with the expressions of a document, as far as it can be found without rendering.

    The path of each problem leads into the document, such as `body.items[0]`; it is empty for a text.
    """
    return problems_in(placed_texts(value, ""))


def problems_in(placed: Iterable[tuple[str, str, bool]]) -> list[Problem]:
    """Everything that is wrong with the expressions of these `placed_texts`."""
    return [
        replace(problem, offset=None) if is_key else problem
        for path, text, is_key in placed
        for problem in find_problems(text, path)
    ]


def texts(value: Json, path: str = "") -> Iterator[tuple[str, str]]:
    """The path and text of each template in a document; a key has the path of its entry."""
    return ((place, text) for place, text, _ in placed_texts(value, path))


def placed_texts(value: Json, path: str) -> Iterator[tuple[str, str, bool]]:
    """As `texts`, and whether each is a key."""
    found: list[tuple[_Keys, str, bool]] = []
    _collect(value, (), found)
    return ((reduce(child_path, keys, path), text, is_key) for keys, text, is_key in found)


_Keys = tuple[str | int, ...]


def _collect(value: Json, keys: _Keys, found: list[tuple[_Keys, str, bool]]) -> None:
    """Add the templates in a value, which these keys lead to: few values are any, so no paths are made for the others.

    Each with its keys, and whether it is a key itself.
    """
    if isinstance(value, str):
        if is_template(value):
            found.append((keys, value, False))
    elif type(value) not in SCALARS:
        for key, item in _entries(value):
            if is_template(str(key)):
                found.append(((*keys, key), str(key), True))
            if type(item) is not str or "{" in item:
                _collect(item, (*keys, key), found)


def _entries(value: Json) -> Iterable[tuple[str | int, Json]]:
    """What an object or array holds, by key or index."""
    if isinstance(value, list | tuple):
        return enumerate(value)
    return zip(map(str, value), value.values(), strict=True) if isinstance(value, OBJECTS) else ()


def _render_object(value: Mapping[str, Json], scope: Mapping[str, object]) -> dict[str, Json]:
    rendered: dict[str, Json] = {}
    for key, item in value.items():
        name = as_text(_render(key, scope)) if isinstance(key, str) and "{" in key and is_template(key) else key
        if name in rendered:
            raise ExpressionError(
                f"two keys of one object become `{name}`: `{key}` is the second", code="duplicate_key"
            )
        rendered[name] = item if type(item) is str and "{" not in item else _render(item, scope)
    return rendered


def _render_text(text: str, scope: Mapping[str, object]) -> Json:
    try:
        parts = split(text)
        if sole_expression(parts):
            return part_value(parts[0], scope)
        return whole(limited("".join([_text(part, scope) for part in parts])))
    except RecursionError as error:
        raise ExpressionError("the value is nested too deeply", code="too_large") from error


def _text(part: Part, scope: Mapping[str, object]) -> str:
    return as_text(part_value(part, scope)) if part.expression else part.text


def part_value(part: Part, scope: Mapping[str, object]) -> Json:
    """The value of one expression of a text. Raises ExpressionError, its offset counted from the start of the text."""
    value = _named_value(dotted_name(part.text), scope)
    if value is not ABSENT:
        try:
            return plain(value)
        except (ExpressionError, RecursionError):
            pass  # `evaluate` tells of them, with the place
    from awsit.expressions.templates.evaluate import evaluate  # imports Jinja2

    try:
        return evaluate(part.text, scope)
    except ExpressionError as error:
        raise located(error, part) from error.__cause__


def _named_value(names: tuple[str, ...], scope: Mapping[str, object]) -> object:
    """The value of a dotted name in the objects of the scope; ABSENT for none and for a name of anything else."""
    value: object = scope if names else ABSENT
    for name in names:
        try:
            value = value[name] if isinstance(value, OBJECTS) else ABSENT
        except LookupError:
            return ABSENT
    return value


def located(error: ExpressionError, part: Part) -> ExpressionError:
    """The error with the expression quoted, and its offset counted from the start of the text."""
    offset = part.offset + (error.offset or 0)
    length = error.length if error.offset is not None else len(part.text)
    message = f"{error.message} (in `{part.quoted}`)"
    return ExpressionError(message, code=error.code, hint=error.hint, offset=offset, length=length)
