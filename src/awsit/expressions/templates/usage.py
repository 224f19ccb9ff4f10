"""What expressions use and what is wrong with them, read from Jinja2's syntax tree without evaluating anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from awsit.errors import ExpressionError, Problem
from awsit.expressions.templates.names import ACTION, RUN, dotted_name
from awsit.expressions.templates.references import References
from awsit.expressions.templates.segments import Part, split
from awsit.patterns import lazy_pattern
from awsit.records import replace

_NAMED: Mapping[str, Callable[[frozenset[str]], References]] = {
    "context": lambda names: References(context=names),
    "vars": lambda names: References(vars=names),
    "env": lambda names: References(env=names),
    "actions": lambda names: References(actions=names),
    "suite": lambda names: References(suite=names),
    "run": lambda _: References(),
}
_COMPILES = lazy_pattern(r"[^=,{}]{1,80}")
"""What can be compiled once it was parsed: not nested too deeply, and without two values or arguments in one place."""


def find_references(texts: Iterable[str]) -> References:
    """The names that the expressions in the texts use; what cannot be parsed is left out."""
    return References.union([_references_in(text) for text in dict.fromkeys(texts)])


def find_problems(text: str, path: str) -> Iterator[Problem]:
    """What is wrong with the expressions in one text."""
    try:
        parts = split(text)
    except ExpressionError as error:
        offset = error.offset or 0
        message = f"{error.message} (at character {offset + 1})"
        yield Problem(error.code, message, path, error.hint, offset=offset, length=error.length)
        return
    for part in parts:
        if part.expression:
            for problem in _problems(part.text):
                message = f"{problem.message} (in `{part.quoted}`)"
                offset = part.offset + (problem.offset or 0)
                yield replace(problem, message=message, path=path, offset=offset)


@lru_cache(maxsize=4096)
def _references_in(text: str) -> References:
    return References.union([_references(part.text) for part in _expressions(text)])


def _expressions(text: str) -> list[Part]:
    try:
        return [part for part in split(text) if part.expression]
    except ExpressionError:
        return []


@lru_cache(maxsize=4096)
def _references(source: str) -> References:
    known = _known_name(source)
    if known:
        root, key = known
        return _NAMED[root](frozenset({key}))
    from awsit.expressions.templates.analysis import analyze  # imports Jinja2

    try:
        return analyze(source).references
    except ExpressionError:
        return References()


@lru_cache(maxsize=4096)
def _problems(source: str) -> tuple[Problem, ...]:
    if _known_name(source):
        return ()
    from awsit.expressions.templates.analysis import analyze
    from awsit.expressions.templates.evaluate import compiled, place

    try:
        problems = analyze(source).problems
        if not problems and not _COMPILES.fullmatch(source):
            compiled(source)
    except ExpressionError as error:
        problems = (Problem(error.code, error.message, hint=error.hint),)
    return tuple(_placed(problem, source, *place(source, problem.message)) for problem in problems)


def _known_name(source: str) -> tuple[str, str] | None:
    """Root and key of an expression that is a name and nothing else, if the root can have the key."""
    root, key, *more = dotted_name(source) or ("", "")
    if (root == "run" and key not in RUN) or (root == "actions" and more and more[0] not in ACTION):
        return None
    return (root, key) if root else None


def _placed(problem: Problem, source: str, offset: int, length: int) -> Problem:
    """The problem at the name that it quotes, else at the whole expression without the spaces around it."""
    if length == len(source):
        offset, length = len(source) - len(source.lstrip()), max(1, len(source.strip()))
    return replace(problem, offset=offset, length=length)
