"""Expressions of DynamoDB: what an update changes, and under which condition.

Source: Amazon DynamoDB developer guide, "Using update expressions" and "Condition and filter expressions".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field


class UpdateExpression(Struct):
    """An update in the making; `names` (`#state`) and `values` (`:open`) are the placeholders that stand in it."""

    condition: str = ""
    names: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    sets: list[str] = field(default_factory=list)
    additions: list[str] = field(default_factory=list)
    removals: list[str] = field(default_factory=list)

    def set(self, clause: str, names: Mapping[str, str] | None = None, /, **values: Any) -> None:
        """Add one `path = :value` with its placeholders; those of `values` are named without their colon."""
        self.sets.append(clause)
        self.names.update(names or {})
        self.values.update({f":{name}": value for name, value in values.items()})

    def __str__(self) -> str:
        """The update expression."""
        clauses = {"SET": self.sets, "ADD": self.additions, "REMOVE": self.removals}
        return " ".join(f"{verb} {', '.join(parts)}" for verb, parts in clauses.items() if parts)
