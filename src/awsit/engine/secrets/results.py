"""Errors and checks as reports show them: without secrets."""

from __future__ import annotations

from awsit.engine.secrets.detection import named_secrets
from awsit.engine.secrets.redaction import Redactor
from awsit.model.result import AssertionResult, ErrorInfo
from awsit.model.text.secret_names import is_secret_name
from awsit.patterns import lazy_pattern
from awsit.records import replace

_LAST_NAME = lazy_pattern(r"(?:\.([A-Za-z_]\w*)|\['([^']+)'\])\Z")


def shown_error(error: ErrorInfo | None, redactor: Redactor) -> ErrorInfo | None:
    """The error as reports show it."""
    return error and replace(error, message=redactor.text(error.message), hint=redactor.text(error.hint))


def shown_check(check: AssertionResult, redactor: Redactor) -> AssertionResult:
    """The check as reports show it; most hold nothing that is not shown.

    A secret by name that is too short to be masked everywhere is masked in the check's own values and texts.
    """
    texts = (check.path, check.name, check.message, check.diff)
    name_of_actual = _last_name(check.path)
    is_secret = is_secret_name(name_of_actual) and check.actual is not None
    if not is_secret and redactor.shows_all(*texts, check.expected, check.actual):
        return check
    actual = {name_of_actual: check.actual} if is_secret else check.actual
    path, name, message, diff = map(redactor.text, texts)
    if own := named_secrets([actual, check.expected], least=1):
        message, diff = map(Redactor(marked=own).text, (message, diff))
    shown, expected = redactor.shown(actual), redactor.shown(check.expected)
    actual = shown[name_of_actual] if is_secret and isinstance(shown, dict) else shown
    return replace(check, expected=expected, actual=actual, path=path, name=name, message=message, diff=diff)


def _last_name(path: str) -> str:
    """The name of what an assertion's path selects, that in the innermost text where it leads through some."""
    found = _LAST_NAME.search(path.partition(" in ")[0])
    return (found[1] or found[2]) if found else ""
