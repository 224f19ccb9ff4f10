"""From a graph of YAML nodes to a JSON document and the position of each of its entries."""

from __future__ import annotations

from collections.abc import Iterator

import yaml
from msgspec import Struct, field

from awsit.errors import Position, Problem
from awsit.model.json import Json, to_decimal
from awsit.model.text.paths import child_path
from awsit.scenario.limits import MAX_NODES
from awsit.scenario.reading.source import Scalar, SourcePosition
from awsit.scenario.reading.yaml_messages import TEMPLATE_HINT, position_of
from awsit.scenario.reading.yaml_nodes import NOT_FINITE, TAG, UnreadableText

_MERGE = f"{TAG}merge"
_KINDS = {"int", "float", "bool", "null", "str", "map", "seq"}


class NodeReader(Struct):
    """Reads one graph of nodes, and collects the `positions` and `problems` that it meets."""

    file: str
    text: str = ""
    positions: dict[str, SourcePosition] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    _count: int = 0
    _open: set[int] = field(default_factory=set)

    def read(self, node: yaml.Node, path: str = "", key: Position | None = None) -> Json:
        """The document below `node`.

        Raises UnreadableText for an alias inside its own anchor, and for too many values.
        """
        self._guard(node)
        self.positions[path] = SourcePosition(
            self._position(node), key, isinstance(node, yaml.ScalarNode), self._written(node)
        )
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path)
        self._open.add(id(node))
        value = self._mapping(node, path) if isinstance(node, yaml.MappingNode) else self._sequence(node, path)
        self._open.discard(id(node))
        return value

    def _guard(self, node: yaml.Node) -> None:
        self._count += 1
        if id(node) in self._open:
            hint = "write out what the alias stands for, or let it name something else"
            raise UnreadableText(Problem("syntax", "an alias refers to what holds it", "", hint, self._position(node)))
        if self._count > MAX_NODES:
            message = f"more than {MAX_NODES} values, YAML aliases expanded"
            raise UnreadableText(
                Problem("limit", message, hint="use fewer aliases, or split it", position=self._position(node))
            )

    def _sequence(self, node: yaml.Node, path: str) -> list[Json]:
        self._check_tag(node, path)
        return [self.read(item, child_path(path, index)) for index, item in enumerate(node.value)]

    def _mapping(self, node: yaml.MappingNode, path: str) -> dict[str, Json]:
        self._check_tag(node, path)
        own: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        merged: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        for key, value in node.value:
            if key.tag == _MERGE:
                for name, entry in self._merged(value):
                    merged.setdefault(name, entry)
            elif self._is_text_key(key, path):
                self._check_twice(key, path, own)
                own[key.value] = (key, value)
        return {
            name: self.read(value, child_path(path, name), self._position(key))
            for name, (key, value) in {**merged, **own}.items()
        }

    def _merged(self, value: yaml.Node) -> Iterator[tuple[str, tuple[yaml.Node, yaml.Node]]]:
        self._guard(value)
        sources = value.value if isinstance(value, yaml.SequenceNode) else [value]
        for source in sources:
            if not isinstance(source, yaml.MappingNode):
                self._add("a merge key (`<<`) takes a mapping or a list of mappings", source)
                continue
            self._count += len(source.value)
            self._open.add(id(value))
            for key, item in source.value:
                if key.tag == _MERGE:
                    yield from self._merged(item)
                elif isinstance(key, yaml.ScalarNode):
                    yield key.value, (key, item)
            self._open.discard(id(value))

    def _is_text_key(self, key: yaml.Node, path: str) -> bool:
        if isinstance(key, yaml.ScalarNode) and key.tag == f"{TAG}str":
            return True
        if isinstance(key, yaml.MappingNode) and key.flow_style:
            self._add("a template needs quotes in YAML", key, path, hint=TEMPLATE_HINT)
            return False
        shown = f"the key `{key.value}`" if isinstance(key, yaml.ScalarNode) else "a key"
        self._add(f"{shown} is not text", key, path, hint="put it in quotes")
        return False

    def _check_twice(self, key: yaml.Node, path: str, seen: dict[str, tuple[yaml.Node, yaml.Node]]) -> None:
        if key.value in seen:
            first = seen[key.value][0].start_mark.line + 1
            message = f"the key `{key.value}` is given twice; the first is in line {first}"
            self._add(message, key, child_path(path, key.value), code="duplicate_key", hint="remove one of them")

    def _check_tag(self, node: yaml.Node, path: str) -> bool:
        if node.tag.startswith(TAG) and node.tag.removeprefix(TAG) in _KINDS:
            return True
        shown = node.tag.replace(TAG, "!!")
        self._add(f"the YAML tag `{shown}` is not supported", node, path, hint="remove the tag")
        return False

    def _scalar(self, node: yaml.ScalarNode, path: str) -> Json:
        if node.tag == NOT_FINITE:
            self._add(f"`{node.value}` is not a number in JSON", node, path, hint="write a finite number, or quote it")
            return None
        if not self._check_tag(node, path):
            return None
        try:
            return scalar_value(node.tag.removeprefix(TAG), node.value)
        except ValueError:
            self._add("this number cannot be read", node, path, hint="shorten it, or put it in quotes")
            return None

    def _add(self, message: str, node: yaml.Node, path: str = "", code: str = "syntax", hint: str = "") -> None:
        self.problems.append(Problem(code, message, path, hint, self._position(node)))

    def _written(self, node: yaml.Node) -> Scalar | None:
        if not isinstance(node, yaml.ScalarNode) or node.tag != f"{TAG}str":
            return None
        return Scalar(self.text, node.style or "", node.start_mark.line == node.end_mark.line)

    def _position(self, node: yaml.Node) -> Position:
        start, end = node.start_mark, node.end_mark
        one_line = isinstance(node, yaml.ScalarNode) and start.line == end.line
        return position_of(start, self.file, end.column - start.column if one_line else 1)


def scalar_value(kind: str, text: str) -> Json:
    """What a scalar of this kind says. Raises ValueError for a number with too many digits, and one without a value."""
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind == "int":
        return int(text)
    return to_decimal(text) if kind == "float" else text
