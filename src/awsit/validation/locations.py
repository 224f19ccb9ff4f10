"""Where in a document one of pydantic's errors belongs, and which models may stand there.

A location of pydantic (https://docs.pydantic.dev/latest/errors/errors/) also holds parts that are no keys of the
document: the name of the union's member that was tried, `[key]` for an error of a key, and keys that are missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel

from awsit.model.json import Json
from awsit.model.text.paths import child_path

Location = tuple[int | str, ...]


class DocumentEntry(NamedTuple):
    """An entry of the document, and the last parts of the location, which are not in the document."""

    path: str
    value: Json
    rest: Location


def resolve(document: Json, location: Location) -> DocumentEntry:
    """The innermost entry of the document that the location leads to."""
    path, value = "", document
    rest: list[int | str] = []
    for part in location:
        is_key = isinstance(value, Mapping) and part in value
        is_index = isinstance(value, list) and isinstance(part, int) and part < len(value)
        if is_key or is_index:
            path, value, rest = child_path(path, part), value[part], []
        else:
            rest.append(part)
    return DocumentEntry(path, value, tuple(rest))


def known_keys(model: type[BaseModel], location: Location) -> set[str]:
    """The keys of the mapping at a location, as files write them."""
    return set(_fields(models_at(model, location)[:1]))


def models_at(model: type[BaseModel], location: Location) -> list[type[BaseModel]]:
    """The models that the value at a location may be: of a union the one that the location names. Often none."""
    candidates, last = [model], [model]
    for part in location:
        fields = _fields(candidates)
        named = [each for each in candidates if each.__name__ == part]
        if part in fields:
            last = list(_models_in(fields[str(part)]))
        elif named:
            last = named
        candidates = last or candidates
    return last


def _fields(models: list[type[BaseModel]]) -> dict[str, Any]:
    """The types of the models' fields by their keys."""
    return {field.alias or name: field.annotation for model in models for name, field in model.model_fields.items()}


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)
