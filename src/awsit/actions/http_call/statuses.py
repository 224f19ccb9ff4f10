"""What the status of a response says."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

from awsit.model.json import Json

_DAY_SECONDS = 86_400


def is_expected(status: int, expected: Json) -> bool:
    """Whether `status` is one of `expected`: a number, a class such as `2xx`, a list of them; None: below 400."""
    if expected is None:
        return status < HTTPStatus.BAD_REQUEST
    if isinstance(expected, list):
        return any(is_expected(status, each) for each in expected)
    if isinstance(expected, str):
        return str(status)[0] == expected[0]
    return bool(status == expected)


def retry_after(header: str, now: datetime) -> float | None:
    """Seconds that `Retry-After` asks for, as a number or a date (RFC 9110, section 10.2.3), at most a day."""
    text = header.strip()
    if text.isascii() and text.isdigit():
        return min(float(text), _DAY_SECONDS)
    from email.utils import parsedate_to_datetime  # slow to import, and few responses have a date here

    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max((at - now).total_seconds(), 0.0), _DAY_SECONDS)


def status_text(status: int) -> str:
    """A status with its name, as `404 Not Found`."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
