"""What is wrong with an assertion, found without a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from awsit.errors import Problem
from awsit.expressions.assertions.elements import QUANTIFIERS
from awsit.expressions.assertions.operands import unknown
from awsit.expressions.assertions.operators import OPERATORS, OPTIONS
from awsit.expressions.assertions.rendering import path_problem
from awsit.expressions.jsonpath import lookup, query
from awsit.expressions.values import kind
from awsit.key_hints.hints import key_hint
from awsit.model.json import Json
from awsit.model.text.paths import child_path
from awsit.suggestions import suggestion

COMBINATORS: Final = ("and", "or", "not")
KEYS: Final = (*lookup.KEYS, "name", *OPTIONS, *OPERATORS, *QUANTIFIERS, *COMBINATORS)
NO_OPERATORS: Final = {*lookup.KEYS, "name", *OPTIONS}
MAX_DEPTH: Final = 20


def find_problems(spec: Json, place: str = "", depth: int = 0, *, rendered: bool = False) -> Iterator[Problem]:
    """Each thing that is wrong with the assertion at `place`.

    `rendered`: values of templates are in it, so braces, and the `#` of a text in `matches`, may be data.
    """
    if not isinstance(spec, Mapping):
        yield _wrong(place, "an assertion is an object such as `{path: $.status, equals: created}`", spec)
        return
    if depth > MAX_DEPTH:
        yield Problem("too_deep", f"assertions may be nested {MAX_DEPTH} levels deep", place)
        return
    yield from _key_problems(spec, place)
    yield from _path_problems(spec, place, rendered=rendered)
    yield from _option_problems(spec, place, rendered=rendered)
    for name, operand in spec.items():
        here = child_path(place, name)
        if name in OPERATORS and not (rendered and name == "matches"):
            checked = "" if rendered and unknown(operand) else operand
            for problem in OPERATORS[name].problems(checked, here):
                yield _named(problem, name)
        elif name in QUANTIFIERS:
            yield from find_problems(operand, here, depth + 1, rendered=rendered)
        elif name in COMBINATORS:
            yield from _combined_problems(name, operand, here, depth, rendered=rendered)


def _key_problems(spec: Mapping[str, Json], place: str) -> Iterator[Problem]:
    for name in spec:
        if name not in KEYS:
            hint = key_hint("Assertion", str(name))
            offer = "" if hint else suggestion(str(name), KEYS)
            yield Problem("unknown_key", f"unknown key `{name}`{offer}", child_path(place, name), hint)
    if all(name in NO_OPERATORS for name in spec):
        hint = f"add one of {', '.join((*OPERATORS, *QUANTIFIERS))}"
        yield Problem("no_operator", "the assertion has no operator", place, hint)


def _path_problems(spec: Mapping[str, Json], place: str, *, rendered: bool) -> Iterator[Problem]:
    if "name" in spec and not isinstance(spec["name"], str):
        yield _wrong(child_path(place, "name"), "`name` must be a text", spec["name"])
    yield from lookup.problems(spec, place)
    for here, path in lookup.placed_paths(spec, place):
        wrong = (query.problem if rendered else path_problem)(path, here) if isinstance(path, str) else None
        yield from [wrong] if wrong else []


def _option_problems(spec: Mapping[str, Json], place: str, *, rendered: bool) -> Iterator[Problem]:
    for name in OPTIONS:
        if name not in spec:
            continue
        here, value = child_path(place, name), spec[name]
        if (rendered or not unknown(value)) and not OPTIONS[name].takes(value):
            yield _wrong(here, f"`{name}` needs {OPTIONS[name].needs}", value)
        users = [operator for operator, item in OPERATORS.items() if name in item.options]
        if not any(operator in spec for operator in users):
            yield Problem("useless_option", f"`{name}` works beside {', '.join(users)} only", here)


def _combined_problems(name: str, operand: Json, place: str, depth: int, *, rendered: bool) -> Iterator[Problem]:
    if name == "not":
        yield from find_problems(operand, place, depth + 1, rendered=rendered)
        return
    if not isinstance(operand, list) or not operand:
        yield _wrong(place, f"`{name}` needs a list of assertions", operand)
        return
    for index, item in enumerate(operand):
        yield from find_problems(item, child_path(place, index), depth + 1, rendered=rendered)


def _named(problem: Problem, operator: str) -> Problem:
    if problem.code != "bad_operand":
        return problem
    return Problem(problem.code, f"`{operator}` {problem.message}", problem.path, problem.hint)


def _wrong(place: str, message: str, value: Json) -> Problem:
    what = "an empty list" if value == [] else kind(value)
    return Problem("bad_operand", f"{message}, not {what}", place)
