"""The matrix of a scenario, which runs once for each row of values, or for each of its cases."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from math import prod
from typing import Any

from awsit.model.json import Json, dumps
from awsit.scenario.limits import MAX_MATRIX_ROWS
from awsit.scenario.schema.cases import cases_of
from awsit.scenario.schema.keys import is_template
from awsit.scenario.schema.row_names import is_row_name
from awsit.validation.errors import Finding, findings, refusal

FILE = "file"
NAME = "name"
"""The key of a row that names it; where every row has one it is a variable too."""
_DIFFERENT = "`matrix` has rows with different variables: this one's are not those of the first"
_TEMPLATE = "`matrix` holds a template; its values are taken as they are"
_LONGEST_SHOWN = 40
"""Characters of a value in the name of a run, which is for one line."""
MAX_SHOWN_ROWS = 10**12
"""A count of more rows has too many digits for a message."""


def rows_of(value: Any) -> list[dict[str, Json]]:
    """The rows that a `matrix` stands for. Raises a `refusal`."""
    rows = _product(value) if isinstance(value, Mapping) else value
    if not isinstance(rows, list) or not rows or not all(isinstance(row, Mapping) and row for row in rows):
        raise refusal("must be a list of rows such as `{product: book}`, or a mapping of variables to lists of values")
    refuse_rows(len(rows))
    for index, row in enumerate(rows):
        if row.keys() - {NAME} != rows[0].keys() - {NAME}:
            raise findings([Finding(_DIFFERENT, (index,), "give every row the same ones")])
        for name in (name for name, item in row.items() if is_template(item)):
            at = (name,) if isinstance(value, Mapping) else (index, name)
            raise findings([Finding(_TEMPLATE, at, "put the template into `variables`")])
    return [dict(row) for row in rows]


def check_matrix(value: Any) -> list[dict[str, Json]]:
    """As `rows_of`; none for a matrix in a file that is still to be read."""
    return [] if file_of(value) else rows_of(value)


def file_of(matrix: Json) -> str:
    """The name of the file that holds the rows of a matrix, `{file: customers.csv}`; empty for any other matrix."""
    name = matrix[FILE] if isinstance(matrix, Mapping) and matrix.keys() == {FILE} else None
    return name if isinstance(name, str) else ""


def refuse_rows(count: int) -> None:
    """Raise a `refusal` for more rows than a matrix may have."""
    if count > MAX_MATRIX_ROWS:
        shown = count if count < MAX_SHOWN_ROWS else f"more than {MAX_SHOWN_ROWS}"
        raise refusal(f"has {shown} rows; the limit is {MAX_MATRIX_ROWS}", "split the scenario")


def _product(lists: Mapping[str, Json]) -> list[dict[str, Json]]:
    if not all(isinstance(values, list) and values for values in lists.values()):
        raise refusal("must map each variable to a list with at least one value")
    refuse_rows(prod(map(len, lists.values())))  # counted before they are built: 100 values of five are 10**10 rows
    return [dict(zip(lists, values, strict=True)) for values in product(*lists.values())]


def expand_matrix(document: Json) -> list[tuple[str, dict[str, Json]]]:
    """The name and variables of each run of a valid scenario; without matrix and cases one run, without variables.

    A run is named after its row or case, `order_is_stored[book]`; a row without a name after its values, as in
    `order_is_stored[book,2]`. Rows of equal values get their number added.
    """
    name = str(document["name"])
    cases = cases_of(document)
    if cases:
        return [(f"{name}[{case}]", dict(variables)) for case, variables in cases.items()]
    if not document.get("matrix"):
        return [(name, {})]
    runs: list[tuple[str, dict[str, Json]]] = []
    seen: set[str] = set()
    rows = rows_of(document["matrix"])
    named, variables = row_names(document["matrix"]), matrix_variables(document)
    for number, row in enumerate(rows, start=1):
        own = row[NAME] if named and NAME in row else ",".join(map(_shown, row.values()))
        label = f"{name}[{own}]"
        label = f"{label}#{number}" if label in seen else label
        seen.add(label)
        runs.append((label, {key: value for key, value in row.items() if key in variables}))
    return runs


def matrix_rows(document: Json) -> list[dict[str, Json]]:
    """The variables of each run; of one run, without variables, when there is no matrix or it is not valid."""
    cases = cases_of(document)
    if cases:
        return [dict(variables) for variables in cases.values()]
    try:
        return rows_of(document["matrix"]) if document.get("matrix") else [{}]
    except ValueError:
        return [{}]


def matrix_variables(document: Json) -> set[str]:
    """The names of the variables that each run takes from the matrix or its case; none when these are not valid.

    Cases may leave out what the scenario's `variables` have.
    """
    cases = cases_of(document)
    if cases:
        own = document.get("variables")
        return set[str]().union(*cases.values()) - set(own if isinstance(own, Mapping) else ())
    matrix = document.get("matrix")
    if not isinstance(matrix, list):
        return set(matrix) if isinstance(matrix, Mapping) and not file_of(matrix) else set()
    rows = [set(row) for row in matrix if isinstance(row, Mapping)]
    in_all = set.intersection(*rows) if rows else set()
    return {name for name in (rows[0] if rows else ()) if name != NAME or name in in_all}


def row_names(matrix: Json) -> tuple[str, ...]:
    """The names of the rows that have one; none when they cannot be names: then `name` is a variable like any other."""
    names = [row[NAME] for row in matrix if NAME in row] if isinstance(matrix, list) else []
    return tuple(names) if len(set(map(str, names))) == len(names) and all(map(is_row_name, names)) else ()


def has_named_row(document: Json, run: str) -> bool:
    """Whether a run of the scenario is called after a case or a row that has a name, and not after values."""
    names = cases_of(document) or row_names(document.get("matrix"))
    return any(f"{document['name']}[{name}]" == run for name in names)


def _shown(value: Json) -> str:
    text = value if isinstance(value, str) else dumps(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"
