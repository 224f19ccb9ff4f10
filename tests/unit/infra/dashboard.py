"""A dashboard's body as CloudWatch reads it (CloudWatch API Reference, "Dashboard body structure and syntax")."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Shown:
    """A metric of a widget, with its dimensions and its statistic."""

    widget: str
    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]
    statistic: str
    label: str


def widgets(body: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(body)["widgets"]
    return found


def shown_metrics(body: str) -> Iterator[Shown]:
    """The metrics of all widgets; expressions are left out."""
    for widget in widgets(body):
        properties = widget["properties"]
        for fields, options in _rows(properties.get("metrics", ())):
            namespace, name, *pairs = fields
            dimensions = tuple(zip(pairs[::2], pairs[1::2], strict=True))
            statistic = options.get("stat") or properties["stat"]
            yield Shown(properties["title"], namespace, name, dimensions, statistic, options.get("label", ""))


def expressions(widget: dict[str, Any]) -> Iterator[str]:
    for row in widget["properties"].get("metrics", ()):
        yield from (field["expression"] for field in row if isinstance(field, dict) and "expression" in field)


def _rows(metrics: Any) -> Iterator[tuple[list[str], dict[str, Any]]]:
    before: list[str] = []
    for row in metrics:
        options = row[-1] if isinstance(row[-1], dict) else {}
        if "expression" in options:
            continue
        fields = [field for field in row if isinstance(field, str)]
        if fields[:1] in ([], ["..."]):
            fields = before[: len(before) - len(fields[1:])] + fields[1:]
        before = [before[place] if field == "." else field for place, field in enumerate(fields)]
        yield before, options
