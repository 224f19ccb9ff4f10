"""Stacks that cannot be read: each output that a scenario names stands for itself, as `<orders.ApiUrl>`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from awsit.errors import EnvironmentFailure, MissingStackError
from awsit.forecast.calls import look_ups
from awsit.model.json import Json
from awsit.model.sources import StackSource


class PlaceholderStacks:
    """A `StackSource` without AWS: every output that the expressions of `document` name, as a placeholder."""

    def __init__(self, document: Json) -> None:
        self._document = document

    @cached_property
    def _keys(self) -> frozenset[tuple[str | None, str | None]]:
        """Found when the first stack is asked for: each row of a matrix has the whole document."""
        return frozenset((call.name, call.key) for call in look_ups(self._document) if call.function == "stack")

    def outputs(self, stack_name: str) -> Mapping[str, str]:
        """A placeholder for each output that is named."""
        return {key: f"<{stack_name}.{key}>" for name, key in self._keys if name == stack_name and key is not None}


class ReachableStacks:
    """A `StackSource` that asks another, and falls back to placeholders when that cannot be reached.

    `not_read` maps the stacks it fell back for to the reason. After one failure it does not ask again.
    """

    def __init__(self, real: StackSource | None, document: Json) -> None:
        """`real` is None when nothing is to be asked."""
        self._real = real
        self._reason = "not asked for"
        self._placeholders = PlaceholderStacks(document)
        self.not_read: dict[str, str] = {}

    def outputs(self, stack_name: str) -> Mapping[str, str]:
        """Outputs and physical IDs, or placeholders. Raises MissingStackError when there is no such stack."""
        if self._real is not None:
            try:
                return self._real.outputs(stack_name)
            except MissingStackError:
                raise
            except EnvironmentFailure as failure:
                self._real, self._reason = None, failure.message
        self.not_read[stack_name] = self._reason
        return self._placeholders.outputs(stack_name)
