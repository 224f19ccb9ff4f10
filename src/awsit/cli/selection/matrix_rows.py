"""The rows of a scenario's matrix, by name."""

from __future__ import annotations

from awsit.cli.patterns import is_like
from awsit.model.json import Json


def rows_like(pattern: str, document: Json) -> tuple[str, ...] | None:
    """The names of the rows that are like the pattern; empty when the scenario itself is, None when nothing is."""
    name = document.get("name")
    if not isinstance(name, str):
        return None
    if is_like(name, pattern):
        return ()
    rows = tuple(label for label in labels_of(document) if is_like(label, pattern)) if "[" in pattern else ()
    return rows or None


def labels_of(document: Json) -> list[str]:
    """The names of a scenario's runs, one for each row of its matrix; none when the matrix is not valid."""
    from awsit.scenario.schema.matrix import expand_matrix

    try:
        return [label for label, _ in expand_matrix(document)]
    except (ValueError, KeyError):
        return []
