"""Media types of bodies and parameters."""

from __future__ import annotations

from collections.abc import Mapping

from awsit.model.json import Json

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


def preferred(content: Mapping[str, Json]) -> tuple[str, Mapping[str, Json]]:
    """The media type to use and its object: JSON first, then one of JSON's kin, a form, text; empty without any.

    A range such as `text/*` is made a type that it holds.
    """
    kinds = sorted(content, key=_rank)
    if not kinds:
        return "", {}
    media = content[kinds[0]]
    return _definite(kinds[0]), media if isinstance(media, Mapping) else {}


def is_json(kind: str) -> bool:
    """Whether it is JSON, also that of a vendor (RFC 6839, section 3.1)."""
    media = bare(kind)
    return media == JSON or media.endswith("+json")


def is_text(kind: str) -> bool:
    """Whether a body of this kind is written as text."""
    return bare(kind).startswith("text/") or any(
        word in bare(kind) for word in ("xml", "yaml", "json", "csv", "graphql")
    )


def bare(kind: str) -> str:
    """The media type without parameters, in lower case."""
    return kind.partition(";")[0].strip().lower()


def _rank(kind: str) -> int:
    media = bare(kind)
    if media == JSON:
        return 0
    if is_json(kind) or media in {"*/*", "application/*"}:
        return 1 if "*" not in media else 2
    return {FORM: 3, MULTIPART: 4}.get(media, 5 if is_text(kind) else 6)


def _definite(kind: str) -> str:
    media = bare(kind)
    if "*" not in media:
        return kind.strip()
    return {"text/*": "text/plain"}.get(
        media, JSON if media in {"*/*", "application/*"} else "application/octet-stream"
    )
