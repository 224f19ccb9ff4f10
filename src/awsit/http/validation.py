"""Checks of a request before it is sent; the real and the fake transport share them."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

from awsit.errors import ActionError, ErrorKind
from awsit.model.http import HttpRequest
from awsit.model.text.encoding import unencodable
from awsit.patterns import lazy_pattern

_TOKEN = lazy_pattern(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = lazy_pattern(r"[\x00-\x1f\x7f]")
_FRAMING = frozenset({"content-length", "transfer-encoding"})
_BAD_VALUE = lazy_pattern(r"[\x00-\x08\x0a-\x1f\x7f]")


def check_method(method: str) -> None:
    """Refuse what cannot be the method of a request. Raises ActionError of kind validation (RFC 9110, section 9.1)."""
    if not _TOKEN.fullmatch(method):
        raise _refused(f"{method!r} is not an HTTP method", "use a method such as GET or POST")


def check_request(request: HttpRequest) -> None:
    """Refuse what cannot be sent as HTTP. Raises ActionError of kind validation (RFC 9110, sections 4.2, 5 and 9.1)."""
    check_method(request.method)
    check_url(request.url)
    for name, value in request.headers.items():
        check_header_name(name)
        check_header_value(name, value)


@lru_cache(maxsize=32)
def check_url(url: str) -> None:
    """Refuse a URL that is not absolute http or https, or holds credentials or what no URL can."""
    if control := _CONTROL.search(url):
        raise _refused(
            f"the URL holds the control character {control.group()!r} at position {control.start()}",
            "write the URL on one line; encode such characters as %0A",
        )
    if half := unencodable(url):
        raise _refused(f"the URL holds {half}, which UTF-8 cannot hold", "send it in a JSON body, which can")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise _refused(f"the URL {url!r} is not valid: {error}", "check the host and the port") from error
    if parts.scheme not in {"http", "https"}:
        problem = f"the scheme {parts.scheme!r} is not supported" if parts.scheme else "it has no scheme"
        raise _refused(f"the URL {url!r} cannot be called: {problem}", "start it with https:// or http://")
    if not host or " " in host:
        raise _refused(f"the URL {url!r} names no valid host", "write it as https://host/path")
    if parts.username or parts.password:
        raise _refused("the URL holds a user name or password", "give them as `auth: {basic: {username, password}}`")


def check_header(name: str, value: str) -> None:
    """Refuse a header that cannot be sent, or that tells where the message ends."""
    check_header_name(name)
    check_header_value(name, value)


@lru_cache(maxsize=128)
def check_header_name(name: str) -> None:
    """Refuse what is no token (RFC 9110, section 5.1), and what tells where the message ends."""
    if not _TOKEN.fullmatch(name):
        raise _refused(f"{name!r} is not the name of an HTTP header", "use letters, digits and hyphens")
    if name.lower() in _FRAMING:
        raise _refused(
            f"the header {name} is not the scenario's: it tells where the request ends",
            "leave it out; it follows from the body that is sent",
        )


def check_header_value(name: str, value: str) -> None:
    """Refuse what a header's value cannot carry (RFC 9110, section 5.5)."""
    if value.isascii() and value.isprintable():
        return
    if _BAD_VALUE.search(value):
        raise _refused(f"the value of header {name} holds a line break or control character", "write it on one line")
    try:
        value.encode("latin-1")
    except UnicodeEncodeError as error:
        raise _refused(
            f"the value of header {name} holds {value[error.start]!r}, which a header cannot carry",
            "encode it, with percent-encoding or base64",
        ) from error


def _refused(message: str, hint: str) -> ActionError:
    return ActionError(message, kind=ErrorKind.VALIDATION, hint=hint)


def shown_url(url: str) -> str:
    """The URL without its query, for messages: a query may hold a token."""
    return url.split("?", 1)[0].split("#", 1)[0]
