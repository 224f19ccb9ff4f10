"""Errors and checks as reports show them: without secrets."""

from __future__ import annotations

from awsit.engine.secrets.redaction import Redactor
from awsit.model.result import AssertionResult, ErrorInfo
from awsit.records import replace


def shown_error(error: ErrorInfo | None, redactor: Redactor) -> ErrorInfo | None:
    """The error as reports show it."""
    return error and replace(error, message=redactor.text(error.message), hint=redactor.text(error.hint))


def shown_check(check: AssertionResult, redactor: Redactor) -> AssertionResult:
    """The check as reports show it; most hold nothing that is not shown."""
    texts = (check.path, check.name, check.message, check.diff)
    if redactor.shows_all(*texts, check.expected, check.actual):
        return check
    path, name, message, diff = tuple(map(redactor.text, texts))
    expected, actual = redactor.shown(check.expected), redactor.shown(check.actual)
    return replace(check, expected=expected, actual=actual, path=path, name=name, message=message, diff=diff)
