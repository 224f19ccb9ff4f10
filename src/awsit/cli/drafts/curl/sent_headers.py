"""The headers of a curl command as `headers` of an `http_call`."""

from __future__ import annotations

from collections import defaultdict

from awsit.cli.drafts.curl.request import CurlRequest
from awsit.cli.drafts.curl.words.variables import has_variable, without_variables
from awsit.errors import UsageError
from awsit.model.text.counts import count

_OF_THE_CONNECTION = frozenset(
    {"expect", "http2-settings", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}
)
_SINGLE = frozenset({"authorization", "content-type", "host", "user-agent"})
_DECODED = frozenset({"gzip", "x-gzip", "deflate", "identity"})


def sent_headers(request: CurlRequest) -> tuple[dict[str, str], list[str]]:
    """The headers by name, and notes about those that are not sent as curl does. Raises UsageError.

    The values of one that is given several times are joined (RFC 9110, section 5.2).
    """
    values: dict[str, list[str]] = defaultdict(list)
    names: dict[str, str] = {}
    notes = _notes(request)
    for name, value in request.headers.given:
        if name.lower() == "content-length":
            _check_length(request.body, value)
        elif name.lower() in _OF_THE_CONNECTION:
            notes.append(f"left out, since the connection is awsit's own: the header {name}")
        else:
            names.setdefault(name.lower(), name)
            values[name.lower()].append(value)
    headers = {names[name]: _joined(names[name], each) for name, each in values.items()}
    _limit_encodings(headers, notes)
    return headers, notes


def _notes(request: CurlRequest) -> list[str]:
    """About what an `http_call` sends though curl does not, or otherwise."""
    headers = request.headers
    notes = [
        f"sent all the same, by awsit: the header {name}" for name in ("user-agent", "host") if name in headers.removed
    ]
    if request.body is not None and headers.get("content-type") is None:
        notes.append("sent all the same, since no body goes without: the header content-type")
    for name, value in headers.given:
        if not without_variables(value).isascii():
            _check_latin_1(name, without_variables(value))
            notes.append(f"sent in Latin-1, not in UTF-8: the value of header {name}")
    return notes


def _check_latin_1(name: str, value: str) -> None:
    try:
        value.encode("latin-1")
    except UnicodeEncodeError as error:
        hint = "encode it, with percent-encoding or base64"
        held = value[error.start]
        raise UsageError(
            f"the value of header {name} holds {held!r}, which an http_call cannot send", hint=hint
        ) from error


def _check_length(body: str | None, value: str) -> None:
    if body is not None and has_variable(body):
        return
    length = len((body or "").encode("utf-8", "surrogateescape"))
    if value != str(length):
        hint = "leave the header out, it is counted"
        raise UsageError(f"the header Content-Length says {value}, and the body has {count(length, 'byte')}", hint=hint)


def _joined(name: str, values: list[str]) -> str:
    if len(values) > 1 and name.lower() in _SINGLE:
        raise UsageError(f"the header {name} is given {len(values)} times", hint="leave one")
    return ("; " if name.lower() == "cookie" else ", ").join(values)


def _limit_encodings(headers: dict[str, str], notes: list[str]) -> None:
    """Keep the content codings that awsit can decode."""
    for name in [name for name in headers if name.lower() == "accept-encoding" and not has_variable(headers[name])]:
        codings = [coding.strip() for coding in headers[name].split(",")]
        kept = [coding for coding in codings if coding.partition(";")[0].strip().lower() in _DECODED]
        if kept == codings:
            continue
        headers[name] = ", ".join(kept)
        if not kept:
            del headers[name]
        notes.append(
            f"left out of {name}, since awsit cannot decode it: {', '.join(c for c in codings if c not in kept)}"
        )
