"""The expansion of one scenario that has something to expand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct, field

from awsit.errors import Problem
from awsit.model.plan import Phase
from awsit.records import replace
from awsit.scenario.library.library import Library, LibraryFiles
from awsit.scenario.library.lookup import LibraryScope
from awsit.scenario.library.tree import Node, TooLarge, from_source, merged, to_document
from awsit.scenario.library.use import Expansion, UseExpansion
from awsit.scenario.limits import MAX_ACTIONS, MAX_NODES
from awsit.scenario.reading.source import Source
from awsit.scenario.schema.control import CONTROL_PARAMS
from awsit.scenario.schema.document import DefaultsSpec
from awsit.scenario.schema.keys import CHOICE, PARALLEL, REUSE_KEYS

_FOLLOW_UPS = {"cleanup": Phase.CLEANUP, "on_failure": Phase.ON_FAILURE}


def expanded(source: Source, libraries: LibraryFiles | None, library: Library | None) -> Source:
    """The expanded source, whatever the source has; the arguments are those of `expand`."""
    try:
        return _expanded(source, libraries, library)
    except TooLarge:
        message = f"with all that it uses, it has more than {MAX_ACTIONS} actions or {MAX_NODES} values"
        problem = Problem("limit", message, position=source.position(""))
        return replace(source, written=source, problems=(problem,))


def _expanded(source: Source, libraries: LibraryFiles | None, library: Library | None) -> Source:
    tree = from_source(source)
    scope = LibraryScope(source.file, library.tree if library else tree, libraries, library)
    expander = _Expander(resolves=libraries is not None)
    if libraries is not None:
        expander.problems += scope.named[1]
    document, positions = to_document(expander.document(tree, scope))
    return Source(document, source.file, source.text, positions, source, tuple(dict.fromkeys(expander.problems)))


class _Expander(Struct):
    """One expansion, and what is known so far: the problems, the uses, the number of actions and of unclear uses."""

    resolves: bool
    problems: list[Problem] = field(default_factory=list)
    uses: UseExpansion = field(default_factory=UseExpansion)
    count: int = 0
    unclear: int = 0

    def document(self, root: Node, scope: LibraryScope) -> Node:
        """The expanded scenario, without `defaults` and `libraries`."""
        entries = {key: node for key, node in root.entries.items() if key not in REUSE_KEYS}
        top = Expansion(scope)
        for phase in (Phase.SETUP, Phase.ACTIONS, Phase.CLEANUP):
            if phase in entries:
                entries[phase] = self._list(entries[phase], top, phase)
        return root.with_value(entries)

    def _list(self, node: Node, level: Expansion, phase: Phase) -> Node:
        if not isinstance(node.value, tuple):
            return node
        return node.with_value(tuple(entry for item in node.value for entry in self._entries(item, level, phase)))

    def _entries(self, item: Node, level: Expansion, phase: Phase) -> Iterable[Node]:
        self.count += 1
        if self.resolves and self.count > MAX_ACTIONS:
            raise TooLarge
        if "use" not in item.entries:
            return [self._action(item, level, phase)]
        return self._used(item, level, phase) if self.resolves else [item]

    def _used(self, item: Node, level: Expansion, phase: Phase) -> Iterable[Node]:
        """The actions in the place of a `use`; the `use` itself when something is wrong with it."""
        unclear = self.unclear
        used = self.uses.begin(item, level, phase, self.problems)
        if used is None:
            self.unclear += 1
            return [item]
        body = used.body
        entries = tuple(entry for each in body.children for entry in self._entries(each, used.level, phase))
        if self.unclear == unclear:
            self.problems += used.missing_outputs(entries)
        if phase is Phase.CLEANUP:
            return reversed(entries)  # a clean-up is done from its end; a library's actions are written in their order
        return [used.conditional(entries)] if used.when is not None else entries

    def _action(self, item: Node, level: Expansion, phase: Phase) -> Node:
        if not isinstance(item.value, Mapping):
            return item
        kind = item.text("type")
        if kind in level.scope.defaults and kind not in CONTROL_PARAMS:
            item = merged(_allowed(level.scope.defaults[kind]), item)
        entries: dict[str, Any] = dict(level.renamed(item).entries)
        for key, follow_up in _FOLLOW_UPS.items():
            if key in entries:
                entries[key] = self._list(entries[key], level, follow_up)
        if kind in CONTROL_PARAMS and "params" in entries:
            entries["params"] = self._control(kind, entries["params"], level, phase)
        return item.with_value(entries)

    def _control(self, kind: str, params: Node, level: Expansion, phase: Phase) -> Node:
        entries = dict(params.entries)
        for key in ("then", "else") if kind == CHOICE else ():
            if key in entries:
                entries[key] = self._list(entries[key], level, phase)
        branches = entries.get("branches")
        if kind == PARALLEL and branches is not None and isinstance(branches.value, tuple):
            expanded = tuple(self._branch(each, level, phase) for each in branches.value)
            entries["branches"] = branches.with_value(expanded)
        return params.with_value(entries) if isinstance(params.value, Mapping) else params

    def _branch(self, branch: Node, level: Expansion, phase: Phase) -> Node:
        if "actions" in branch.entries:
            return branch.with_value({**branch.entries, "actions": self._list(branch.entries["actions"], level, phase)})
        return self._list(branch, level, phase)


def _allowed(defaults: Node) -> Node:
    """Only the keys that defaults may hold: others are reported once, where they are written, not in each action."""
    return defaults.with_value(
        {key: item for key, item in defaults.entries.items() if key in DefaultsSpec.model_fields}
    )
