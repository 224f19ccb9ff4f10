"""A JSON report, or a list of them, read from a file that a person may have named."""

from __future__ import annotations

import shlex
from pathlib import Path

from msgspec import ValidationError

from awsit.errors import InvalidInputError
from awsit.model import json
from awsit.model.codec import decode
from awsit.model.json import Json
from awsit.model.result import REPORT_VERSION, RunResult
from awsit.records import replace
from awsit.system.files import read_regular

MAX_REPORT_BYTES = 100 * 1024 * 1024

_HINT = "`awsit run --json` writes reports, and every run keeps one in .awsit/reports"


def results_in(path: Path) -> list[RunResult]:
    """The runs that a file reports. Raises InvalidInputError when it is no report of this version."""
    try:
        document = json.loads(read_regular(path, MAX_REPORT_BYTES))
    except OSError as error:
        reason = error.strerror or str(error)
        raise InvalidInputError(f"{path} cannot be read: {reason}", code="not_a_report", hint=_HINT) from None
    except (ValueError, RecursionError) as error:
        raise InvalidInputError(f"{path} is not JSON: {error}", code="not_a_report", hint=_HINT) from None
    return [_result(path, each) for each in (document if isinstance(document, list) else [document])]


def _result(path: Path, document: Json) -> RunResult:
    version = document.get("version") if isinstance(document, dict) else None
    if version != REPORT_VERSION:
        reason = f"its version is {version!r}, not {REPORT_VERSION!r}" if version else "it has no version"
        raise InvalidInputError(f"{path} is not a report: {reason}", code="not_a_report", hint=_HINT)
    try:
        return _with_own_commands(decode(RunResult, document))
    except ValidationError as error:
        raise InvalidInputError(f"{path} is not a report: {error}", code="not_a_report", hint=_HINT) from None


def _with_own_commands(result: RunResult) -> RunResult:
    """The result, with no command but awsit's own clean-up: a report may be anybody's, and people run what it names."""
    left = tuple(replace(each, command=_own_command(each.command)) for each in result.cleanup.left_behind)
    return replace(result, cleanup=replace(result.cleanup, left_behind=left))


def _own_command(command: str) -> str:
    try:
        words = shlex.split(command)
    except ValueError:
        return ""
    return shlex.join(words) if words[:2] == ["awsit", "cleanup"] else ""
