"""Noise: what differs between any two runs of a scenario, such as IDs, times and what a service counts."""

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
"""Headers of a response that identify the request, the time or the server."""

FIELDS = frozenset({"elapsed_ms", "log_tail", "ResponseMetadata"})
"""Fields of a result that describe the call rather than what it returned."""

SHORTEST_ID = 8
_PATTERNS = (
    ("uuid", r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b"),
    ("time", r"\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?"),
    ("ulid", r"\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b"),
    ("hex", r"\b(?=[0-9a-f]*\d)[0-9a-f]{16,}\b"),
)


class Normalizer:
    """Replaces the noise in a run's documents by names such as `<run.id>`, the same in each run of the scenario."""

    def __init__(self, known: Mapping[str, str], *, noise: bool = False) -> None:
        """`known` has the names of texts that this run made up. With `noise`, documents are left as they are."""
        self._noise = noise
        self._known = known
        texts = [re.escape(text) for text in sorted(known, key=len, reverse=True)]
        patterns = [f"(?P<{name}>{pattern})" for name, pattern in _PATTERNS]
        self._pattern = re.compile("|".join([*([f"(?P<known>{'|'.join(texts)})"] if texts else []), *patterns]))

    @classmethod
    def of(cls, result: RunResult, *, noise: bool = False) -> Normalizer:
        """A normalizer for the documents of a run, which knows the run's ID and the IDs that it captured."""
        captured = {value: f"<context.{name}>" for name, value in result.context.items() if _is_id(value)}
        return cls({**captured, result.run_id: "<run.id>"}, noise=noise)

    def normalize(self, document: Json) -> Json:
        """The document with names in place of IDs and times, without `FIELDS` and `HEADERS`."""
        if self._noise:
            return document
        if isinstance(document, Mapping):
            return {key: self._field(key, value) for key, value in document.items() if key not in FIELDS}
        if isinstance(document, list):
            return [self.normalize(item) for item in document]
        return self._pattern.sub(self._name, document) if isinstance(document, str) else document

    def _field(self, key: str, value: Json) -> Json:
        if key == "headers" and isinstance(value, Mapping):
            return {name: self.normalize(text) for name, text in value.items() if name.lower() not in HEADERS}
        return self.normalize(value)

    def _name(self, match: re.Match[str]) -> str:
        return self._known[match[0]] if match.lastgroup == "known" else f"<{match.lastgroup}>"


def _is_id(value: Json) -> bool:
    """Whether a captured value looks like an ID that a service made: one long word with a digit."""
    if not isinstance(value, str) or len(value) < SHORTEST_ID:
        return False
    return any(character.isdigit() for character in value) and not any(character.isspace() for character in value)
