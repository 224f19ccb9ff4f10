"""What the scenarios of the conformance tests use of the language, and all that there is to use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, get_args

from pydantic import BaseModel

from awsit.actions.registry import BY_TYPE
from awsit.expressions.assertions import markers
from awsit.expressions.assertions.operands import TYPES
from awsit.expressions.assertions.validation import KEYS
from awsit.expressions.templates.filters import FILTERS
from awsit.expressions.templates.names import FUNCTIONS, NAMESPACES, RUN
from awsit.expressions.templates.segments import split
from awsit.expressions.templates.template import texts
from awsit.model.json import Json
from awsit.scenario.schema.control import CONTROL_PARAMS
from awsit.scenario.schema.document import ScenarioSpec, UseSpec

_MARKER = re.compile(r"##?(?:[a-z]+|\[\d*\])(?= |$)")


def keys_there_are() -> set[str]:
    """Every key that a scenario may have, as `ActionSpec.when`, `http_call.method` or `http_call.auth.basic`."""
    models: dict[str, type[BaseModel]] = {"ScenarioSpec": ScenarioSpec, "UseSpec": UseSpec}
    params = {name: action.params_model for name, action in BY_TYPE.items()}
    found = set(_keys_of(params | CONTROL_PARAMS | models, set()))
    free = {"MetadataSpec.author", "MetadataSpec.version"}  # as any other key of `metadata`
    return found - free - {"ScenarioSpec.files"}  # which is no key of a file: an upload adds it


def keys_used(document: Json) -> Iterator[str]:
    """Those that a document has."""
    return _used(ScenarioSpec, document, "ScenarioSpec")


def words_there_are() -> set[str]:
    """Keys of assertions, types, markers, names, functions and filters."""
    kinds = {f"#{name}" for name in markers._KINDS}
    return (
        set(KEYS)
        | {f"type {name}" for name in TYPES}
        | kinds
        | {"#regex", "#[]", "#[n]", "##"}
        | {f"{name}." for name in NAMESPACES - {"suite"}}  # which takes a suite.yaml: test_suites.py
        | {f"run.{name}" for name in RUN}
        | {f"{name}()" for name in FUNCTIONS}
        | {f"| {name}" for name in FILTERS}
    )


def words_used(document: Json) -> Iterator[str]:
    """Those that a document has."""
    for assertion in _assertions(document):
        yield from assertion.keys()
        if "type" in assertion:
            named = assertion["type"]
            yield from (f"type {name}" for name in (named if isinstance(named, list) else [named]))
        yield from _markers(assertion.get("matches"))
    for _, text in texts(document):
        for part in split(text):
            if part.expression:
                yield from _names(part.text)


def _keys_of(models: dict[str, type[BaseModel]], seen: set[str]) -> Iterator[str]:
    for name, model in models.items():
        if name in seen:
            continue
        seen.add(name)
        for key, field in model.model_fields.items():
            yield f"{name}.{field.alias or key}"
            yield from _keys_of({each.__name__: each for each in _models(field.annotation)}, seen)


def _used(model: type[BaseModel], value: Json, name: str) -> Iterator[str]:
    if not isinstance(value, dict):
        return
    for key, field in model.model_fields.items():
        spelled = field.alias or key
        if spelled not in value:
            continue
        yield f"{name}.{spelled}"
        if spelled == "params" and name in {"ActionSpec", "FollowUpSpec", "LibraryActionSpec"}:
            kind = value.get("type", "")
            yield from _used(_params_of(kind), value["params"], kind)
        for inner in _models(field.annotation):
            for each in _inside(value[spelled], inner):
                used = UseSpec if "use" in each else inner
                yield from _used(used, each, used.__name__)


def _params_of(kind: str) -> type[BaseModel]:
    return CONTROL_PARAMS[kind] if kind in CONTROL_PARAMS else BY_TYPE[kind].params_model


def _inside(value: Json, model: type[BaseModel]) -> Iterator[dict[str, Any]]:
    """Every object that the field's value holds: itself, its items, or, of a mapping by name, its values."""
    if isinstance(value, list):
        for item in value:
            yield from _inside({"actions": item} if isinstance(item, list) else item, model)
    elif isinstance(value, dict):
        yield value
        yield from (item for item in value.values() if isinstance(item, dict) and not model.model_fields.keys() & value)


def _models(annotation: Any) -> list[type[BaseModel]]:
    """The models that an annotation such as `list[ActionSpec] | None` names."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in get_args(annotation) for model in _models(inner)]


def _assertions(value: Json) -> Iterator[dict[str, Json]]:
    """Whatever has only keys of assertions, at any depth."""
    if isinstance(value, dict):
        if value and value.keys() <= set(KEYS):
            yield value
        for item in value.values():
            yield from _assertions(item)
    elif isinstance(value, list):
        for item in value:
            yield from _assertions(item)


def _markers(pattern: Json) -> Iterator[str]:
    for text in _all_texts(pattern):
        for word in _MARKER.findall(text) if markers.find(text) else ():
            if word.startswith("##"):
                yield "##"
            bare = word.replace("##", "#")
            yield "#[n]" if re.search(r"\d", bare) else bare


def _all_texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    inner: Iterable[Json] = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in inner:
        yield from _all_texts(item)


def _names(source: str) -> Iterator[str]:
    yield from (f"{name}()" for name in re.findall(r"\b(\w+)\(", source))
    yield from (f"{name}." for name in re.findall(r"\b(\w+)[.\[]", source))
    yield from (f"run.{name}" for name in re.findall(r"\brun\.(\w+)", source))
    yield from (f"| {name}" for name in re.findall(r"\|\s*(\w+)", source))
