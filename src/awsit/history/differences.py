"""The differences between two JSON documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from awsit.model.json import Json
from awsit.patterns import lazy_pattern

_PLAIN_KEY = lazy_pattern(r"[A-Za-z_][\w-]*")


class Difference(Struct, frozen=True):
    """A value that differs, with its path such as `response.body.items[0].price`.

    `in_before` and `in_after` tell a document that lacks it from one that holds null.
    """

    path: str
    before: Json
    after: Json
    in_before: bool = True
    in_after: bool = True


def differences(before: Json, after: Json, path: str) -> Iterator[Difference]:
    """The innermost values that differ below `path`. Lists are compared index by index."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _in_mappings(before, after, path)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _in_lists(before, after, path)
    elif _kind(before) is not _kind(after) or before != after:
        yield Difference(path, before, after)


def _in_mappings(before: Mapping[str, Json], after: Mapping[str, Json], path: str) -> Iterator[Difference]:
    for key in dict.fromkeys([*before, *after]):
        item_path = f"{path}.{key}" if _PLAIN_KEY.fullmatch(key) else f"{path}[{key!r}]"
        if key in before and key in after:
            yield from differences(before[key], after[key], item_path)
        else:
            yield _only_one(item_path, before, after, key)


def _only_one(path: str, before: Mapping[str, Json], after: Mapping[str, Json], key: str) -> Difference:
    return Difference(path, before.get(key), after.get(key), key in before, key in after)


def _in_lists(before: list[Json], after: list[Json], path: str) -> Iterator[Difference]:
    shorter = min(len(before), len(after))
    for index in range(shorter):
        yield from differences(before[index], after[index], f"{path}[{index}]")
    for index, item in enumerate(before[shorter:], start=shorter):
        yield Difference(f"{path}[{index}]", item, None, in_after=False)
    for index, item in enumerate(after[shorter:], start=shorter):
        yield Difference(f"{path}[{index}]", None, item, in_before=False)


def _kind(value: Json) -> type:
    """The JSON type of the value. Python's `True == 1` and `1 == 1.0`: only the second are equal in JSON."""
    return type(value) if isinstance(value, bool | str | Mapping | list) or value is None else float
