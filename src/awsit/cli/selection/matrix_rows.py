"""The rows of a scenario's matrix, by name."""

from __future__ import annotations

from awsit.cli.patterns import is_like
from awsit.model.json import Json


def rows_like(pattern: str, document: Json) -> tuple[str, ...] | None:
    """The rows of a scenario that are like the pattern; empty for all of them, None for none."""
    name = document.get("name")
    if not isinstance(name, str):
        return None
    if is_like(name, pattern):
        return ()
    rows = tuple(label for label in labels_of(document) if is_like(label, pattern)) if "[" in pattern else ()
    return rows or None


def labels_of(document: Json) -> list[str]:
    """What the runs of a scenario are called; none where its matrix is not valid."""
    from pydantic_core import PydanticCustomError

    from awsit.scenario.schema.matrix import expand_matrix

    try:
        return [label for label, _ in expand_matrix(document)]
    except (PydanticCustomError, KeyError):
        return []
