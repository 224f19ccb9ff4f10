"""Bodies of HTTP calls: values to bytes, and bytes to values."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Iterator, Mapping
from email.message import Message
from urllib.parse import quote, urlencode
from urllib.request import parse_http_list

from awsit.actions.http_call.params import HttpCallParams
from awsit.actions.http_call.utf8 import in_utf8
from awsit.errors import ActionError, ErrorKind
from awsit.model.json import Json, dumps, loads
from awsit.model.ports import HttpResponse

_TEXT_TYPES = {"application/xml", "application/javascript", "application/x-www-form-urlencoded", "application/graphql"}
_TEXT_SUFFIXES = ("json", "+xml", "+yaml", "/yaml", "/x-yaml", "/x-ndjson", "/jsonl", "/csv")
_JSON_TYPE = re.compile(r"(application|text)/(x-)?json|application/x-amz-json-1\.\d")
_MEDIA_TYPE = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+/[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_OF_PYTHON = frozenset({"idna", "mbcs", "oem", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})
"""Text codecs that only Python has (library reference, `codecs`, "Python Specific Encodings")."""


def encode_body(params: HttpCallParams) -> tuple[bytes | None, str]:
    """The body's bytes and the content type that goes with them; None and empty text without a body.

    Raises ActionError of kind validation for what is not base64 or not JSON, and for text that UTF-8 cannot hold.
    """
    if params.form is not None:
        return encode_query(params.form, "form", space="+").encode(), "application/x-www-form-urlencoded"
    if params.body_base64 is not None:
        return _binary(params.body_base64), "application/octet-stream"
    if params.body is None:
        return None, ""
    if isinstance(params.body, str):
        return in_utf8(params.body, "body"), "text/plain; charset=utf-8"
    try:
        return dumps(params.body).encode(), "application/json"
    except (TypeError, ValueError) as error:
        raise _wrong(f"`body` cannot be written as JSON: {error}", "use text, numbers, lists and mappings") from error


def shown_body(params: HttpCallParams) -> Json:
    """The body as reports show it."""
    if params.body_base64 is not None:
        return {"base64": params.body_base64}
    return params.body if params.form is None else params.form


def encode_query(values: Mapping[str, Json], where: str = "query", *, space: str = "%20") -> str:
    """Names and values in the URL's encoding (WHATWG URL, section 5); lists repeat the name, null leaves it out.

    Raises ActionError of kind validation for text that UTF-8 cannot hold; `where` is the param that holds the values.
    """
    pairs = [(in_utf8(name, where), in_utf8(value, f"{where}.{name}")) for name, value in _pairs(values)]
    text = urlencode(pairs, quote_via=quote, safe="")
    return text.replace("%20", space)


def _pairs(values: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        for each in value if isinstance(value, list) else [value]:
            if each is not None:
                yield name, scalar_text(each)


def scalar_text(value: Json) -> str:
    """A single value as text, numbers and booleans as in JSON."""
    return value if isinstance(value, str) else dumps(value)


def _binary(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise _wrong(f"`body_base64` is not base64: {error}", "encode it with the filter b64encode") from error


def decode_body(response: HttpResponse) -> Json:
    """The body as a value: JSON parsed, text as text, anything else as `{"base64": ...}`; null when it is empty.

    The content type says whether it is JSON; without one, whether it parses. JSON that does not parse, or is
    beyond the limits of `model.json`, stays text.
    """
    if not response.body:
        return None
    media, charset = _content_type(response.headers.get("content-type", ""))
    text = _text(response.body, media, charset)
    if text is None:
        return {"base64": base64.b64encode(response.body).decode()}
    if _is_json(media):
        try:
            return loads(text)
        except ValueError:
            return text
    return text


def _content_type(header: str) -> tuple[str, str]:
    """Media type and charset; of several values of the header the last that is one (Fetch, "extract a MIME type")."""
    found = "", ""
    for value in parse_http_list(header):
        message = Message()
        message["content-type"] = value
        if _MEDIA_TYPE.fullmatch(value.partition(";")[0].strip()):
            found = message.get_content_type(), message.get_content_charset(found[1])
    return found


def _is_json(media: str) -> bool:
    return not media or media.endswith("+json") or _JSON_TYPE.fullmatch(media) is not None


def _text(body: bytes, media: str, charset: str) -> str | None:
    is_text = not media or charset or media.startswith("text/") or media in _TEXT_TYPES or _is_json(media)
    if not (is_text or media.endswith(_TEXT_SUFFIXES)):
        return None
    try:
        return body.decode(_codec(charset))
    except UnicodeDecodeError:
        return None


def _codec(charset: str) -> str:
    """Python's codec of a charset; UTF-8 for one that is unknown, or that is no charset of the Internet."""
    try:
        name = codecs.lookup(charset or "utf-8").name
        "".encode(name)  # refuses codecs of bytes to bytes or text to text, such as base64 and rot13
    except (LookupError, UnicodeError):
        name = "utf-8"
    if name in _OF_PYTHON:
        name = "utf-8"
    return "utf-8-sig" if name == "utf-8" else name  # a byte order mark is no part of the text


def _wrong(message: str, hint: str) -> ActionError:
    return ActionError(message, kind=ErrorKind.VALIDATION, hint=hint)
