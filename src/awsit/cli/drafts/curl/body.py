"""The body of a curl command as `body`, `form` or `body_base64` of an `http_call`."""

from __future__ import annotations

import base64
import re
from collections import defaultdict
from collections.abc import Mapping
from urllib.parse import parse_qsl

from awsit.actions.http_call.encoding import encode_query
from awsit.cli.drafts.curl.credentials import Credentials
from awsit.cli.drafts.curl.headers import FORM_TYPE
from awsit.cli.drafts.curl.multipart.parts import MULTIPART
from awsit.cli.drafts.curl.words.variables import has_variable, is_unicode, without_variables
from awsit.errors import UsageError
from awsit.model import json
from awsit.model.json import Json

_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s"]')
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_SIGNS_BODY = re.compile(r"signature|digest|content-md5|content-sha256", re.IGNORECASE)
_STANDARD_TYPES = {"body": "application/json", "form": FORM_TYPE}


def body_params(text: str | None, headers: dict[str, str], credentials: Credentials) -> dict[str, Json]:
    """The param that sends the text; a `Content-Type` which it brings itself is taken out of the headers.

    JSON becomes a value, and a form becomes fields, where that sends the same: the same tokens of JSON, the same text
    of a form. Raises UsageError for bytes that a variable is part of.
    """
    if text is None:
        return {}
    if not is_text(text):
        return _binary(text)
    name = next((name for name in headers if name.lower() == "content-type"), "")
    content_type = headers.get(name, "")
    media = content_type.partition(";")[0].strip().lower()
    key, value = _structured(text, media, headers)
    if content_type == _STANDARD_TYPES[key] and value is not None:
        headers.pop(name)
    if value is None:
        return {"body": _hidden(text, media, credentials)}
    return {key: credentials.in_json(value)}


def is_text(text: str) -> bool:
    """Whether the text is one that people write, without bytes that are no characters."""
    return is_unicode(text) and not _UNPRINTABLE.search(without_variables(text))


def _binary(text: str) -> dict[str, Json]:
    if has_variable(text):
        raise UsageError("the body holds a variable among bytes that are not text", hint="put its value in")
    return {"body_base64": base64.b64encode(text.encode("utf-8", "surrogateescape")).decode()}


def _structured(text: str, media: str, headers: Mapping[str, str]) -> tuple[str, Json]:
    """The param and its value; None where only the text sends the same, or a header signs the text."""
    if any(_SIGNS_BODY.search(name) for name in headers):
        return "body", None
    if media == FORM_TYPE or "json" in media:
        value = _json(text)
        if value is not None:
            return "body", value
    return "form", _fields(text) if media == FORM_TYPE else None


def _json(text: str) -> Json:
    """The object or list, if it is written again with the same tokens: no name twice, each number digit for digit."""
    try:
        value = json.loads(text)
        written = json.dumps(value)
    except (ValueError, RecursionError):
        return None
    is_document = isinstance(value, dict | list) and "\\ud800" not in text.lower()
    return value if is_document and _tokens(text) == _tokens(written) and is_text(_texts(value)) else None


def _tokens(text: str) -> list[Json]:
    return [json.loads(token) if token[0] == '"' else token for token in _JSON_TOKEN.findall(text)]


def _texts(value: Json) -> str:
    """All texts of the document, names included, in one."""
    if isinstance(value, dict):
        return "".join(_texts(item) for pair in value.items() for item in pair)
    if isinstance(value, list):
        return "".join(_texts(item) for item in value)
    return value if isinstance(value, str) else ""


def _fields(text: str) -> Json:
    """The fields of a form, if they are encoded to the same text; None if not."""
    if has_variable(text):
        return None
    found: dict[str, list[str]] = defaultdict(list)
    for name, value in parse_qsl(text, keep_blank_values=True):
        found[name].append(value)
    fields: dict[str, Json] = {name: values[0] if len(values) == 1 else values for name, values in found.items()}
    return fields if fields and is_text(_texts(fields)) and encode_query(fields, space="+") == text else None


def _hidden(text: str, media: str, credentials: Credentials) -> str:
    if media == MULTIPART:
        return credentials.in_multipart(text)
    return credentials.in_text(credentials.in_form(text) if media == FORM_TYPE else text)
