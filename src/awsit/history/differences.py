"""Where two documents differ, path by path."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from awsit.model.json import Json

_PLAIN_KEY = re.compile(r"[A-Za-z_][\w-]*")


@dataclass(frozen=True, slots=True)
class Difference:
    """A place that differs, such as `response.body.items[0].price`. A document that lacks it has None, and says so."""

    path: str
    before: Json
    after: Json
    in_before: bool = True
    in_after: bool = True


def differences(before: Json, after: Json, path: str) -> Iterator[Difference]:
    """The places that differ, as deep as they can be named; lists are compared place by place."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _in_mappings(before, after, path)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _in_lists(before, after, path)
    elif _kind(before) is not _kind(after) or before != after:
        yield Difference(path, before, after)


def _in_mappings(before: Mapping[str, Json], after: Mapping[str, Json], path: str) -> Iterator[Difference]:
    for key in dict.fromkeys([*before, *after]):
        place = f"{path}.{key}" if _PLAIN_KEY.fullmatch(key) else f"{path}[{key!r}]"
        if key in before and key in after:
            yield from differences(before[key], after[key], place)
        else:
            yield _only_one(place, before, after, key)


def _only_one(place: str, before: Mapping[str, Json], after: Mapping[str, Json], key: str) -> Difference:
    return Difference(place, before.get(key), after.get(key), key in before, key in after)


def _in_lists(before: list[Json], after: list[Json], path: str) -> Iterator[Difference]:
    shorter = min(len(before), len(after))
    for index in range(shorter):
        yield from differences(before[index], after[index], f"{path}[{index}]")
    for index, item in enumerate(before[shorter:], start=shorter):
        yield Difference(f"{path}[{index}]", item, None, in_after=False)
    for index, item in enumerate(after[shorter:], start=shorter):
        yield Difference(f"{path}[{index}]", None, item, in_before=False)


def _kind(value: Json) -> type:
    """`true` is not 1; a whole number and one with a fraction are both numbers."""
    return type(value) if isinstance(value, bool | str | Mapping | list) or value is None else float
