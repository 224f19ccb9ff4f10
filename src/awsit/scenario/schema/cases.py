"""The `cases` of a scenario: a run for each, by name; written as patterns of files until these are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from awsit.model.json import Json
from awsit.scenario.limits import MAX_MATRIX_ROWS
from awsit.scenario.schema.row_names import WHAT_NAMES_ROWS, is_row_name
from awsit.validation.errors import Finding, findings, refusal

KEY = "cases"


def check_cases(value: Any) -> Any:
    """The `cases` of a scenario as they are, if they can be read. Raises a `refusal` or `findings`."""
    if isinstance(value, Mapping):
        return _named(value)
    patterns = [value] if isinstance(value, str) else value
    if not isinstance(patterns, list) or not patterns or not all(isinstance(each, str) and each for each in patterns):
        raise refusal("must be a pattern of files such as `cases/*.json`, or a list of them")
    if len(patterns) > MAX_MATRIX_ROWS:
        raise refusal(f"has {len(patterns)} patterns; the limit is {MAX_MATRIX_ROWS}")
    return patterns


def _named(cases: Mapping[str, Json]) -> Mapping[str, Json]:
    if not cases:
        raise refusal("must have at least one case")
    if len(cases) > MAX_MATRIX_ROWS:
        raise refusal(f"has {len(cases)} cases; the limit is {MAX_MATRIX_ROWS}", "split the scenario")
    wrong = [
        Finding(f"the name of a case must be {WHAT_NAMES_ROWS}", (name,), "reports call the run so", "invalid_key")
        for name in cases
        if not is_row_name(name)
    ]
    wrong += [
        Finding(f"the case `{name}` must be a mapping of variables", (name,))
        for name, variables in cases.items()
        if not isinstance(variables, Mapping)
    ]
    if wrong:
        raise findings(wrong)
    return cases


def cases_of(document: Mapping[str, Json]) -> Mapping[str, Mapping[str, Json]]:
    """The variables of each case, by name; none when the scenario has no cases, or none that could be read."""
    cases = document.get(KEY)
    if isinstance(cases, Mapping) and all(isinstance(variables, Mapping) for variables in cases.values()):
        return cases
    return {}


def patterns_of(document: Json) -> dict[str, str]:
    """The patterns of case files that are still to be read, by their places in the document."""
    value = document.get(KEY) if isinstance(document, Mapping) else None
    if isinstance(value, str):
        return {KEY: value}
    entries = value if isinstance(value, list) else []
    return {f"{KEY}[{index}]": each for index, each in enumerate(entries) if isinstance(each, str)}
