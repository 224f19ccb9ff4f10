"""The steps of a `for_each`: one for each item that its list may have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from awsit.expressions.templates.substitution import Use, as_source, rewrite
from awsit.model.json import Json
from awsit.model.plan import Iteration, Step, item_value
from awsit.model.text.paths import child_path
from awsit.records import replace

if TYPE_CHECKING:
    from awsit.scenario.schema.fields import ForEachSpec


class ItemOfList(Struct, frozen=True):
    """One item of the list of an action: what the step for it has in place of what is written.

    A value of the context has one value for the whole run, so that clean-up and later attempts have it too: what is
    written as `context.item` is `context.Action_item_0` in the step of the first item, and so is all of its `let`. What
    the action captures as `id` is `context['id[0]']` there; later actions read the list `context.id` of them all.
    """

    action: str
    spec: ForEachSpec
    index: int
    computed: frozenset[str]
    """The names of the action's `let`."""
    captured: frozenset[str]

    @property
    def name(self) -> str:
        """The name of the step, such as `Put[0]`."""
        return child_path(self.action, self.index)

    def step(self, step: Step) -> Step:
        """The step of the action, for this item."""
        computed = {self.spec.alias: self._value(), **step.let}
        return self.renamed(
            replace(step, let=computed, when=self._when(step.when), iteration=self._iteration(step.when))
        )

    def renamed(self, step: Step) -> Step:
        """A step of the action, also of its clean-up or diagnostics, with the names that are those of this item."""
        names = {name: f"{self.action}_{name}_{self.index}" for name in {self.spec.alias, *self.computed}}
        names |= {name: item_value(name, self.index) for name in self.captured}
        sources = {
            name: f"context['{own}']" if name in self.captured else f"context.{own}" for name, own in names.items()
        }
        sources[f"{self.spec.alias}_index"] = f"({self.index})"
        return replace(
            step,
            params=_rewritten(step.params, sources),
            let={names.get(name, name): _rewritten(value, sources) for name, value in step.let.items()},
            assertions=tuple(_rewritten(each, sources) for each in step.assertions),
            captures={names.get(name, name): spec for name, spec in step.captures.items()},
            until=step.until
            and replace(
                step.until,
                assertions=tuple(_rewritten(each, sources) for each in step.until.assertions),
                fail_when=tuple(_rewritten(each, sources) for each in step.until.fail_when),
            ),
            during=step.during
            and replace(step.during, assertions=tuple(_rewritten(each, sources) for each in step.during.assertions)),
            when=_rewritten(step.when, sources),
            at=_rewritten(step.at, sources),
            redact=tuple(names.get(entry, entry) for entry in step.redact),
        )

    def _iteration(self, written: Json) -> Iteration | None:
        items, condition = self.spec.item, True if written is None else written
        return Iteration(items, self.index, self.spec.max_items, condition) if isinstance(items, str) else None

    def _value(self) -> Json:
        items = self.spec.item
        return f"{{{{ {as_source(items)}[{self.index}] }}}}" if isinstance(items, str) else items[self.index]

    def _when(self, written: Json) -> Json:
        """That the list has this item, and what is written."""
        if written is False or not isinstance(self.spec.item, str):
            return written
        has_item = f"{as_source(self.spec.item)} | length > {self.index}"
        condition = f"{as_source(written)} and " if isinstance(written, str) else ""
        return f"{{{{ {condition}{has_item} }}}}"


def items_of(action: str, spec: ForEachSpec, computed: Iterable[str], captured: Iterable[str]) -> Iterator[ItemOfList]:
    """The items that the list of an action may have; `computed` are the names of its `let`."""
    number = spec.max_items if isinstance(spec.item, str) else len(spec.item)
    names = frozenset(computed), frozenset(captured)
    return (ItemOfList(action, spec, index, *names) for index in range(number))


def _rewritten(value: Json, sources: Mapping[str, str]) -> Json:
    """A value with the names in its templates replaced by their `sources`."""

    def source(use: Use) -> str | None:
        return sources.get(use.key or "")

    if isinstance(value, str):
        return rewrite(value, frozenset({"context"}), source)
    if isinstance(value, Mapping):
        return {_rewritten(key, sources): _rewritten(each, sources) for key, each in value.items()}
    return [_rewritten(each, sources) for each in value] if isinstance(value, list) else value
