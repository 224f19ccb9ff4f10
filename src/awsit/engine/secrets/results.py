"""Errors and checks as reports show them: without secrets."""

from __future__ import annotations

from dataclasses import replace

from awsit.engine.secrets.redaction import Redactor
from awsit.model.result import AssertionResult, ErrorInfo


def shown_error(error: ErrorInfo | None, redactor: Redactor) -> ErrorInfo | None:
    """The error as reports show it."""
    return error and replace(error, message=redactor.text(error.message), hint=redactor.text(error.hint))


def shown_check(check: AssertionResult, redactor: Redactor) -> AssertionResult:
    """The check as reports show it."""
    return replace(
        check,
        expected=redactor.shown(check.expected),
        actual=redactor.shown(check.actual),
        path=redactor.text(check.path),
        name=redactor.text(check.name),
        message=redactor.text(check.message),
        diff=redactor.text(check.diff),
    )
