"""Checks of what `retry_on` names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from awsit.errors import ErrorKind, Problem
from awsit.model.json import Json
from awsit.model.text.paths import child_path
from awsit.patterns import lazy_pattern
from awsit.suggestions import close_matches

_STATUS = lazy_pattern(r"[1-5][0-9]{2}|[1-5][xX]{2}")
_NUMBER = lazy_pattern(r"-?[0-9]+|[0-9][0-9xX*]{2}")
_HINT = "as `timeout`, `connection`, `throttling`, `assertion`, an error code of a service, `503`, `5xx` or `*`"


def retry_problems(retry: Json, place: str) -> Iterator[Problem]:
    """Names that no attempt ever ends by, so that nothing would be repeated."""
    named = retry.get("retry_on") if isinstance(retry, Mapping) else None
    for index, name in enumerate(named if isinstance(named, list) else ()):
        message = _wrong(str(name)) if isinstance(name, str | int) and not isinstance(name, bool) else ""
        if message:
            yield Problem("bad_value", message, child_path(child_path(place, "retry_on"), index), f"write it {_HINT}")


def _wrong(name: str) -> str:
    if _STATUS.fullmatch(name):
        return ""
    if _NUMBER.fullmatch(name):
        return f"`{name}` is no HTTP status"
    if name != name.lower() or name in set(ErrorKind):
        return ""  # services write their codes with capitals
    meant = close_matches(name, [str(kind) for kind in ErrorKind])
    return f"no attempt ends by `{name}`; did you mean `{meant[0]}`?" if meant else ""
