"""What differs between any two runs and says nothing: IDs, times, what a service counts for itself."""

from __future__ import annotations

import re
from collections.abc import Mapping

from awsit.model.json import Json
from awsit.model.result import RunResult

HEADERS = frozenset(
    {
        "age",
        "apigw-requestid",
        "date",
        "etag",
        "expires",
        "last-modified",
        "set-cookie",
        "x-amz-apigw-id",
        "x-amz-cf-id",
        "x-amz-cf-pop",
        "x-amz-id-2",
        "x-amz-request-id",
        "x-amzn-requestid",
        "x-amzn-trace-id",
        "x-cache",
        "x-request-id",
    }
)
"""Headers of a response that name the request, the moment or the machine."""

FIELDS = frozenset({"elapsed_ms", "log_tail", "ResponseMetadata"})
"""Fields of a result that tell of the call, not of what it brought."""

SHORTEST_ID = 8
_PATTERNS = (
    ("uuid", r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b"),
    ("time", r"\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?"),
    ("ulid", r"\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b"),
    ("hex", r"\b(?=[0-9a-f]*\d)[0-9a-f]{16,}\b"),
)


class Steadier:
    """Writes a run's documents as any other run of the same scenario would have them."""

    def __init__(self, known: Mapping[str, str], *, noise: bool = False) -> None:
        """`known` maps texts of this run to what they are called; with `noise` everything is left as it is."""
        self._noise = noise
        self._known = known
        texts = [re.escape(text) for text in sorted(known, key=len, reverse=True)]
        named = [f"(?P<{name}>{pattern})" for name, pattern in _PATTERNS]
        self._pattern = re.compile("|".join([*([f"(?P<known>{'|'.join(texts)})"] if texts else []), *named]))

    @classmethod
    def of(cls, result: RunResult, *, noise: bool = False) -> Steadier:
        """For the documents of a run: its ID and the IDs that it captured have names."""
        captured = {value: f"<context.{name}>" for name, value in result.context.items() if _is_id(value)}
        return cls({**captured, result.run_id: "<run.id>"}, noise=noise)

    def steady(self, document: Json) -> Json:
        """The document with names for IDs and times, and without what tells of the call alone."""
        if self._noise:
            return document
        if isinstance(document, Mapping):
            return {key: self._field(key, value) for key, value in document.items() if key not in FIELDS}
        if isinstance(document, list):
            return [self.steady(item) for item in document]
        return self._pattern.sub(self._name, document) if isinstance(document, str) else document

    def _field(self, key: str, value: Json) -> Json:
        if key == "headers" and isinstance(value, Mapping):
            return {name: self.steady(text) for name, text in value.items() if name.lower() not in HEADERS}
        return self.steady(value)

    def _name(self, found: re.Match[str]) -> str:
        return self._known[found[0]] if found.lastgroup == "known" else f"<{found.lastgroup}>"


def _is_id(value: Json) -> bool:
    """Whether a captured value looks as if a service had made it up: long, with a digit, in one word."""
    if not isinstance(value, str) or len(value) < SHORTEST_ID:
        return False
    return any(character.isdigit() for character in value) and not any(character.isspace() for character in value)
