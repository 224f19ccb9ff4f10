"""JSONPath (RFC 9535, https://www.rfc-editor.org/rfc/rfc9535) through python-jsonpath, with exact numbers."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct

from awsit.errors import ExpressionError, Problem
from awsit.expressions import budget
from awsit.expressions.jsonpath import plain
from awsit.expressions.values import ABSENT, WithAbsences
from awsit.model.json import Json

if TYPE_CHECKING:
    from jsonpath import JSONPath, JSONPathMatch

T = TypeVar("T")

MAX_LENGTH = 4096
"""Characters of one path."""
_STEPS_PER_PLACE = 3
"""Steps, beside that of its node, of a value whose own path is kept, which takes hundreds of bytes."""
MAX_INDEX = 2**53 - 1
"""The largest index (RFC 9535, section 2.1: the integers of I-JSON)."""


class Found(Struct, frozen=True):
    """The values that a path selected, in order. `singular`: it can select one at most (RFC 9535, section 2.3.5.1).

    `problem` says why a text could not be read on the way to them (`Lookup`), as a sentence: they are the text then.
    """

    values: list[Json]
    singular: bool
    problem: str = ""


@lru_cache(maxsize=4096)
def parse(path: str) -> JSONPath:
    """The compiled path; the same text is compiled once. Raises ExpressionError, code `bad_path`, with the offset."""
    from jsonpath import JSONPath
    from jsonpath.exceptions import JSONPathError

    from awsit.expressions.jsonpath.counted import CountedPath
    from awsit.expressions.jsonpath.rfc9535 import environment

    if len(path) > MAX_LENGTH:
        raise ExpressionError(f"a path may have {MAX_LENGTH} characters, not {len(path)}", code="bad_path")
    try:
        query = environment().compile(path)
    except JSONPathError as error:
        raise _bad_path(path, error) from error
    except (RecursionError, ValueError, ArithmeticError, IndexError) as error:
        raise ExpressionError(f"`{path[:80]}` is not a JSONPath", code="bad_path", hint=_hint(path)) from error
    assert isinstance(query, JSONPath)  # unions are no part of RFC 9535 and are refused in strict mode
    return CountedPath.of(query)


def problem(path: str, place: str) -> Problem | None:
    """What is wrong with a path that is written at `place`, if anything."""
    if plain.keys_of(path) is not None:
        return None
    try:
        parse(path)
    except ExpressionError as error:
        return Problem(error.code, error.message, place, error.hint, None, error.offset, error.length)
    return None


def is_path(text: str) -> bool:
    """Whether the text is a JSONPath."""
    return problem(text, "") is None


def is_singular(path: str) -> bool:
    """Whether the path can select one value at most. Raises as `parse`."""
    return plain.keys_of(path) is not None or parse(path).singular_query()


def find(path: str, document: Json) -> Found:
    """The values that the path selects in the document. Raises ExpressionError, code `bad_path` or `too_large`."""
    keys = plain.keys_of(path)
    return _searched(path, document) if keys is None else Found(_selected(path, keys, document), singular=True)


def _selected(path: str, keys: plain.Keys, document: Json) -> list[Json]:
    """What the path of these keys selects: one value or none. It takes too few steps to be an evaluation of its own."""
    if not isinstance(document, dict | list):
        return [] if keys else [document]
    try:
        value = plain.select(keys, document)
    except ExpressionError as error:
        raise _named(error, path) from error
    return [] if value is ABSENT else [value]


def _searched(path: str, document: Json) -> Found:
    query = parse(path)
    singular = query.singular_query()
    if not isinstance(document, dict | list):  # the library would take a text for JSON; a scalar has only a root
        return Found([document] if query.empty() else [], singular)
    return Found(_of_each_node(path, document, lambda node: node.obj), singular)


def _of_each_node(path: str, document: Json, read: Callable[[JSONPathMatch], T]) -> list[T]:
    """What is read of each node that the path selects in an object or array. Raises ExpressionError as `find`."""
    from jsonpath.exceptions import JSONPathError

    query = parse(path)
    try:
        with budget.evaluation():
            return [read(node) for node in query.finditer(document)]
    except ExpressionError as error:
        raise _named(error, path) from error
    except (JSONPathError, RecursionError) as error:
        message = f"`{path}` went deeper into the document than is possible"
        raise ExpressionError(message, code="too_large") from error


class Match(Struct, frozen=True):
    """A value that a path selected, and its own normalized path (RFC 9535, section 2.7)."""

    path: str
    value: Json


def matches(path: str, document: Json) -> list[Match]:
    """As `find`, each value with its place in the document."""
    if not isinstance(document, dict | list):
        return [Match("$", value) for value in find(path, document).values]
    keys = plain.keys_of(path)
    if keys is not None:
        return [Match(plain.normalized(keys), value) for value in _selected(path, keys, document)]
    return _of_each_node(path, document, _match)


def _match(node: JSONPathMatch) -> Match:
    budget.spend(_STEPS_PER_PLACE)
    return Match(node.path, node.obj)


def is_absent(path: str, document: Json) -> bool:
    """Whether the path selects nothing but nulls that stand for what is not there (`WithAbsences`)."""
    if not isinstance(document, WithAbsences):
        return False
    selected = {match.path for match in matches(path, document)}
    return bool(selected) and selected <= document.absent


def _named(error: ExpressionError, path: str) -> ExpressionError:
    """The error of a search, with the path that it was about."""
    if error.code != "too_large":
        return error
    return ExpressionError(f"{error.message} (in `{path[:80]}`)", code=error.code, hint=error.hint)


def _bad_path(path: str, error: Any) -> ExpressionError:
    token = error.token
    at_end = token is None or token.index < 0
    offset = len(path) if at_end else token.index
    length = 1 if at_end else max(1, len(token.value))
    if not path.startswith("$"):
        offset, length = 0, max(1, len(path))
    reason = error.message if path.startswith("$") else "it does not begin with `$`"
    message = f"`{path}` is not a JSONPath: {reason} (at {'the end' if at_end else f'character {offset + 1}'})"
    return ExpressionError(message, code="bad_path", hint=_hint(path), offset=offset, length=length)


def _hint(path: str) -> str:
    if not path.startswith("$"):
        return f"a path begins with `$`, as in `$.{path.lstrip('.') or 'body'}`"
    return "names with other characters than letters, digits and `_` are written as `$['a-b']`"
