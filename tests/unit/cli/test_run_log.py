"""The lines of runs, as they are sent to CloudWatch Logs and as a person reads them."""

from __future__ import annotations

import json
import logging

import pytest

from awsit.cli.run_log import JsonFormatter, log
from awsit.engine.log_entry import LogEntry

ENTRY = LogEntry("WARNING", "attempt failed, another follows", {"run_id": "run-1", "attempt": 2, "error": "token=abc"})


def test_a_line_of_a_run_is_a_document_with_its_fields_and_without_secrets(caplog: pytest.LogCaptureFixture) -> None:
    log(ENTRY)

    assert json.loads(JsonFormatter().format(caplog.records[0])) == {
        "level": "WARNING",
        "service": "awsit-cli",
        "message": "attempt failed, another follows",
        "run_id": "run-1",
        "attempt": 2,
        "error": "token=***",
    }
    assert caplog.messages == ["attempt failed, another follows attempt=2 error=token=abc"]


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


def test_nobody_who_asked_for_no_log_is_shown_its_warnings(capsys: pytest.CaptureFixture[str]) -> None:
    log(ENTRY)
    assert capsys.readouterr().err == ""
