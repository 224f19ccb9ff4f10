"""The next request of a redirect, as Fetch and curl make it.

Source: Fetch standard, "HTTP-redirect fetch" (https://fetch.spec.whatwg.org/#http-redirect-fetch), steps 12 and 13;
RFC 9110, section 15.4.
"""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urljoin

from awsit.errors import ActionError
from awsit.http.urls import normalized, origin
from awsit.http.validation import check_url
from awsit.model.http import HttpRequest
from awsit.patterns import lazy_pattern
from awsit.records import replace

STATUSES = frozenset({301, 302, 303, 307, 308})
SECRET_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization", "x-amz-security-token", "x-api-key"})
"""Headers that hold credentials whatever a request says of them."""

_HINT = "check the `Location` that the service sends, or set `follow_redirects: false`"
_NOT_ASCII = lazy_pattern(r"[^\x00-\x7f]")
_OF_A_BODY = frozenset({"content-encoding", "content-language", "content-location", "content-type"})


def next_request(request: HttpRequest, status: int, location: str) -> HttpRequest:
    """The request that follows `request` when it was answered with `status` and `Location`.

    POST becomes GET after 301 and 302, everything but HEAD after 303, without a body, unless the method is to be kept.
    Headers that hold secrets, and the client's certificate, stay behind when scheme, host or port change.
    Raises ActionError for a `Location` that cannot be called.
    """
    target = urljoin(request.url, _escaped(location))
    try:
        check_url(target)
    except ActionError as error:
        error.hint = _HINT  # nobody who reads it wrote the URL
        raise
    url = normalized(target)
    following = replace(request, url=url, path_as_is=False)
    if _becomes_get(request, status):
        kept = {name: value for name, value in request.headers.items() if name.lower() not in _OF_A_BODY}
        following = replace(following, method="GET", body=None, headers=kept)
    if origin(url) == origin(request.url):
        return following
    staying = SECRET_HEADERS | {"host"}
    headers = {
        name: value
        for name, value in following.headers.items()
        if name.lower() not in staying and not request.is_secret(name, value)
    }
    return replace(following, headers=headers, client_certificate=None)


def _becomes_get(request: HttpRequest, status: int) -> bool:
    if request.keep_method or request.method in {"GET", "HEAD"}:
        return False
    is_moved = status in {HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.FOUND}
    return status == HTTPStatus.SEE_OTHER or (is_moved and request.method == "POST")


def _escaped(location: str) -> str:
    """The header with each byte that is not ASCII escaped; `http.client` gives one character for each byte."""
    return _NOT_ASCII.sub(lambda found: f"%{ord(found[0]):02X}", location)
