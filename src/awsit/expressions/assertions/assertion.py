"""Assertions: `{path, name?, <operator>: expected, ...}`, combined with `and`, `or`, `not`.

`path` (a JSONPath) defaults to `$`; inside `and`, `or` and `not` it defaults to the one outside. A path that can select
several values gives a list of them. Beside the operators may stand `strict` and `any_order` (see `matchers.Rules`) and
`tolerance_seconds` (how far apart moments may be). All operators of one assertion must hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from awsit.errors import ExpressionError, Problem
from awsit.expressions.assertions import diff, markers
from awsit.expressions.assertions.operators import OPERATORS, OPTIONS, AssertionOptions
from awsit.expressions.assertions.validation import COMBINATORS, find_problems
from awsit.expressions.jsonpath import query
from awsit.expressions.templates import template
from awsit.expressions.values import ABSENT
from awsit.model.json import Json
from awsit.model.result import AssertionResult

__all__ = ["OPERATORS", "check", "problems", "render"]


@dataclass(frozen=True, slots=True)
class _Verdict:
    """The verdict on one operator or combinator; `message` is empty when it holds."""

    operator: str
    message: str
    diff: str = ""


def check(spec: Json, document: Json) -> AssertionResult:
    """Whether a rendered assertion holds for the document.

    Raises ExpressionError, code `invalid_assertion` when the assertion itself is wrong, or `bad_regex`, `bad_schema`,
    `too_large` when it cannot be decided.
    """
    wrong = next(find_problems(spec, rendered=True), None)
    if wrong is not None:
        place = f" (at `{wrong.path}` of the assertion)" if wrong.path else ""
        raise ExpressionError(f"{wrong.message}{place}", code="invalid_assertion", hint=wrong.hint)
    try:
        return _check(spec, document, "$")
    except RecursionError as error:
        raise ExpressionError("the document is nested too deeply to be compared", code="too_large") from error


def render(spec: Json, scope: Mapping[str, object]) -> Json:
    """The assertion with its expressions replaced by their values; raises as `template.render` does."""
    return markers.mark_service_data(spec, template.render(spec, scope))


def problems(spec: Json) -> list[Problem]:
    """Everything that is wrong with an assertion as it is written in a scenario; operands may still be templates.

    The path of each problem leads into the assertion, such as `or[1].matches.id`.
    """
    return list(find_problems(spec))


def _check(spec: Mapping[str, Json], document: Json, outer_path: str) -> AssertionResult:
    path = spec.get("path", outer_path)
    selection = query.find(path, document)
    present = bool(selection.values)
    actual = (selection.values[0] if present else ABSENT) if selection.singular else selection.values
    options = AssertionOptions(path, present, **{name: spec[name] for name in OPTIONS if name in spec})
    verdicts = [
        *(_operate(name, spec[name], actual, options) for name in spec if name in OPERATORS),
        *(_combine(name, spec[name], document, path) for name in spec if name in COMBINATORS),
    ]
    failed = [verdict for verdict in verdicts if verdict.message]
    doubt = query.kept_as_text(path, document) if failed and (not present or isinstance(actual, str)) else ""
    shown = [verdict.operator for verdict in failed or verdicts]
    return AssertionResult(
        passed=not failed,
        operator=", ".join(shown),
        path=path,
        name=spec.get("name", ""),
        expected=spec[shown[0]] if len(shown) == 1 else {name: spec[name] for name in shown},
        actual=None if actual is ABSENT else actual,
        actual_present=present,
        message="; ".join(filter(None, [*(verdict.message for verdict in failed), doubt])),
        diff="\n".join(verdict.diff for verdict in failed if verdict.diff),
    )


def _operate(name: str, expected: Json, actual: Json, options: AssertionOptions) -> _Verdict:
    operator = OPERATORS[name]
    message = operator.verdict(expected, actual, options)
    pair = operator.difference(expected, actual, options) if message else None
    return _Verdict(name, message, diff.unified(*pair) if pair else "")


def _combine(name: str, operand: Json, document: Json, path: str) -> _Verdict:
    if name == "not":
        holds = _check(operand, document, path).passed
        return _Verdict(name, f"should not hold, but does: {_describe(operand, path)}" if holds else "")
    results = [_check(item, document, path) for item in operand]
    failed = [result for result in results if not result.passed]
    if name == "and":
        differences = "\n".join(result.diff for result in failed if result.diff)
        return _Verdict(name, "; ".join(result.message for result in failed), differences)
    if len(failed) < len(results):
        return _Verdict(name, "")
    reasons = "; ".join(f"({number}) {result.message}" for number, result in enumerate(failed, 1))
    return _Verdict(name, f"none of {len(failed)} alternatives holds: {reasons}")


def _describe(spec: Mapping[str, Json], outer_path: str) -> str:
    return " and ".join(_sentences(spec, spec.get("path", outer_path)))


def _sentences(spec: Mapping[str, Json], path: str) -> Iterator[str]:
    for name, operand in spec.items():
        if name in OPERATORS:
            yield OPERATORS[name].sentence(operand, path)
        elif name == "not":
            yield f"not ({_describe(operand, path)})"
        elif name in COMBINATORS:
            yield f"({f' {name} '.join(_describe(item, path) for item in operand)})"
