"""The one form of a URL that is signed, sent and shown."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote, unquote_to_bytes, urlsplit, urlunsplit

from msgspec import Struct

from awsit.errors import ActionError, ErrorKind
from awsit.patterns import lazy_pattern

_STRAY_PERCENT = lazy_pattern(r"%(?![0-9A-Fa-f]{2})")
_SERVER = lazy_pattern(r"^[a-z]+://[^/?]*")
_REMEMBERED = 32
"""URLs of which it is remembered what they come to: those of a call, and of others that ask for the same."""
_DEFAULT_PORTS = {"http": 80, "https": 443}


@lru_cache(maxsize=_REMEMBERED)
def normalized(url: str, *, path_as_is: bool = False) -> str:
    """The URL as it goes on the wire (RFC 3986, section 6.2.2), without its fragment.

    What a URL cannot hold is escaped, escapes are in upper case, and dot segments of the path are resolved unless it is
    to stay as it is. Raises ActionError of kind validation.
    """
    from urllib3.exceptions import LocationValueError  # slow to import, and what only checks calls does without it
    from urllib3.util import parse_url

    try:
        parsed = parse_url(_STRAY_PERCENT.sub("%25", url))
    except LocationValueError as error:
        raise ActionError(str(error), kind=ErrorKind.VALIDATION, hint="check the host of the URL") from error
    path = parsed.path
    if path_as_is:
        path = quote(_STRAY_PERCENT.sub("%25", urlsplit(url).path), safe="/:@!$&'()*+,;=~%")
    return parsed._replace(path=path, fragment=None).url


class Address(Struct, frozen=True):
    """Where a URL leads: the server, its host as urllib3 has it, and the `target` that a request's first line names."""

    scheme: str
    host: str
    port: int | None
    target: str


@lru_cache(maxsize=_REMEMBERED)
def address(url: str) -> Address:
    """The address of a normalized URL."""
    from urllib3.util import parse_url  # slow to import, as above

    parsed, target = parse_url(url), _SERVER.sub("", url)
    return Address(
        parsed.scheme or "", parsed.host or "", parsed.port, target if target.startswith("/") else f"/{target}"
    )


def origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port: what tells one server from another (RFC 6454)."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or _DEFAULT_PORTS.get(parts.scheme)


def with_canonical_query(url: str) -> str:
    """The URL with each name and value of its query decoded and encoded again: all but unreserved bytes escaped.

    Signature Version 4 signs this form, whatever the request sends (IAM user guide, "Create a signed AWS API request",
    step 1). `+` is a plus sign.
    """
    parts = urlsplit(url)
    pairs = (pair.partition("=") for pair in parts.query.split("&") if pair)
    query = "&".join(f"{_reencoded(name)}={_reencoded(value)}" for name, _, value in pairs)
    return urlunsplit(parts._replace(query=query))


def _reencoded(text: str) -> str:
    return quote(unquote_to_bytes(text), safe="-_.~")
