"""Checks of the names of a matrix's rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from awsit.errors import Problem
from awsit.model.json import Json
from awsit.scenario.schema.matrix import NAME
from awsit.scenario.schema.row_names import WHAT_NAMES_ROWS, is_row_name

_HINT = "reports and `awsit run 'scenario[name]'` call the row so; a variable of its own has another name"


def row_name_problems(document: Mapping[str, Json]) -> Iterator[Problem]:
    """Names that cannot be those of rows. A `name` that every row has may be a variable, whose values are free."""
    matrix = document.get("matrix")
    rows = [row for row in matrix if isinstance(row, Mapping)] if isinstance(matrix, list) else []
    names = {index: row[NAME] for index, row in enumerate(rows) if NAME in row}
    if len(names) == len(rows):
        return
    first: dict[str, int] = {}
    for index, name in names.items():
        path = f"matrix[{index}].{NAME}"
        if not is_row_name(name):
            yield Problem("invalid_value", f"the name of a row must be {WHAT_NAMES_ROWS}", path, _HINT)
        elif name in first:
            message = f"the row `matrix[{first[name]}]` is called `{name}` too"
            yield Problem("duplicate_name", message, path, "give each row a name of its own")
        else:
            first[name] = index
