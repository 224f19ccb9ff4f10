"""What may be shown of requests, responses and errors: secrets replaced, long texts cut."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from awsit.model.json import Json

MASK = "***"
MAX_TEXT = 8 * 1024
MAX_ITEMS = 200
MAX_DEPTH = 40

_SECRET_NAME = re.compile(
    r"^(proxy-)?authorization$|^(set-)?cookie$|^x-api-key$|^x-amz-security-token$|passwo?r?d$|secret$"
    r"|secret[-_]?(access[-_]?key|string|binary)$|^api[-_]?key$|(access|refresh|id|session|auth|bearer)[-_]?token$|^token$|private[-_]?key$|^bearer$",
    re.IGNORECASE,
)
_LEAST_SECRET = 4
"""Shorter values are too common in ordinary text to be masked wherever they stand."""


def is_secret_name(name: str) -> bool:
    """Whether what is called so is taken for a secret."""
    return _SECRET_NAME.search(name) is not None


class Redactor:
    """Masks values by what they are called and by what they are."""

    def __init__(self, secrets: Iterable[str] = (), marked: Iterable[str] = ()) -> None:
        """`secrets` are texts that may be shown nowhere, not even inside a longer one.

        `marked` is what a scenario's `redact` names: masked in the same way, and where it stands alone if it is short.
        """
        named = set(marked)
        long = sorted((text for text in {*secrets, *named} if len(text) >= _LEAST_SECRET), key=len, reverse=True)
        short = sorted((text for text in named if 0 < len(text) < _LEAST_SECRET), key=len, reverse=True)
        patterns = [*map(re.escape, long), *map(_alone, short)]
        self._secrets = re.compile("|".join(patterns)) if patterns else None
        self._values = frozenset((*long, *short))

    def text(self, text: str) -> str:
        """The text with every secret masked."""
        return self._secrets.sub(MASK, text) if self._secrets else text

    def shown(self, value: Json, depth: int = 0) -> Json:
        """The document with secrets masked, and limited in length, width and depth."""
        if isinstance(value, str):
            return _cut(self.text(value))
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return MASK if str(value) in self._values else value
        if depth > MAX_DEPTH:
            return "… (deeper levels left out)"
        if isinstance(value, Mapping):
            return {self.text(str(key)): self._item(str(key), item, depth) for key, item in _first(value.items())}
        if isinstance(value, list | tuple):
            items = [self.shown(item, depth + 1) for item in _first(value)]
            return items if len(value) <= MAX_ITEMS else [*items, f"… ({len(value) - MAX_ITEMS} more left out)"]
        return value

    def _item(self, name: str, value: Json, depth: int) -> Json:
        if is_secret_name(name) and not isinstance(value, Mapping | list) and value is not None:
            return MASK
        return self.shown(value, depth + 1)


def _alone(text: str) -> str:
    """A pattern for a short text that is not a part of a longer word or number."""
    return rf"(?<![\w.]){re.escape(text)}(?!\w|\.\d)"


def _first(items: Iterable[Json]) -> list[Json]:
    return [item for _, item in zip(range(MAX_ITEMS), items, strict=False)]


def _cut(text: str) -> str:
    if len(text) <= MAX_TEXT:
        return text
    return f"{text[:MAX_TEXT]}… ({len(text) - MAX_TEXT} more characters left out)"
