"""Dataclasses to JSON documents and back."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from awsit.model.json import Json, exact

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
    from pydantic import TypeAdapter

T = TypeVar("T")


def encode(value: DataclassInstance) -> Json:
    """A dataclass as a JSON document; numbers with a fraction as Decimal, enums as their text."""
    return exact(asdict(value))


def decode(kind: type[T], document: Json) -> T:
    """The dataclass that `document` describes. Raises pydantic's ValidationError when it does not fit."""
    return cast("T", _adapter(cast("Hashable", kind)).validate_python(document))


@cache
def _adapter(kind: Hashable) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter  # slow to import, and not every command decodes

    return TypeAdapter(cast("Any", kind))
