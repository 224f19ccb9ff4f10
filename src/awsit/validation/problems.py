"""What keeps a part of a file, or rendered params, from being what a pydantic model says.

The same fault is the same problem in both: `awsit validate` finds it in the file, a run in what templates gave.
Pydantic's own messages, and the tags that unions put into its locations, are never shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct
from pydantic import BaseModel, ValidationError

from awsit.errors import Problem
from awsit.expressions.templates.segments import holds_template
from awsit.key_hints.hints import key_hint
from awsit.model.json import Json
from awsit.model.text.paths import child_path, join_path, outer_paths
from awsit.suggestions import suggestion
from awsit.validation.errors import CUSTOM, FINDINGS
from awsit.validation.locations import Location, known_keys, models_at, resolve
from awsit.validation.sentences import EXPECTED, choice_hint, not_this, predicate, type_hint

_SHAPE_KEYS = {list: "[]", str: "=", int: "="}
"""Keys of hints for what stands in place of a whole mapping, by its type."""
_OFFERS = 1000
"""Errors of one model for which similar keys are looked for; more than are shown, since they are sorted later."""


class _Fault(Struct, frozen=True):
    """A problem; when the type does not fit, with the `expected` one, and the value's name as the only message.

    `owner` is the class of the model that was expected, if it was one.
    """

    problem: Problem
    expected: str = ""
    value: Json = None
    owner: str = ""


def model_problems(model: type[BaseModel], value: Json, path: str, owner: str) -> list[Problem]:
    """Everything that keeps `value`, found at `path`, from being a `model`; `owner` names it in messages."""
    faults = [fault for error in _errors(model, value) for fault in _faults(model, error, value, path, owner)]
    return list(_merged(faults, templates=False))


def params_problems(
    action_type: str, model: type[BaseModel], params: Json, path: str = "", *, rendered: bool
) -> list[Problem]:
    """Everything that is wrong with an action's params, found at `path`.

    Unless they are `rendered`, what is wrong with a value that has a template in it is left to the run.
    """
    errors = _errors(model, params)
    if not rendered:
        errors = [error for error in errors if not _depends_on_template(model, error, params)]
    owner = f"`{action_type}`"
    faults = [fault for error in errors for fault in _faults(model, error, params, path, owner)]
    return list(_merged(faults, templates=True))


def _errors(model: type[BaseModel], value: Json) -> list[Any]:
    """Pydantic's errors; `near` says whether keys that are spelt like an unknown one are looked for."""
    try:
        model.model_validate(value)
    except ValidationError as error:
        found = error.errors(include_url=False)
        return [{**each, "near": number < _OFFERS} for number, each in enumerate(found)]
    return []


def _depends_on_template(model: type[BaseModel], error: Any, document: Json) -> bool:
    if error["type"] in {"missing", "extra_forbidden", FINDINGS}:
        return False
    value = resolve(document, error["loc"]).value
    if error["type"] == "value_error" and isinstance(value, Mapping) and models_at(model, error["loc"]):
        return False  # a check of a whole model is about which of its keys are there
    return holds_template(value)


def _faults(model: type[BaseModel], error: Any, document: Json, path: str, owner: str) -> Iterator[_Fault]:
    if error["type"] != FINDINGS:
        yield _fault(model, error, document, path, owner)
        return
    for finding in error["ctx"]["findings"]:
        place = join_path(path, resolve(document, (*error["loc"], *finding.at)).path)
        yield _Fault(Problem(finding.code, finding.message, place, finding.hint))


def _fault(model: type[BaseModel], error: Any, document: Json, path: str, owner: str) -> _Fault:
    entry = resolve(document, error["loc"])
    place = join_path(path, entry.path)
    name = f"`{_last_key(place, error['loc'])}`" if entry.path else owner
    kind = error["type"]
    if kind == "missing":
        missing = str(entry.rest[-1])
        return _Fault(Problem("missing_key", f"{name} needs `{missing}`", child_path(place, missing)))
    if kind == "extra_forbidden":
        key = str(error["loc"][-1])
        return _Fault(_unknown_key(model, error["loc"][:-1], key, place, near=error["near"]))
    if kind in EXPECTED:
        owner_class = error.get("ctx", {}).get("class_name", "")
        return _Fault(Problem("wrong_type", name, place), EXPECTED[kind], entry.value, owner_class)
    if kind == CUSTOM:
        context, code = error["ctx"], "invalid_key" if "[key]" in entry.rest else "invalid_value"
        return _Fault(Problem(code, f"{name} {context['words']}", place, context["hint"]))
    message = f"{name}{predicate(error, whole=not entry.path)}"
    return _Fault(Problem("invalid_value", message, place, choice_hint(error)))


def _last_key(place: str, location: Location) -> str:
    """The last key of a place, whole where it has dots, such as the name of a host."""
    keys = (str(part) for part in reversed(location) if place.endswith(f".{part}"))
    return next(keys, place.rpartition(".")[2])


def _unknown_key(model: type[BaseModel], location: Location, key: str, place: str, *, near: bool) -> Problem:
    owner = next(iter(models_at(model, location)), model)
    hint = key_hint(owner.__name__, key)
    offer = "" if hint or not near else suggestion(key, known_keys(model, location))
    return Problem("unknown_key", f"unknown key `{key}`{offer}", place, hint)


def _merged(faults: list[_Fault], *, templates: bool) -> Iterator[Problem]:
    """One problem a place: what several members of a union expected is joined, and gives way to what is more exact."""
    expected: dict[str, list[str]] = {}
    exact = {fault.problem.path for fault in faults if not fault.expected}
    around = {outer for fault in faults for outer in outer_paths(fault.problem.path)}
    for fault in faults:
        if fault.expected:
            expected.setdefault(fault.problem.path, []).append(fault.expected)
    for fault in faults:
        path = fault.problem.path
        if not fault.expected:
            yield fault.problem
        elif path in expected and path not in exact and path not in around:
            wanted = " or ".join(dict.fromkeys(expected.pop(path)))
            message = f"{fault.problem.message} must be {wanted}{not_this(fault.value)}"
            hint = key_hint(fault.owner, _SHAPE_KEYS.get(type(fault.value), ""))
            yield Problem("wrong_type", message, path, hint or type_hint(wanted, fault.value, templates=templates))
