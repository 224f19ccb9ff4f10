"""Paths of entries in a document, such as `actions[2].params.url`; the root's is empty."""

from __future__ import annotations

from collections.abc import Iterator


def child_path(path: str, key: str | int) -> str:
    """The path of an entry: `actions`, 2 → `actions[2]`; `params`, `url` → `params.url`."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    return join_path(path, key)


def join_path(path: str, inner: str) -> str:
    """Two paths, one inside the other: `params`, `[0].a` → `params[0].a`."""
    if not path or not inner:
        return path or inner
    return f"{path}{inner}" if inner.startswith("[") else f"{path}.{inner}"


def parent_path(path: str) -> str:
    """The path of the mapping or list that holds the entry; empty for the root."""
    return path[: max(path.rfind("."), path.rfind("["), 0)]


def is_within(path: str, place: str) -> bool:
    """Whether `path` is `place` or leads into it; everything is within the root."""
    return not place or path == place or path.startswith((f"{place}.", f"{place}["))


def outer_paths(path: str) -> Iterator[str]:
    """The paths of everything that an entry may lie in, so that it `is_within` them; its own is not one."""
    if path:
        yield ""
    for index, character in enumerate(path):
        if character in ".[" and index:
            yield path[:index]


def path_in_suite_file(path: str) -> str:
    """The path in a `suite.yaml` of an entry of its scenario, whose actions are the `setup` there."""
    return with_first_key(path, "actions", "setup")


def with_first_key(path: str, old: str, new: str) -> str:
    """The path with another first key, where the first one is `old`."""
    rest = path[len(old) :]
    return f"{new}{rest}" if path.startswith(old) and (not rest or rest[0] in ".[") else path
