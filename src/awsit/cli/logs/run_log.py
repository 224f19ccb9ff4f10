"""The lines of runs in a command's own log, which is the file of `--debug`, the log group of `--ship-logs`, or both."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from awsit.cli.logs.logfile import LOGGER, without_secrets
from awsit.engine.log_entry import INFO, LogEntry, run_ended
from awsit.model import json
from awsit.model.events import Event, RunStarted

if TYPE_CHECKING:
    from awsit.model.json import Json
    from awsit.model.result import RunResult

_OWN, _RUN = logging.getLogger(LOGGER), logging.getLogger(f"{LOGGER}.run")
_ENTRY = "entry"


def log(entry: LogEntry) -> None:
    """Write a line of a run's log, where one is asked for; else nothing, also where pytest would show it."""
    if not _OWN.handlers:
        return
    shown = " ".join(f"{key}={value}" for key, value in entry.fields.items() if key != "run_id")
    level = logging.getLevelNamesMapping()[entry.level]
    _RUN.log(level, "%s %s", entry.message, shown, extra={_ENTRY: {"message": entry.message, **entry.fields}})


def log_start(event: Event) -> None:
    """Write the start of a run, if this is one.

    It is written where the event happens: whoever reads events from a queue comes later than the first step.
    """
    if isinstance(event, RunStarted):
        fields = {"run_id": event.run_id, "scenario": event.scenario, "engine": event.engine}
        log(LogEntry(INFO, "run started", {**fields, "execution_arn": event.execution_arn}))


def log_end(result: RunResult) -> None:
    """Write the end of a run; the lines of steps are written by what carries them out."""
    log(run_ended(result, engine=result.engine))


@contextmanager
def shipping(handler: logging.Handler) -> Iterator[None]:
    """Have a handler send what this command logs from INFO on; at the end, wait shortly for what is to be sent."""
    before = _OWN.level
    _OWN.addHandler(handler)
    if not _OWN.isEnabledFor(logging.INFO):
        _OWN.setLevel(logging.INFO)
    try:
        yield
    finally:
        _OWN.removeHandler(handler)
        _OWN.setLevel(before)
        handler.close()


class JsonFormatter(logging.Formatter):
    """Formats log lines as Logs Insights reads them: a document a line, `***` for what looks like a secret."""

    def format(self, record: logging.LogRecord) -> str:
        """A record as a document; of a run's line with its fields."""
        entry = record.__dict__.get(_ENTRY) or {"message": record.getMessage()}
        document: dict[str, Json] = {"level": record.levelname, "service": "awsit-cli", **entry}
        if record.exc_info:
            document["exception"] = self.formatException(record.exc_info)
        return json.dumps({key: _masked(value) for key, value in document.items()})


def _masked(value: Json) -> Json:
    return without_secrets(value) if isinstance(value, str) else value
