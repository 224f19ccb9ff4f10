"""The lines of runs, as they are sent to CloudWatch Logs and as a person reads them."""

from __future__ import annotations

import json
import logging

import pytest

from awsit.cli.logs.run_log import JsonFormatter, log, shipping
from awsit.engine.log_entry import LogEntry

ENTRY = LogEntry("WARNING", "attempt failed, another follows", {"run_id": "run-1", "attempt": 2, "error": "token=abc"})


class Kept(logging.Handler):
    """Keeps records."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


def test_a_line_of_a_run_is_a_document_with_its_fields_and_without_secrets() -> None:
    kept = Kept()
    before = logging.getLogger("awsit").level
    with shipping(kept):
        log(ENTRY)
    log(ENTRY)
    assert logging.getLogger("awsit").level == before

    (record,) = kept.records
    assert json.loads(JsonFormatter().format(record)) == {
        "level": "WARNING",
        "service": "awsit-cli",
        "message": "attempt failed, another follows",
        "run_id": "run-1",
        "attempt": 2,
        "error": "token=***",
    }
    assert record.getMessage() == "attempt failed, another follows attempt=2 error=token=abc"


def test_a_line_of_an_error_has_its_traceback_without_secrets() -> None:
    error = ValueError("password=hunter2")
    record = logging.LogRecord("awsit", logging.ERROR, "", 0, "%s", (error,), (ValueError, error, None))

    shown = json.loads(JsonFormatter().format(record))
    assert shown == {
        "level": "ERROR",
        "service": "awsit-cli",
        "message": "password=***",
        "exception": "ValueError: password=***",
    }


def test_where_no_log_is_asked_for_nobody_is_shown_one(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("awsit"), "handlers", [])  # the function's, where its tests ran before
    log(ENTRY)
    assert (capsys.readouterr().err, caplog.messages) == ("", [])
