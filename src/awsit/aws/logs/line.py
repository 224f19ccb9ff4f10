"""One line of a run's log, wherever it comes from."""

from __future__ import annotations

from dataclasses import dataclass

from awsit.model.json import Json


@dataclass(frozen=True, slots=True)
class LogLine:
    """What happened at one moment. `at` is ISO 8601 UTC; `source` is `history` or `function`.

    `text` is for people, `raw` is the event or log record as a JSON document (text, when the record is not JSON).
    """

    at: str
    source: str
    text: str
    raw: Json
