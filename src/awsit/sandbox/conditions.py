"""Conditions of templates with every intrinsic function evaluated.

The emulator evaluates `Ref` to a parameter and `Fn::Select` there; comparisons with anything else never hold: with
`Fn::Join`, `Fn::Sub`, `Fn::FindInMap` or a pseudo parameter. What resolves the properties of its resources knows all of
them. Source: CloudFormation template reference, "Condition functions".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Document = Mapping[str, Any]
Resolve = Callable[..., Any]

MODULES = ("engine", "changesets", "handlers", "stacks")
"""The emulator's modules, below `ministack.services.cloudformation`, that evaluate conditions."""


class Conditions(dict[str, bool]):
    """The conditions by name, each evaluated when it is first asked for: they refer to each other in any order."""

    def __init__(self, template: Document, parameters: Document, resolve: Resolve) -> None:
        super().__init__()
        self._definitions = template.get("Conditions") or {}
        self._mappings = template.get("Mappings") or {}
        self._parameters, self._resolve = parameters, resolve
        self._begun: set[str] = set()

    def get(self, name: str, _default: Any = False) -> Any:
        """Whether the condition holds. Raises ValueError, as the emulator does for what CloudFormation refuses."""
        if name not in self._definitions:
            raise ValueError(f"Template format error: Unresolved condition dependency {name} in the Conditions block")
        if name not in self:
            if name in self._begun:
                raise ValueError(f"Template format error: the condition {name} depends on itself")
            self._begun.add(name)
            value = self._resolve(self._definitions[name], {}, self._parameters, self, self._mappings, "", "")
            self[name] = bool(value)
        return super().get(name)


def evaluator(resolve: Resolve) -> Callable[[Document, Document], dict[str, bool]]:
    """What evaluates a template's conditions, for the values of its parameters, by what `resolve` makes of them."""

    def evaluate(template: Document, parameters: Document) -> dict[str, bool]:
        conditions = Conditions(template, parameters, resolve)
        return {name: conditions.get(name) for name in template.get("Conditions") or {}}

    return evaluate
