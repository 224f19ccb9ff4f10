"""Markers of `matches`: texts such as `#uuid` that stand for any value of a kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from typing import Final

from msgspec import Struct

from awsit.errors import ExpressionError
from awsit.expressions import regex
from awsit.expressions.templates.names import LOOKUPS
from awsit.expressions.templates.substitution import uses
from awsit.expressions.values import ABSENT, TYPES, is_of_type, show
from awsit.model.json import Json
from awsit.model.text.counts import count
from awsit.patterns import lazy_pattern
from awsit.suggestions import suggestion

_UUID = lazy_pattern(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_ARRAY = lazy_pattern(r"\[(\d*)\]\s*(.*)", re.DOTALL)
_HINT = "to compare with a text that begins with `#`, use `equals`, or `#regex` with the text in it"

_KINDS: Final[Mapping[str, Callable[[Json], bool]]] = {
    **{name: partial(is_of_type, name=name) for name in TYPES},
    "uuid": lambda value: isinstance(value, str) and _UUID.fullmatch(value) is not None,
    "ignore": lambda _: True,
    "present": lambda value: value is not ABSENT,
    "notpresent": lambda value: value is ABSENT,
}
SERVICE_ROOTS: Final = LOOKUPS | {"context", "actions"}
"""The roots of names in templates whose values come from services, not from the author of the scenario."""
_NAMES: Final = tuple(f"#{name}" for name in (*_KINDS, "regex", "[]"))


class Data(str):
    """A text that came from a service, and so is compared as it is even when it looks like a marker."""

    __slots__ = ()


class Marker(Struct, frozen=True):
    """A marker `#name`, or `##name` when it is `optional`: then it also holds for null and for a missing value.

    `pattern` belongs to `#regex`, `count` and `each` to arrays such as `#[3] #string`.
    """

    text: str
    name: str
    optional: bool = False
    pattern: str = ""
    count: int | None = None
    each: Marker | None = None

    def mismatches(self, actual: Json, path: str) -> Iterator[str]:
        """A sentence for each thing that does not hold; `actual` may be `ABSENT`.

        Raises ExpressionError, code `bad_regex`, for a pattern that takes too long.
        """
        if self.optional and (actual is None or actual is ABSENT):
            return
        if self.name == "array of":
            yield from self._array(actual, path)
        elif not self._holds(actual):
            yield f"{path}: expected {self.text}, {got(actual)}"

    def _holds(self, actual: Json) -> bool:
        if self.name == "regex":
            return isinstance(actual, str) and regex.matches_whole(self.pattern, actual)
        if actual is ABSENT and self.name not in {"ignore", "notpresent"}:
            return False
        return _KINDS[self.name](actual)

    def _array(self, actual: Json, path: str) -> Iterator[str]:
        if not isinstance(actual, list):
            yield f"{path}: expected {self.text}, {got(actual)}"
            return
        if self.count is not None and len(actual) != self.count:
            yield f"{path}: expected {count(self.count, 'item')}, got {len(actual)}"
        if self.each is not None:
            for index, item in enumerate(actual):
                yield from self.each.mismatches(item, f"{path}[{index}]")


def got(actual: Json) -> str:
    """The end of a message: the actual value, or that there is none."""
    return "but it is missing" if actual is ABSENT else f"got {show(actual)}"


def find(text: str) -> Marker | None:
    """The marker that the text is; None for any other text, and for one such as `#12` that only begins with `#`."""
    if not text.startswith("#") or isinstance(text, Data):
        return None
    try:
        return parse(text)
    except ExpressionError:
        return None


@lru_cache(maxsize=1024)
def parse(text: str) -> Marker:
    """The marker that a text beginning with `#` is. Raises ExpressionError, code `bad_marker` or `bad_regex`."""
    optional = text.startswith("##")
    body = text[2 if optional else 1 :]
    array = _ARRAY.fullmatch(body)
    if array:
        each = _each(array[2].strip(), text)
        return Marker(text, "array of", optional, count=int(array[1]) if array[1] else None, each=each)
    name, _, argument = body.partition(" ")
    if name == "regex":
        regex.compiled(argument)
        return Marker(text, name, optional, pattern=argument)
    if body not in _KINDS:
        message = f"unknown marker `{text[:60]}`{suggestion(f'#{body}', _NAMES)}"
        raise ExpressionError(message, code="bad_marker", hint=_HINT)
    return Marker(text, body, optional)


def mark_service_data(written: Json, rendered: Json) -> Json:
    """The rendered pattern, with texts that came from a service as `Data`.

    A captured `#ignore` is a text like any other: only the scenario and its variables can hold markers. The exception
    is the pattern behind a written `#regex `, which may hold values of any origin.
    """
    if isinstance(written, str):
        from_service = not written.startswith(("#regex ", "##regex ")) and uses(written, SERVICE_ROOTS)
        return _as_data(rendered) if from_service else rendered
    if isinstance(written, Mapping):
        return {
            key: mark_service_data(item, rendered[key]) for key, item in zip(rendered, written.values(), strict=True)
        }
    if isinstance(written, list | tuple):
        return list(map(mark_service_data, written, rendered))
    return rendered


def _as_data(value: Json) -> Json:
    if isinstance(value, str):
        return Data(value) if value.startswith("#") else value
    if isinstance(value, Mapping):
        return {key: _as_data(item) for key, item in value.items()}
    return list(map(_as_data, value)) if isinstance(value, list) else value


def _each(text: str, whole: str) -> Marker | None:
    if not text:
        return None
    if not text.startswith("#"):
        message = f"`{whole[:60]}`: what follows `#[]` must be a marker"
        raise ExpressionError(message, code="bad_marker", hint="as in `#[] #string`")
    return parse(text)
