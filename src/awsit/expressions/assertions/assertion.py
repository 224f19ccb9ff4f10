"""Assertions: `{path, json_path?, name?, <operator>: expected, ...}`, combined with `and`, `or`, `not`.

`path` (a JSONPath) defaults to `$`; inside `and`, `or` and `not` it defaults to the one outside, with its `json_path`.
A path that can select several values gives a list of them. `json_path` goes on inside the JSON that a text holds. With
`any`, `all` and `none` an assertion is held to the elements of an array; its own paths begin at the element. Beside the
operators may stand `strict` and `any_order` (see `matchers.Rules`) and `tolerance_seconds` (how far apart moments may
be). All operators of one assertion must hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from awsit.errors import ExpressionError, Problem
from awsit.expressions.assertions import comparison, diff, elements
from awsit.expressions.assertions.advice import advice
from awsit.expressions.assertions.elements import QUANTIFIERS
from awsit.expressions.assertions.operators import OPERATORS, OPTIONS, AssertionOptions
from awsit.expressions.assertions.rendering import render
from awsit.expressions.assertions.validation import COMBINATORS, find_problems
from awsit.expressions.assertions.verdict import INFINITELY, AssertionOutcome, OperatorVerdict
from awsit.expressions.jsonpath import query
from awsit.expressions.jsonpath.lookup import Lookup
from awsit.expressions.jsonpath.query import Found
from awsit.expressions.values import ABSENT, WithAbsences
from awsit.model.json import Json
from awsit.model.result import AssertionResult
from awsit.model.text.counts import none_of
from awsit.records import replace

__all__ = ["OPERATORS", "check", "problems", "render"]

_WHOLE = Lookup("$")
_NESTING = frozenset({*QUANTIFIERS, *COMBINATORS})
"""The keys that hold assertions."""


def check(spec: Json, document: Json, *, source: str = "", is_valid: bool = False) -> AssertionResult:
    """Whether a rendered assertion holds for the document. `source` is its place; `is_valid`: `problems` has none.

    Raises ExpressionError, code `invalid_assertion` when the assertion itself is wrong, or `bad_path`, `bad_regex`,
    `bad_schema`, `too_large` when it cannot be decided.
    """
    wrong = None if is_valid else next(find_problems(spec, rendered=True), None)
    if wrong is not None:
        place = f" (at `{wrong.path}` of the assertion)" if wrong.path else ""
        raise ExpressionError(f"{wrong.message}{place}", code="invalid_assertion", hint=wrong.hint)
    try:
        return _check(spec, document, _WHOLE, source=source).result
    except RecursionError as error:
        raise ExpressionError("the document is nested too deeply to be compared", code="too_large") from error


def problems(spec: Json) -> list[Problem]:
    """Everything that is wrong with an assertion as it is written in a scenario; operands may still be templates.

    The path of each problem leads into the assertion, such as `or[1].matches.id`.
    """
    return list(find_problems(spec))


def _check(
    spec: Mapping[str, Json], document: Json, outer: Lookup, *, diffs: bool = True, source: str = ""
) -> AssertionOutcome:
    lookup = _lookup(spec, outer)
    found = lookup.find(document)
    actual, path, is_present = _actual(found), str(lookup), _is_present(lookup, found, document)
    if found.problem:
        verdicts = [OperatorVerdict("json_path", found.problem, undecided=True)]
    else:
        given = {name: spec[name] for name in spec if name in OPTIONS}
        options = AssertionOptions(path, is_present, **given)
        verdicts = [_operate(name, spec[name], actual, options, diffs=diffs) for name in spec if name in OPERATORS]
        if not _NESTING.isdisjoint(spec):
            verdicts += _nested(spec, actual, document, lookup, diffs=diffs)
    failed = [verdict for verdict in verdicts if verdict.message]
    shown = [verdict.operator for verdict in failed or verdicts]
    written = {**spec, "json_path": list(lookup.json_path)} if found.problem else spec
    result = AssertionResult(
        passed=not failed,
        operator=", ".join(shown),
        path=path,
        name=spec.get("name", ""),
        expected=written[shown[0]] if len(shown) == 1 else {name: written[name] for name in shown},
        actual=None if actual is ABSENT else actual,
        actual_present=is_present,
        message="; ".join([verdict.message for verdict in failed]) if failed else _warning(spec, lookup, document),
        diff="\n".join([verdict.diff for verdict in failed if verdict.diff]) if failed else "",
        source=source,
    )
    if not failed:
        return AssertionOutcome(result, apart=0)
    if diffs and not found.problem:
        is_reason = not found.values or _is_text_for_document(actual, spec, shown)
        more = lookup.reason(document) if is_reason else advice(spec, shown, actual, singular=found.singular)
        result = replace(result, message="; ".join(filter(None, [result.message, more])))
    unmet, apart = sum(verdict.unmet for verdict in failed), sum(verdict.apart for verdict in failed)
    return AssertionOutcome(result, unmet, apart, any(verdict.undecided for verdict in failed))


def _lookup(spec: Mapping[str, Json], outer: Lookup) -> Lookup:
    """The paths of an assertion; one without its own has those outside."""
    if "json_path" in spec:
        return Lookup.of(spec, outer.path)
    return Lookup(spec["path"]) if "path" in spec else outer


def _is_present(lookup: Lookup, found: Found, document: Json) -> bool:
    """Whether there is something: not a null that stands for what is not there."""
    if not isinstance(document, WithAbsences):
        return bool(found.values)
    return bool(found.values) and (bool(lookup.json_path) or not query.is_absent(lookup.path, document))


def _warning(spec: Mapping[str, Json], lookup: Lookup, document: Json) -> str:
    """What an assertion that holds should say instead: nothing for most of them."""
    if spec.get("equals", ABSENT) is not None or not query.is_absent(lookup.path, document):
        return ""
    return f"{lookup} is not there; `equals: null` holds for that as it always did, but `exists: false` says it"


def _actual(found: Found) -> Json:
    if not found.singular:
        return found.values
    return found.values[0] if found.values else ABSENT


def _is_text_for_document(actual: Json, spec: Mapping[str, Json], operators: list[str]) -> bool:
    """Whether the value is a text, and what was expected is not: perhaps it should have been read as JSON."""
    return isinstance(actual, str) and any(not isinstance(spec[name], str) for name in operators)


def _nested(
    spec: Mapping[str, Json], actual: Json, document: Json, lookup: Lookup, *, diffs: bool
) -> Iterator[OperatorVerdict]:
    """The verdict on each quantifier and combinator."""
    for name in filter(QUANTIFIERS.__contains__, spec):
        yield elements.judge(name, actual, str(lookup), partial(_check_element, spec[name]), diffs=diffs)
    for name in filter(COMBINATORS.__contains__, spec):
        yield _combine(name, spec[name], document, lookup, diffs=diffs)


def _check_element(spec: Mapping[str, Json], element: Json, *, diffs: bool) -> AssertionOutcome:
    return _check(spec, element, _WHOLE, diffs=diffs)


def _operate(name: str, expected: Json, actual: Json, options: AssertionOptions, *, diffs: bool) -> OperatorVerdict:
    operator = OPERATORS[name]
    message = operator.verdict(expected, actual, options)
    if not message:
        return OperatorVerdict(name)
    pair = operator.difference(expected, actual, options) if diffs else None
    unmet = operator.count_unmet(expected, actual, options)
    apart = comparison.distance(expected, actual)
    difference = diff.unified(*pair) if pair else ""
    return OperatorVerdict(name, message, difference, unmet, INFINITELY if apart is None else max(apart, -apart))


def _combine(name: str, operand: Json, document: Json, lookup: Lookup, *, diffs: bool) -> OperatorVerdict:
    if name == "not":
        return _negate(operand, _check(operand, document, lookup, diffs=diffs), lookup)
    outcomes = [_check(item, document, lookup, diffs=diffs) for item in operand]
    failed = [outcome for outcome in outcomes if not outcome.result.passed]
    undecided = any(outcome.undecided for outcome in failed)
    if name == "and":
        differences = "\n".join(outcome.result.diff for outcome in failed if outcome.result.diff)
        message = "; ".join(outcome.result.message for outcome in failed)
        return OperatorVerdict(
            name, message, differences, sum(outcome.unmet for outcome in failed), undecided=undecided
        )
    if len(failed) < len(outcomes):
        return OperatorVerdict(name)
    reasons = "; ".join(f"({number}) {outcome.result.message}" for number, outcome in enumerate(failed, 1))
    message = f"{none_of(len(failed), 'alternative')} holds: {reasons}"
    return OperatorVerdict(name, message, unmet=min(outcome.unmet for outcome in failed), undecided=undecided)


def _negate(operand: Mapping[str, Json], outcome: AssertionOutcome, lookup: Lookup) -> OperatorVerdict:
    if outcome.undecided:
        return OperatorVerdict("not", outcome.result.message, undecided=True)
    return OperatorVerdict(
        "not", f"should not hold, but does: {_describe(operand, lookup)}" if outcome.result.passed else ""
    )


def _describe(spec: Mapping[str, Json], outer: Lookup) -> str:
    return " and ".join(_sentences(spec, _lookup(spec, outer)))


def _sentences(spec: Mapping[str, Json], lookup: Lookup) -> Iterator[str]:
    for name, operand in spec.items():
        if name in OPERATORS:
            yield OPERATORS[name].sentence(operand, str(lookup))
        elif name in QUANTIFIERS:
            yield f"{name} of {lookup} ({_describe(operand, _WHOLE)})"
        elif name == "not":
            yield f"not ({_describe(operand, lookup)})"
        elif name in COMBINATORS:
            yield f"({f' {name} '.join(_describe(item, lookup) for item in operand)})"
