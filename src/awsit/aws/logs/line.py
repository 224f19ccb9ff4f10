"""A line of a run's log, from the execution's history, the function or the CLI."""

from __future__ import annotations

from msgspec import Struct

from awsit.model.json import Json


class LogLine(Struct, frozen=True):
    """A line of a run's log. `at` is ISO 8601 UTC; `source` is `history`, `function` or `cli`.

    `text` is what people read; `raw` is the whole event or record as JSON, or its text when it is not JSON.
    """

    at: str
    source: str
    text: str
    raw: Json
    is_error: bool = False
