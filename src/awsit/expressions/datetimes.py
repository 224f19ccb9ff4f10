"""Moments in time, and how they are written: ISO 8601 in UTC (RFC 3339, https://www.rfc-editor.org/rfc/rfc3339)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from awsit.patterns import lazy_pattern

_LOOKS_LIKE_A_DATE = lazy_pattern(r"\d{4}-\d{2}-\d{2}([Tt ]\d{2}|$)")
_COMPACT = lazy_pattern(r"\d{8}[Tt]\d{6}([Zz]|[+-]\d{4})?")
_HTTP_DATE = lazy_pattern(r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} (GMT|[+-]\d{4})")
_FARTHEST = 10**12
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def iso(moment: datetime) -> str:
    """`2026-01-31T12:00:00.000Z`: UTC, always with milliseconds, so that texts sort as moments do."""
    text = utc(moment).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def utc(moment: datetime) -> datetime:
    """The same moment in UTC; one without an offset is taken as UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def parse(text: str) -> datetime | None:
    """The moment that an ISO 8601 text with at least a full date names, in UTC; None when it is no such text."""
    if not _LOOKS_LIKE_A_DATE.match(text):
        return None
    try:
        return utc(datetime.fromisoformat(text.upper()))
    except (ValueError, OverflowError):
        return None


def parse_any(text: str) -> datetime | None:
    """As `parse`; also `20300131T120000Z`, and a date of HTTP's headers (RFC 9110, section 5.6.7)."""
    try:
        if _COMPACT.fullmatch(text):
            return utc(datetime.fromisoformat(text.upper()))
        if _HTTP_DATE.fullmatch(text):
            from email.utils import parsedate_to_datetime  # slow to import

            return utc(parsedate_to_datetime(text))
    except (ValueError, OverflowError):
        return None
    return parse(text)


def epoch_seconds(moment: datetime) -> int | Decimal:
    """Seconds since 1970-01-01T00:00:00Z; an int when whole."""
    return seconds_between(utc(moment), _EPOCH)


def since_1970(seconds: int | Decimal) -> datetime | None:
    """The moment so many seconds after 1970-01-01T00:00:00Z; None when no calendar holds it."""
    try:
        return (
            _EPOCH + timedelta(microseconds=int(Decimal(seconds).scaleb(6)))
            if -_FARTHEST < seconds < _FARTHEST
            else None
        )
    except OverflowError:
        return None


def seconds_between(later: datetime, earlier: datetime) -> int | Decimal:
    """`later - earlier` in seconds, exact to the microsecond; an int when whole."""
    distance = utc(later) - utc(earlier)
    whole = distance.days * 86_400 + distance.seconds
    if not distance.microseconds:
        return whole
    return (Decimal(whole) + Decimal(distance.microseconds).scaleb(-6)).normalize()
