"""Lines in the embedded metric format, checked against its specification, and what CloudWatch makes of them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import jsonschema

SCHEMA = json.loads(Path(__file__).with_name("line.schema.json").read_text(encoding="utf-8"))
MOST_VALUES = 100
"""Of one metric in a line (the specification's section "Target members")."""

Key = tuple[str, str, frozenset[tuple[str, str]]]
"""A metric: its namespace, its name, its dimensions."""


def metric_values(lines: Iterable[str]) -> Mapping[Key, list[float]]:
    """The values in those lines that have metrics. Raises when one breaks the specification."""
    values: defaultdict[Key, list[float]] = defaultdict(list)
    for document in map(json.loads, lines):
        jsonschema.validate(document, SCHEMA)
        for directive in document["_aws"]["CloudWatchMetrics"]:
            for names in directive["Dimensions"]:
                dimensions = frozenset((name, _text(document[name])) for name in names)
                for metric in directive["Metrics"]:
                    key = (directive["Namespace"], metric["Name"], dimensions)
                    values[key] += _numbers(document[metric["Name"]])
    return values


def _text(value: Any) -> str:
    assert isinstance(value, str), f"a dimension has a text, not {value!r}"
    return value


def _numbers(value: Any) -> list[float]:
    numbers = value if isinstance(value, list) else [value]
    assert len(numbers) <= MOST_VALUES
    assert all(isinstance(number, int | float) for number in numbers)
    return numbers
