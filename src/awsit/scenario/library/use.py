"""One `use`: which action of which library it names, what is wrong with it, and what the actions inside become."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

from msgspec import Struct, field

from awsit.errors import ExpressionError, InvalidInputError, Problem
from awsit.expressions.templates import template
from awsit.expressions.templates.segments import split
from awsit.expressions.templates.substitution import sole_use
from awsit.model.plan import Phase
from awsit.model.text.paths import join_path
from awsit.records import replace
from awsit.scenario.library.inputs import Binding, bind_inputs
from awsit.scenario.library.lookup import LibraryAction, LibraryScope
from awsit.scenario.library.tree import Node, to_document
from awsit.scenario.limits import MAX_USE_DEPTH
from awsit.scenario.reading.positions import placed
from awsit.scenario.reading.source import Source
from awsit.scenario.schema.document import UseSpec
from awsit.scenario.schema.keys import CHOICE
from awsit.scenario.schema.walk import are_exclusive
from awsit.suggestions import suggestion
from awsit.validation.problems import model_problems

_NONE = Node({})

_FOLLOWED: Mapping[str, tuple[str, ...]] = {"receive": ("from", "mock")}
"""The params that name another action, of each type that has some (`FollowsAction.followed`)."""


class Expansion(Struct, frozen=True):
    """Where an action is written, and how its names change in the scenario; `chain` has the uses around it.

    `actions` are the names of the actions that are written beside it, in the same action of the library.
    """

    scope: LibraryScope
    binding: Binding = field(default_factory=Binding)
    chain: tuple[str, ...] = ()
    actions: frozenset[str] = frozenset()

    def renamed(self, item: Node) -> Node:
        """An action with the names that it gets in the scenario."""
        if not self.chain:
            return item
        entries = dict(item.entries)
        if item.text("name"):
            name = entries["name"]
            entries["name"] = name.with_value(self.binding.action(name.value))
        params = item.entries.get("params", _NONE)
        if followed := dict(self._followed(item.text("type"), params)):
            entries["params"] = params.with_value({**params.entries, **followed})
        computed = entries.get("let", _NONE)
        if computed.entries:
            entries["let"] = computed.with_value(dict(self._computed(computed)))
        captures = entries.get("pass_to_context", _NONE)
        if captures.entries:
            entries["pass_to_context"] = captures.with_value(
                {new: path for name, path in captures.entries.items() for new in self.binding.captured(name)}
            )
        if item.entries.get("for_each", _NONE).entries:
            for_each = entries["for_each"]
            alias = for_each.with_value(self.binding.captured(for_each.text("as") or "item")[0])
            entries["for_each"] = for_each.with_value({**for_each.entries, "as": alias})
        redacted = entries.get("redact", _NONE)
        if isinstance(redacted.value, tuple):
            own = {*computed.entries, *captures.entries}
            entries["redact"] = redacted.with_value(tuple(self._redacted(redacted, own)))
        return item.with_value(entries)

    def _followed(self, kind: str, params: Node) -> Iterator[tuple[str, Node]]:
        """The params that name an action beside this one, with the name that it gets in the scenario."""
        for param in _FOLLOWED.get(kind, ()):
            if (name := params.text(param)) in self.actions:
                yield param, params.entries[param].with_value(self.binding.action(name))

    def _computed(self, computed: Node) -> Iterator[tuple[str, Node]]:
        """Each value by its name in the scenario; one that has several is computed once."""
        for name, node in computed.entries.items():
            first, *others = self.binding.captured(name)
            yield first, node
            yield from ((other, node.with_value(f"{{{{ context.{first} }}}}")) for other in others)

    def _redacted(self, redacted: Node, own: Container[str]) -> Iterator[Node]:
        for entry in redacted.value:
            if isinstance(entry.value, str) and entry.value in own:
                yield from (entry.with_value(name) for name in self.binding.captured(entry.value))
            else:
                yield entry


class ExpandedUse(Struct, frozen=True):
    """What a `use` stands for: `body` has the actions with their inputs in place, `outputs` what they must capture."""

    item: Node
    body: Node
    level: Expansion
    outputs: Mapping[str, Node]

    @property
    def when(self) -> Node | None:
        """The condition of the `use`."""
        return self.item.entries.get("when")

    def conditional(self, entries: tuple[Node, ...]) -> Node:
        """The actions, done only if the condition holds."""
        assert self.when is not None
        params = self.item.with_value({"when": self.when, "then": self.item.with_value(entries)})
        name, kind = self.item.with_value(self.level.binding.prefix), self.item.with_value(CHOICE)
        return self.item.with_value({"name": name, "type": kind, "params": params})

    def missing_outputs(self, entries: Iterable[Node]) -> Iterator[Problem]:
        """The outputs that nothing captures."""
        captured = set(_captured(entries))
        for name, node in self.outputs.items():
            if captured.isdisjoint(self.level.binding.captured(name)):
                yield node.problem("unknown_context", f"its actions do not capture `{name}`")


class UseExpansion(Struct):
    """All uses of one expansion, by the prefix of their actions' names, and by the outputs at each level."""

    names: dict[str, Node] = field(default_factory=dict)
    outputs: dict[tuple[str, str], list[Node]] = field(default_factory=dict)

    def begin(self, item: Node, level: Expansion, phase: Phase, problems: list[Problem]) -> ExpandedUse | None:
        """The actions of a `use`, not yet expanded themselves; None when it is unclear which, or their names."""
        own = list(_shape_problems(item, level, phase))
        expanded = None if own else self._begin(item, level, phase, own)
        problems += own
        return expanded

    def _begin(self, item: Node, level: Expansion, phase: Phase, problems: list[Problem]) -> ExpandedUse | None:
        action = _find_action(item, level, problems)
        if action is None:
            return None
        name = item.text("name") or action.name
        prefix = level.binding.action(name)
        declared = dict(_declared_outputs(action.node, problems))
        names = dict(self._outputs(item, level, declared, problems))
        if not phase.is_follow_up:
            problems += self._name_problems(item, prefix, name)
        unclear = bool(problems)
        inputs = bind_inputs(action.node, item.entries.get("with", _NONE), item.entries["use"], problems)
        problems += action.library.problems
        if unclear:
            return None
        binding = Binding(prefix, inputs, _by_captured(declared, names), problems)
        body = binding.bound(action.node.entries["actions"])
        captured = {str(node.value): node for node in declared.values()}
        inner = Expansion(action.scope, binding, (*level.chain, action.key), frozenset(_names(body)))
        return ExpandedUse(item, body, inner, captured)

    def _outputs(
        self, item: Node, level: Expansion, declared: Mapping[str, Node], problems: list[Problem]
    ) -> Iterator[tuple[str, tuple[str, ...]]]:
        renamed = item.entries.get("outputs", _NONE).entries
        for name, node in renamed.items():
            if name not in declared:
                rest = suggestion(name, declared) if declared else "; it has none"
                problems.append(node.problem("unknown_output", f"there is no output `{name}`{rest}", key=True))
        for name in declared:
            context_name = str(renamed[name].value) if name in renamed else name
            problems += self._output_problems(item, level, context_name, name)
            yield name, level.binding.captured(context_name)

    def _output_problems(self, item: Node, level: Expansion, context_name: str, name: str) -> Iterator[Problem]:
        before = self.outputs.setdefault((level.binding.prefix, context_name), [])
        other = next((each for each in before if not are_exclusive(each.path, item.path)), None)
        before.append(item)
        if other is not None:
            message = f"`context.{context_name}` is an output of `{other.path}` already"
            hint = f"give it another name here: `outputs: {{{name}: ...}}`"
            yield item.entries["use"].problem("duplicate_output", message, hint)

    def _name_problems(self, item: Node, prefix: str, name: str) -> Iterator[Problem]:
        if prefix in self.names:
            message = f"the name `{name}` is taken by the `use` at `{self.names[prefix].path}`"
            node = item.entries.get("name", item.entries["use"])
            yield node.problem("duplicate_name", message, "give each `use` a `name` of its own")
        self.names.setdefault(prefix, item)


