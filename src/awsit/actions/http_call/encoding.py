"""Single values and names of an HTTP call as text and bytes, and its URLs."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from urllib.parse import quote, urlencode, urlsplit

from awsit.actions.http_call.utf8 import in_utf8
from awsit.errors import ActionError, ErrorKind
from awsit.expressions.templates.segments import holds_template
from awsit.http.validation import check_url
from awsit.model.json import Json, dumps
from awsit.validation.errors import refusal

_ENCODE = "encode it with the filter b64encode"


def encode_query(values: Mapping[str, Json], where: str = "query", *, space: str = "%20") -> str:
    """Names and values in the URL's encoding (WHATWG URL, section 5); lists repeat the name, null leaves it out.

    Raises ActionError of kind validation for text that UTF-8 cannot hold; `where` is the param that holds the values.
    """
    pairs = [(in_utf8(name, where), in_utf8(value, f"{where}.{name}")) for name, value in _pairs(values)]
    text = urlencode(pairs, quote_via=quote, safe="")
    return text.replace("%20", space)


def scalar_text(value: Json) -> str:
    """A single value as text, numbers and booleans as in JSON."""
    return value if isinstance(value, str) else dumps(value)


def base64_bytes(text: str, what: str) -> bytes:
    """The bytes that base64 stands for. Raises ActionError of kind validation; `what` says in it what is wrong."""
    try:
        return _decoded(text)
    except ValueError as error:
        raise ActionError(f"{what} is not base64: {error}", kind=ErrorKind.VALIDATION, hint=_ENCODE) from error


def _decoded(text: str) -> bytes:
    return base64.b64decode("".join(text.split()), validate=True)


def check_base64(value: str) -> str:
    """The text, if it is base64; a template is left to the run. Raises a `refusal`."""
    try:
        if not holds_template(value):
            _decoded(value)
    except ValueError as error:
        raise refusal(f"is not base64: {error}", _ENCODE) from None
    return value


def check_absolute(url: str) -> str:
    """The URL, if a request can be sent to it. Raises ValueError."""
    if holds_template(url):
        return url  # what it gives is checked before anything is sent
    try:
        check_url(url.strip())
    except ActionError as error:
        raise ValueError(f"{error.message}; {error.hint}") from None
    return url


def host_names(url: str) -> tuple[str, ...]:
    """What `limits` may call the host of a URL: with its port where the URL has one, and without."""
    try:
        parts = urlsplit(url)
    except ValueError:  # no request will be sent
        return ()
    return parts.netloc.rpartition("@")[2].lower(), parts.hostname or ""


def _pairs(values: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        for each in value if isinstance(value, list) else [value]:
            if each is not None:
                yield name, scalar_text(each)
