"""Tags of scenarios as marks of pytest, and names that are safe in a node ID."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable

import pytest

ACTING_MARKS = frozenset({"filterwarnings", "parametrize", "skip", "skipif", "usefixtures", "xdist_group", "xfail"})
"""Marks that make pytest or pytest-xdist do something: a tag of such a name is only a tag."""


def mark_name(tag: str) -> str:
    """The mark of a tag: `order-intake` → `order_intake`, `1.0` → `tag_1_0`, `skip` → `tag_skip`."""
    name = re.sub(r"\W", "_", tag)
    free = name.isidentifier() and not name.startswith("_")
    return name if free and not keyword.iskeyword(name) and name not in ACTING_MARKS else f"tag_{name}"


def add_marks(item: pytest.Item, tags: Iterable[str]) -> None:
    """Mark a scenario with `awsit` and its tags. The marks are registered first, as strict markers ask for."""
    item.add_marker("awsit")
    for tag in tags:
        name = mark_name(tag)
        if name not in _registered(item.config):
            item.config.addinivalue_line("markers", f"{name}: a tag of scenarios")
        item.add_marker(name)


def printable(name: str) -> str:
    """A name on one line: whatever a terminal would not print is written as its code."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in name)


def _registered(config: pytest.Config) -> set[str]:
    return {re.split(r"[:(]", line, maxsplit=1)[0].strip() for line in config.getini("markers")}
