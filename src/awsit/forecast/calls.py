"""The functions that a document's expressions call, read from Jinja2's syntax tree."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from awsit.errors import ExpressionError
from awsit.expressions.templates import template
from awsit.expressions.templates.segments import split
from awsit.model.json import Json


class LookUp(Struct, frozen=True):
    """A call of `stack`, `secret` or `parameter`. `name` is None when an expression computes it.

    `key` is what is read of it at once, as `ApiUrl` in `stack('orders').ApiUrl`.
    """

    function: str
    name: str | None
    key: str | None = None


def look_ups(document: Json) -> frozenset[LookUp]:
    """Every look-up in the expressions of a document; an expression that cannot be parsed is passed over."""
    return frozenset(call for _, text in template.texts(document) for call in _of_text(text))


def root_names(source: str) -> frozenset[str]:
    """The names that one expression begins with, such as `vars` and `now`. Raises ExpressionError."""
    from jinja2 import meta  # slow to import

    from awsit.expressions.templates.evaluate import parse

    return frozenset(meta.find_undeclared_variables(parse(source)))


def _of_text(text: str) -> Iterator[LookUp]:
    try:
        for part in split(text):
            if part.expression:
                yield from _of_expression(part.text)
    except ExpressionError:
        return


def _of_expression(source: str) -> Iterator[LookUp]:
    from jinja2 import nodes

    from awsit.expressions.templates.evaluate import parse
    from awsit.expressions.templates.names import LOOKUPS

    tree = parse(source)
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in LOOKUPS:
            argument = next(iter([*call.args, *(item.value for item in call.kwargs)]), None)
            yield LookUp(call.node.name, _text(argument))
    accesses: list[nodes.Getattr | nodes.Getitem] = [*tree.find_all(nodes.Getattr), *tree.find_all(nodes.Getitem)]
    for access in accesses:
        inner = access.node
        if isinstance(inner, nodes.Call) and isinstance(inner.node, nodes.Name) and inner.node.name in LOOKUPS:
            key = access.attr if isinstance(access, nodes.Getattr) else _text(access.arg)
            yield LookUp(inner.node.name, _text(inner.args[0]) if inner.args else None, key)


def _text(node: object) -> str | None:
    value = getattr(node, "value", None)
    return value if isinstance(value, str) else None
