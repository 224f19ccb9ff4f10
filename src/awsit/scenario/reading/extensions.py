"""Top-level keys `x-...` of scenarios and libraries: a place for YAML anchors, as in Docker Compose and OpenAPI."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

EXTENSION = "x-"


def without_extensions(document: Any) -> Any:
    """The document without its keys `x-...`, which mean nothing; any value but a mapping is returned as it is."""
    if not isinstance(document, Mapping) or not any(map(_is_extension, document)):
        return document
    return {key: value for key, value in document.items() if not _is_extension(key)}


def _is_extension(key: object) -> bool:
    return isinstance(key, str) and key.startswith(EXTENSION)
