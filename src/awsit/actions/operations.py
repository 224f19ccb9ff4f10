"""Params of action types that know several operations, each of which takes some of the params."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from awsit.actions.params import Params

_OF_ALL = frozenset({"operation", "expect_error"})


class Takes(Struct, frozen=True):
    """The params that an operation needs, and those that it takes besides."""

    needs: frozenset[str] = frozenset()
    more: frozenset[str] = frozenset()


def check_operation(params: Params, operation: str, takes: Mapping[str, Takes], resource: str) -> frozenset[str]:
    """The params that are given, besides those of all operations: `operation`, `expect_error`, and the `resource`.

    Raises ValueError for one that the operation lacks or does not take.
    """
    fields = params.model_fields_set - _OF_ALL - {resource}
    given = frozenset(name for name in fields if getattr(params, name) is not None)
    own = takes[operation]
    surplus = sorted(given - own.needs - own.more)
    meant = [name for name, other in takes.items() if other.needs <= given <= other.needs | other.more]
    words = f"; with `{'`, `'.join(surplus)}` it is {' or '.join(meant)}" if surplus and meant else ""
    if missing := sorted(own.needs - given):
        raise ValueError(f"{operation} needs `{missing[0]}`{words}")
    if surplus:
        raise ValueError(f"{operation} does not take `{'`, `'.join(surplus)}`{words}")
    return given