def _names(node: Node) -> Iterator[str]:
    """The names of the actions that are written in the tree; those of a `use` are its own."""
    if node.text("type") and node.text("name"):
        yield node.text("name")
    for child in node.value if isinstance(node.value, tuple) else node.entries.values():
        yield from _names(child)


def _shape_problems(item: Node, level: Expansion, phase: Phase) -> Iterator[Problem]:
    document, positions = to_document(item)
    source = Source(document, level.scope.file, positions=positions)
    for problem in model_problems(UseSpec, document, "", "`use`"):
        yield replace(placed(problem, source), path=join_path(item.path, problem.path))
    inputs = item.entries.get("with", _NONE)
    for problem in template.problems(document.get("with")):
        there = replace(problem, path=join_path("with", problem.path))
        yield replace(placed(there, source), path=join_path(inputs.path, problem.path))
    if phase.is_follow_up and "when" in item.entries:
        message = f"a `use` in `{phase}` takes no `when`"
        yield item.entries["when"].problem("misplaced_key", message, "let the actions of the library have it", key=True)


def _find_action(item: Node, level: Expansion, problems: list[Problem]) -> LibraryAction | None:
    use = item.entries["use"]
    try:
        action = level.scope.find(str(use.value))
    except InvalidInputError as error:
        problems += error.problems or [use.problem(error.code, error.message, error.hint)]
        return None
    if action.key in level.chain:
        circle = " → ".join((*level.chain[level.chain.index(action.key) :], action.key))
        problems.append(use.problem("cycle", f"`{action.key}` uses itself: {circle}", "break the circle"))
        return None
    if len(level.chain) >= MAX_USE_DEPTH:
        message = f"library actions use one another more than {MAX_USE_DEPTH} deep: {' → '.join(level.chain)}"
        problems.append(use.problem("limit", message))
        return None
    return action


def _declared_outputs(action: Node, problems: list[Problem]) -> Iterator[tuple[str, Node]]:
    """The outputs of an action, each with the name that its actions capture, which may be written as a template."""
    for name, node in action.entries.get("outputs", _NONE).entries.items():
        captured = _captured_name(str(node.value))
        if captured.isidentifier():
            yield name, node.with_value(captured)
        else:
            message = f"the output `{name}` must be the name of a captured value"
            problems.append(node.problem("invalid_value", message, "such as `token`, or `{{ context.token }}`"))


def _captured_name(text: str) -> str:
    """The name that an output holds, as it is or in a template; empty when it holds none."""
    if "{{" not in text:
        return text
    try:
        return next((sole_use(part, "context") or "" for part in split(text)), "")
    except ExpressionError:
        return ""


def _by_captured(declared: Mapping[str, Node], outputs: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    by_captured: dict[str, tuple[str, ...]] = {}
    for name, node in declared.items():
        by_captured[node.value] = (*by_captured.get(node.value, ()), *outputs[name])
    return by_captured


def _captured(entries: Iterable[Node]) -> Iterator[str]:
    for node in entries:
        yield from node.entries.get("let", _NONE).entries
        yield from node.entries.get("pass_to_context", _NONE).entries
        yield from _captured(node.children)
