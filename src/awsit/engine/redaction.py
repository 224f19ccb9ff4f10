"""What may be shown of requests, responses and errors: secrets replaced, long texts cut."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from awsit.model.json import Json

MASK = "***"
MAX_TEXT = 8 * 1024
MAX_ITEMS = 200
MAX_DEPTH = 40

_SECRET_NAME = re.compile(
    r"^(proxy-)?authorization$|^(set-)?cookie$|^x-api-key$|^x-amz-security-token$|passwo?r?d$|secret$|^api[-_]?key$"
    r"|(access|refresh|id|session|auth|bearer)[-_]?token$|^token$|private[-_]?key$|^bearer$",
    re.IGNORECASE,
)
_LEAST_SECRET = 4
"""Shorter values are too common in ordinary text to be masked wherever they stand."""


class Redactor:
    """Masks values by what they are called and by what they are."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        """`secrets` are texts that may be shown nowhere, not even inside a longer one."""
        found = sorted({text for text in secrets if len(text) >= _LEAST_SECRET}, key=len, reverse=True)
        self._secrets = re.compile("|".join(map(re.escape, found))) if found else None

    def text(self, text: str) -> str:
        """The text with every secret masked."""
        return self._secrets.sub(MASK, text) if self._secrets else text

    def shown(self, value: Json, depth: int = 0) -> Json:
        """The document with secrets masked, and limited in length, width and depth."""
        if isinstance(value, str):
            return _cut(self.text(value))
        if depth > MAX_DEPTH:
            return "… (deeper levels left out)"
        if isinstance(value, Mapping):
            return {str(key): self._item(str(key), item, depth) for key, item in _first(value.items())}
        if isinstance(value, list | tuple):
            items = [self.shown(item, depth + 1) for item in _first(value)]
            return items if len(value) <= MAX_ITEMS else [*items, f"… ({len(value) - MAX_ITEMS} more left out)"]
        return value

    def _item(self, name: str, value: Json, depth: int) -> Json:
        if _SECRET_NAME.search(name) and not isinstance(value, Mapping | list) and value is not None:
            return MASK
        return self.shown(value, depth + 1)


def _first(items: Iterable[Json]) -> list[Json]:
    return [item for _, item in zip(range(MAX_ITEMS), items, strict=False)]


def _cut(text: str) -> str:
    if len(text) <= MAX_TEXT:
        return text
    return f"{text[:MAX_TEXT]}… ({len(text) - MAX_TEXT} more characters left out)"
