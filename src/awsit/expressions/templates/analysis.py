"""One expression's syntax tree, read for the names in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TypeVar

from jinja2 import nodes
from msgspec import Struct

from awsit.errors import Problem
from awsit.expressions.fake_data import PROVIDERS
from awsit.expressions.templates import evaluate
from awsit.expressions.templates.environment import environment
from awsit.expressions.templates.names import ACTION, FAKE, FUNCTIONS, LOOKUPS, NAMESPACES, ROOTS, RUN
from awsit.expressions.templates.references import References
from awsit.suggestions import suggestion

T = TypeVar("T", bound=nodes.Node)

_LITERAL_ONLY = {"env": "it is sent with the run", "actions": "its result is kept for those who name it"}
_TAKES_A_FILTER = {"map": 0}
_TAKES_A_TEST = {"select": 0, "reject": 0, "selectattr": 1, "rejectattr": 1}
"""Filters to which another one, or a test, is given by name, and the place of that argument."""
_GUARDS = {"default", "defined", "undefined"}


_UNKNOWN = "unknown name `"


def unknown_root(problem: Problem) -> str:
    """The name that a problem of an expression says is unknown; empty for any other problem."""
    is_unknown = problem.code == "unknown_name" and problem.message.startswith(_UNKNOWN)
    return problem.message.removeprefix(_UNKNOWN).partition("`")[0] if is_unknown else ""


class Analysis(Struct, frozen=True):
    """What one expression uses, and what is wrong with it."""

    references: References
    problems: tuple[Problem, ...]


@lru_cache(maxsize=4096)
def analyze(source: str) -> Analysis:
    """Read one expression. Raises ExpressionError when it cannot be parsed."""
    tree = evaluate.parse(source)
    try:
        reader = _Reader(tree)
        return Analysis(reader.references(), tuple(reader.problems()))
    except RecursionError as error:
        raise evaluate.too_complex(source) from error


class _Reader:
    """Finds the names in a tree. A root is bare unless it is part of `root.key`, `root['key']` or `root()`."""

    def __init__(self, tree: nodes.Template) -> None:
        self._nodes = list(tree.find_all(nodes.Node))
        self._keys: list[tuple[str, str | None, nodes.Node]] = []
        self._calls: list[tuple[str, str | None]] = []
        used: set[int] = set()
        self._accesses: list[nodes.Getattr | nodes.Getitem] = [*self._all(nodes.Getattr), *self._all(nodes.Getitem)]
        for node in self._accesses:
            if isinstance(node.node, nodes.Name):
                used.add(id(node.node))
                self._keys.append((node.node.name, _key(node), node))
        for call in self._all(nodes.Call):
            if isinstance(call.node, nodes.Name):
                used.add(id(call.node))
                self._calls.append((call.node.name, _first_argument(call)))
        self._bare = [name.name for name in self._all(nodes.Name) if id(name) not in used]

    def _all(self, kind: type[T]) -> Iterator[T]:
        return (node for node in self._nodes if isinstance(node, kind))

    def references(self) -> References:
        """The names that are written literally."""
        named = {
            root: frozenset(key for name, key, _ in self._keys if name == root and key is not None)
            for root in NAMESPACES - {"run"}
        }
        called = {
            f"{root}s": frozenset(key for name, key in self._calls if name == root and key is not None)
            for root in LOOKUPS
        }
        optional = frozenset(self._optional())
        whole = NAMESPACES & {*self._bare, *(root for root, key, _ in self._keys if key is None)}
        return References(**named, **called, outputs=frozenset(self._outputs()), optional=optional, whole=whole)

    def problems(self) -> Iterator[Problem]:
        """Everything that would surely make the evaluation fail."""
        roots = [*self._bare, *(root for root, _, _ in self._keys), *(root for root, _ in self._calls)]
        for name in sorted(set(roots) - ROOTS):
            yield Problem("unknown_name", f"{_UNKNOWN}{name}`{suggestion(name, ROOTS)}")
        yield from self._bare_problems()
        yield from self._key_problems()
        yield from self._member_problems()
        yield from self._call_problems()
        yield from self._fake_problems()
        yield from self._filter_problems()
        yield from self._attribute_problems()

    def _bare_problems(self) -> Iterator[Problem]:
        for name in self._bare:
            if name in FUNCTIONS:
                yield Problem("not_called", f"`{name}` is a function; call it with `()`")
            elif name in _LITERAL_ONLY:
                yield _needs_literal(name)

    def _key_problems(self) -> Iterator[Problem]:
        for name, key, _ in self._keys:
            if key is None and name in _LITERAL_ONLY:
                yield _needs_literal(name)
            elif name == "run" and key is not None and key not in RUN:
                yield Problem("unknown_name", f"`run` has no `{key}`{suggestion(key, RUN)}")
            elif name in FUNCTIONS:
                yield Problem("not_called", f"`{name}` is a function; call it with `()`")

    def _member_problems(self) -> Iterator[Problem]:
        spared = self._spared()
        named = {id(node): name for root, name, node in self._keys if root == "actions"}
        for access in self._accesses:
            name, key = named.get(id(access.node)), _key(access)
            if name is not None and key is not None and key not in ACTION and id(access) not in spared:
                hint = f"`actions.{name}.result` is what it gave, as its assertions see it"
                yield Problem("unknown_name", f"`actions.{name}` has no `{key}`{suggestion(key, ACTION)}", hint=hint)

    def _call_problems(self) -> Iterator[Problem]:
        for name, argument in self._calls:
            if name == "stack" and argument is None:
                hint = "stacks are read when the plan is made; write the name itself, as in `stack('orders')`"
                yield Problem("not_literal", "`stack()` needs the stack's name as a literal text", hint=hint)
            elif name in NAMESPACES:
                yield Problem("not_a_function", f"`{name}` is not a function; write `{name}.key`")

    def _fake_problems(self) -> Iterator[Problem]:
        called = {id(call.node) for call in self._all(nodes.Call)}
        if FAKE in self._bare or FAKE in {name for name, _ in self._calls}:
            yield Problem("not_called", f"`{FAKE}` is no value; write `{FAKE}.name()`")
        for root, key, node in self._keys:
            if root == FAKE and key is not None and key not in PROVIDERS:
                yield Problem("unknown_name", f"`{FAKE}` has no `{key}`{suggestion(key, PROVIDERS)}")
            elif root == FAKE and id(node) not in called:
                yield Problem("not_called", f"`{FAKE}.{key or 'name'}` is a function; call it with `()`")

    def _filter_problems(self) -> Iterator[Problem]:
        known = environment()
        for name in self._applied(nodes.Filter, _TAKES_A_FILTER):
            if name not in known.filters:
                text = f"unknown filter `{name}`{suggestion(name, known.filters)}"
                yield Problem("unknown_filter", text)
        for name in self._applied(nodes.Test, _TAKES_A_TEST):
            if name not in known.tests:
                yield Problem("unknown_test", f"unknown test `{name}`{suggestion(name, known.tests)}")

    def _applied(self, kind: type[nodes.Filter | nodes.Test], taken_by: Mapping[str, int]) -> Iterator[str]:
        """The names of the filters or tests, those too that other filters take as an argument."""
        yield from (node.name for node in self._all(kind))
        for node in self._all(nodes.Filter):
            place = taken_by.get(node.name)
            name = _literal(node.args[place]) if place is not None and place < len(node.args) else None
            if name is not None:
                yield name

    def _attribute_problems(self) -> Iterator[Problem]:
        for node in self._all(nodes.Getattr):
            if node.attr.startswith("__") and node.attr.endswith("__"):
                yield Problem("forbidden", f"`{node.attr}` is not data; attributes of Python are out of reach")

    def _outputs(self) -> Iterator[tuple[str, str]]:
        """Stack and name of each output that is read whatever the other values are."""
        spared = self._spared()
        for access in self._accesses:
            call, key = access.node, _key(access)
            if isinstance(call, nodes.Call) and isinstance(call.node, nodes.Name) and call.node.name == "stack":
                stack = _first_argument(call)
                if stack is not None and key is not None and id(access) not in spared:
                    yield stack, key

    def _spared(self) -> set[int]:
        """The IDs of the accesses that may not be evaluated, or may be undefined."""
        spared = self._guarded()
        for node in self._nodes:
            if isinstance(node, nodes.CondExpr | nodes.And | nodes.Or):
                spared |= {id(access) for access in _accesses(node)}
        return spared

    def _guarded(self) -> set[int]:
        """The IDs of the nodes that may be undefined."""
        guarded: set[int] = set()
        for guard in (*self._all(nodes.Filter), *self._all(nodes.Test)):
            if guard.name in _GUARDS and guard.node is not None:
                guarded |= _chain(guard.node)
        return guarded

    def _optional(self) -> Iterator[str]:
        guarded = self._guarded()
        for name, key, node in self._keys:
            if key is not None and id(node) in guarded:
                yield f"{name}.{key}"


def _accesses(tree: nodes.Node) -> list[nodes.Getattr | nodes.Getitem]:
    return [*tree.find_all(nodes.Getattr), *tree.find_all(nodes.Getitem)]


def _chain(node: nodes.Node) -> set[int]:
    """The IDs of `a.b.c`, `a.b` and `a` for the node `a.b.c`."""
    ids = {id(node)}
    while isinstance(node, nodes.Getattr | nodes.Getitem):
        node = node.node
        ids.add(id(node))
    return ids


def _key(node: nodes.Getattr | nodes.Getitem) -> str | None:
    return node.attr if isinstance(node, nodes.Getattr) else _literal(node.arg)


def _first_argument(call: nodes.Call) -> str | None:
    arguments = [*call.args, *(item.value for item in call.kwargs)]
    return _literal(arguments[0]) if arguments else None


def _literal(node: nodes.Node) -> str | None:
    return node.value if isinstance(node, nodes.Const) and isinstance(node.value, str) else None


def _needs_literal(name: str) -> Problem:
    return Problem("not_literal", f"`{name}` needs a literal name, as in `{name}.NAME`: {_LITERAL_ONLY[name]}")
