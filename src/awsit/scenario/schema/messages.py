"""What pydantic finds wrong in a document, in plain words and with the path inside the document.

Pydantic's own messages and the tags that unions put into its locations are never shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from awsit.errors import Problem
from awsit.expressions.values import show
from awsit.model.json import Json
from awsit.scenario.reading.source import child_path, is_within, join_path
from awsit.scenario.schema.fields import PLAIN_WORDS, is_template
from awsit.scenario.schema.sentences import EXPECTED, near_choice, said
from awsit.suggestions import suggestion

_SHOWN = 60


@dataclass(frozen=True, slots=True)
class _Finding:
    """One error: `path` inside the document, `expected` when the value's type is what does not fit."""

    problem: Problem
    expected: str = ""
    value: Json = None


def model_problems(
    model: type[BaseModel], value: Json, path: str, owner: str, *, templates_render_later: bool = False
) -> list[Problem]:
    """Everything that keeps `value`, found at `path`, from being a `model`; `owner` names it in messages.

    With `templates_render_later`, what is wrong with a value that has a template in it is left to the run.
    """
    try:
        model.model_validate(value)
    except ValidationError as error:
        errors = error.errors(include_url=False)
    else:
        return []
    if templates_render_later:
        errors = [each for each in errors if not _depends_on_template(model, each, value)]
    findings = [_finding(model, each, value, path, owner) for each in errors]
    return list(_merged(findings))


def _depends_on_template(model: type[BaseModel], error: Any, document: Json) -> bool:
    if error["type"] in {"missing", "extra_forbidden"}:
        return False
    _, value, _ = _resolve(document, error["loc"])
    if error["type"] == "value_error" and isinstance(value, Mapping) and _models_at(model, error["loc"]):
        return False  # a check of a whole model is about which of its keys are there
    return has_template(value)


def has_template(value: Json) -> bool:
    """Whether there is a `{{ template }}` in it, at any depth."""
    if isinstance(value, Mapping):
        return any(has_template(item) for item in value.values())
    if isinstance(value, list):
        return any(has_template(item) for item in value)
    return is_template(value)


def _finding(model: type[BaseModel], error: Any, document: Json, path: str, owner: str) -> _Finding:
    inner, value, rest = _resolve(document, error["loc"])
    place = join_path(path, inner)
    name = place.rpartition(".")[2] if inner else owner
    kind = error["type"]
    if kind == "missing":
        missing = str(rest[-1]) if rest else inner
        message = f"{f'`{name}`' if inner else owner} needs `{missing}`"
        return _Finding(Problem("missing_key", message, child_path(place, missing)))
    if kind == "extra_forbidden":
        key = str(error["loc"][-1])
        message = f"unknown key `{key}`{suggestion(key, _known_keys(_models_at(model, error['loc'][:-1])))}"
        return _Finding(Problem("unknown_key", message, place))
    shown = f"`{name}`" if inner else owner
    if kind in EXPECTED:
        return _Finding(Problem("wrong_type", shown, place), EXPECTED[kind], value)
    if kind == PLAIN_WORDS:
        context, code = error["ctx"], "invalid_key" if "[key]" in rest else "invalid_value"
        return _Finding(Problem(code, f"{shown} {context['words']}", place, context["hint"]))
    return _Finding(Problem("invalid_value", f"{shown}{said(error, whole=not inner)}", place, near_choice(error)))


def _resolve(document: Json, location: Iterable[Any]) -> tuple[str, Json, list[Any]]:
    """The path and value at a location, and its parts that are not in the document: union tags, missing keys."""
    path, value = "", document
    rest: list[Any] = []
    for part in location:
        is_key = isinstance(value, Mapping) and part in value
        is_index = isinstance(value, list) and isinstance(part, int) and part < len(value)
        if is_key or is_index:
            path, value, rest = child_path(path, part), value[part], []
        else:
            rest.append(part)
    return path, value, rest


def _merged(findings: list[_Finding]) -> Iterator[Problem]:
    """One problem a place: what several members of a union expected is joined, and gives way to what is more exact."""
    expected: dict[str, list[str]] = {}
    exact = {finding.problem.path for finding in findings if not finding.expected}
    paths = {finding.problem.path for finding in findings}
    for finding in findings:
        if finding.expected:
            expected.setdefault(finding.problem.path, []).append(finding.expected)
    for finding in findings:
        path = finding.problem.path
        if not finding.expected:
            yield finding.problem
        elif path in expected and path not in exact and not any(is_within(other, path) for other in paths - {path}):
            wanted = " or ".join(dict.fromkeys(expected.pop(path)))
            got = "" if isinstance(finding.value, Mapping | list) else f", not {show(finding.value, _SHOWN)}"
            hint = "put it in quotes" if wanted == "text" and got and finding.value is not None else ""
            yield Problem("wrong_type", f"{finding.problem.message} must be {wanted}{got}", path, hint)


def _known_keys(models: list[type[BaseModel]]) -> set[str]:
    return {field.alias or name for model in models[:1] for name, field in model.model_fields.items()}


def _models_at(model: type[BaseModel], location: tuple[Any, ...]) -> list[type[BaseModel]]:
    """The models that the value at a location may be, of a union the one that the location names; often none."""
    candidates, last = [model], [model]
    for part in location:
        fields = {field.alias or name: field for each in candidates for name, field in each.model_fields.items()}
        named = [each for each in candidates if each.__name__ == part]
        if part in fields:
            last = list(_models_in(fields[part].annotation))
        elif named:
            last = named
        candidates = last or candidates
    return last


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)
