"""The names that expressions use, as a record."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from msgspec import Struct


class References(Struct, frozen=True):
    """Names that expressions use: keys of `context`, `vars`, `suite` …, IDs of stacks, secrets, parameters.

    Only literal names are known: `context[vars.key]` names nothing of the context. `optional` holds those of the names
    that are guarded by `default(...)` or `is defined`, as `context.order_id`. `outputs` holds a stack's name and what
    is read of it; what is guarded, or not read in every case (`a if b else c`), is left out. `whole` holds those of the
    names' roots that are used in another way, so that any of their keys may be read.
    """

    context: frozenset[str] = frozenset()
    vars: frozenset[str] = frozenset()
    env: frozenset[str] = frozenset()
    actions: frozenset[str] = frozenset()
    suite: frozenset[str] = frozenset()
    stacks: frozenset[str] = frozenset()
    outputs: frozenset[tuple[str, str]] = frozenset()
    secrets: frozenset[str] = frozenset()
    parameters: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    whole: frozenset[str] = frozenset()

    @classmethod
    def union(cls, each: Sequence[References]) -> References:
        """The names of all of them."""
        if len(each) == 1:
            return each[0]
        return cls(*(frozenset().union(*names) for names in zip(*map(_names, each), strict=True)))


_names = attrgetter(*References.__struct_fields__)
