"""Bodies of HTTP calls: values to bytes, and bytes to values."""

from __future__ import annotations

import base64
import codecs
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from awsit.actions.http_call.encoding import base64_bytes, encode_query
from awsit.actions.http_call.utf8 import in_utf8
from awsit.errors import ActionError, ErrorKind
from awsit.model.files import FileSource
from awsit.model.http import HttpResponse
from awsit.model.json import Json, dumps, loads
from awsit.patterns import lazy_pattern

if TYPE_CHECKING:
    from awsit.actions.http_call.params import HttpCallParams
    from awsit.actions.http_call.plain import PlainHttpCall

_TEXT_TYPES = {"application/xml", "application/javascript", "application/x-www-form-urlencoded", "application/graphql"}
_TEXT_SUFFIXES = ("json", "+xml", "+yaml", "/yaml", "/x-yaml", "/x-ndjson", "/jsonl", "/csv")
_JSON_TYPE = lazy_pattern(r"(application|text)/(x-)?json|application/x-amz-json-1\.\d")
_MEDIA_TYPE = lazy_pattern(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+/[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_OF_PYTHON = frozenset({"idna", "mbcs", "oem", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})
"""Text codecs that only Python has (library reference, `codecs`, "Python Specific Encodings")."""


class EncodedBody(Struct, frozen=True):
    """The body's bytes, None without a body, the content type that goes with them, and the body as reports show it."""

    content: bytes | None
    content_type: str
    shown: Json


_NO_BODY = EncodedBody(None, "", None)


def encode_body(params: HttpCallParams | PlainHttpCall, files: FileSource) -> EncodedBody:
    """The body that the params describe.

    Raises ActionError of kind validation for what is not base64 or not JSON, and for text that UTF-8 cannot hold.
    """
    if params.form is not None:
        content = encode_query(params.form, "form", space="+").encode()
        return EncodedBody(content, "application/x-www-form-urlencoded", params.form)
    if params.multipart is not None:
        from awsit.actions.http_call.multipart import encode_multipart  # its models are slow to import

        return EncodedBody(*encode_multipart(params.multipart, files))
    if params.body_base64 is not None:
        content = base64_bytes(params.body_base64, "`body_base64`")
        return EncodedBody(content, "application/octet-stream", {"base64": params.body_base64})
    if params.body is None:
        return _NO_BODY
    if isinstance(params.body, str):
        return EncodedBody(in_utf8(params.body, "body"), "text/plain; charset=utf-8", params.body)
    try:
        return EncodedBody(dumps(params.body).encode(), "application/json", params.body)
    except (TypeError, ValueError) as error:
        raise _wrong(f"`body` cannot be written as JSON: {error}", "use text, numbers, lists and mappings") from error


def decode_body(response: HttpResponse) -> Json:
    """The body as a value: JSON parsed, text as text, anything else as `{"base64": ...}`; null when it is empty.

    The content type says whether it is JSON; without one, whether it parses. JSON that does not parse, or is
    beyond the limits of `model.json`, stays text.
    """
    if not response.body:
        return None
    codec, holds_json = _reading(response.headers.get("content-type", ""))
    text = _text(response.body, codec)
    if text is None:
        return {"base64": base64.b64encode(response.body).decode()}
    if holds_json:
        try:
            return loads(text)
        except ValueError:
            return text
    return text


@lru_cache(maxsize=64)
def _reading(header: str) -> tuple[str, bool]:
    """Python's codec of a body with this content type, empty for a body that is no text, and whether it is JSON."""
    media, charset = content_type(header)
    holds_json = is_json(media)
    is_text = not media or charset or media.startswith("text/") or media in _TEXT_TYPES or holds_json
    return _codec(charset) if is_text or media.endswith(_TEXT_SUFFIXES) else "", holds_json


@lru_cache(maxsize=64)
def content_type(header: str) -> tuple[str, str]:
    """Media type and charset; of several values of the header the last that is one (Fetch, "extract a MIME type")."""
    from email.message import Message  # slow to import: checks of a call do without it

    found = "", ""
    for value in _values(header):
        message = Message()
        message["content-type"] = value
        if _MEDIA_TYPE.fullmatch(value.partition(";")[0].strip()):
            found = message.get_content_type(), message.get_content_charset(found[1])
    return found


def _values(header: str) -> list[str]:
    if "," not in header:
        return [header.strip()]
    from urllib.request import parse_http_list  # slow to import, and few responses have several values

    return parse_http_list(header)


def is_json(media: str) -> bool:
    """Whether a body of that media type is JSON; one without a media type may be."""
    return not media or media.endswith("+json") or _JSON_TYPE.fullmatch(media) is not None


def _text(body: bytes, codec: str) -> str | None:
    if not codec:
        return None
    try:
        return body.decode(codec)
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
