"""A scenario made from a curl command."""

from __future__ import annotations

import base64
import binascii
import re
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from urllib.parse import parse_qsl, urlsplit

from awsit.actions.http_call.body import encode_query
from awsit.cli.drafts.curl_command import CurlRequest, file_content, read_curl
from awsit.cli.drafts.draft import (
    SHELL_VARIABLE,
    Draft,
    action_name,
    from_environment,
    literal,
    scenario_name,
    shell_text,
)
from awsit.errors import UsageError
from awsit.http.redirects import SECRET_HEADERS
from awsit.model import json
from awsit.model.json import Json

BOUNDARY = "awsit-form-boundary"
_OF_THE_CONNECTION = re.compile(r"(sec-.*|accept-encoding|connection|content-length|priority|dnt)\Z", re.IGNORECASE)
_SIGNATURE = re.compile(r"AWS4-HMAC-SHA256 .*Credential=[^/]+/\d+/([^/]+)/([^/]+)/", re.DOTALL)
_FORM_TYPE = "application/x-www-form-urlencoded"


def draft_of_curl(command: str, name: str = "") -> Draft:
    """A scenario that sends what the curl command sends.

    Credentials are not copied: they become environment variables, which the notes name. A body that is JSON is sent as
    JSON, as is one that curl would have called a form. Raises UsageError.
    """
    request = read_curl(command)
    title = f"{request.method} {_path(request.url)}"
    params, wanted = _params(request)
    action = {"name": action_name(title), "type": "http_call", "params": params}
    document = {
        "name": name or scenario_name(title),
        "description": literal(f"{title} answers"),
        "actions": [action],
    }
    return Draft(document, (*_notes(request), *wanted))


def _path(url: str) -> str:
    try:
        parts = urlsplit(SHELL_VARIABLE.sub("", url))
    except ValueError as error:
        raise UsageError(f"{url!r} is not a URL: {error}", hint="check the curl command") from error
    return parts.path.strip("/") or (parts.hostname or "")


def _params(request: CurlRequest) -> tuple[dict[str, Json], list[str]]:
    headers = {name: value for name, value in _merged(request).items() if not _OF_THE_CONNECTION.match(name)}
    auth, wanted = _auth(request, headers)
    body = _form_data(request, headers) if request.form else _body(request, headers)
    shown, more = _shown(headers)
    params = {
        "url": shell_text(request.url),
        "method": request.method,
        "headers": shown,
        **body,
        "auth": auth,
        "timeout_seconds": _seconds(request.timeout_seconds),
        "connect_timeout_seconds": _seconds(request.connect_timeout_seconds),
        "verify_tls": None if request.verify_tls is True else request.verify_tls,
        "expected_status": "2xx",
    }
    return {key: value for key, value in params.items() if key == "body" or value not in (None, {})}, wanted + more


def _merged(request: CurlRequest) -> dict[str, str]:
    """The headers by name; the values of one that was given several times are joined (RFC 9110, section 5.2)."""
    found: dict[str, list[str]] = defaultdict(list)
    names: dict[str, str] = {}
    for name, value in request.headers:
        names.setdefault(name.lower(), name)
        found[name.lower()].append(value)
    return {names[name]: ("; " if name == "cookie" else ", ").join(values) for name, values in found.items()}


def _auth(request: CurlRequest, headers: dict[str, str]) -> tuple[Json, list[str]]:
    """What `auth` says; a header that it stands for is taken out of `headers`."""
    name = next((name for name in headers if name.lower() == "authorization"), "")
    given = headers.get(name, f"Bearer {request.bearer}" if request.bearer else "")
    signature = _SIGNATURE.match(given)
    scheme, _, value = given.partition(" ")
    if request.sigv4 or signature:
        region, service = signature.groups() if signature else _scope(request.sigv4)
        auth: Json = {"sigv4": {"service": service or "execute-api", **({"region": region} if region else {})}}
        wanted: list[str] = []
    elif scheme.lower() == "bearer":
        token, wanted = _hidden(value, "API_TOKEN")
        auth = {"bearer": token}
    elif request.user or scheme.lower() == "basic":
        user, _, password = (request.user or _decoded(value)).partition(":")
        hidden, wanted = _hidden(password, "API_PASSWORD")
        auth = {"basic": {"username": shell_text(user), "password": hidden}}
    else:
        return None, []
    headers.pop(name, None)
    return auth, wanted


def _scope(text: str) -> tuple[str, str]:
    """Region and service of `--aws-sigv4 provider1:provider2:region:service`."""
    parts = [*text.split(":"), "", "", "", ""]
    return parts[2], parts[3]


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _hidden(value: str, variable: str) -> tuple[str, list[str]]:
    """The template for a credential; one that came from the shell's own variable keeps its name."""
    shown = shell_text(value)
    if shown != literal(value):
        return shown, []
    return from_environment(variable), [f"no credential was copied: set {variable} in the environment before a run"]


def _shown(headers: Mapping[str, str]) -> tuple[dict[str, Json], list[str]]:
    shown: dict[str, Json] = {}
    wanted: list[str] = []
    for name, value in headers.items():
        if name.lower() in SECRET_HEADERS and value:
            shown[name], more = _hidden(value, name.upper().replace("-", "_"))
            wanted += more
        else:
            shown[name] = shell_text(value)
    return shown, wanted


def _body(request: CurlRequest, headers: dict[str, str]) -> dict[str, Json]:
    if request.body is None:
        return {}
    name = next((name for name in headers if name.lower() == "content-type"), "")
    kind = headers.get(name, "").partition(";")[0].strip().lower()
    parsed = _parsed(request.body)
    if isinstance(parsed, dict | list) and (kind == _FORM_TYPE or "json" in kind):
        if kind in {_FORM_TYPE, "application/json"}:
            headers.pop(name, None)
        return {"body": literal(parsed)}
    fields = _fields(request.body) if kind == _FORM_TYPE else None
    if fields is not None:
        headers.pop(name, None)
        return {"form": literal(fields)}
    return {"body": literal(request.body)}


def _parsed(text: str) -> Json:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _fields(text: str) -> dict[str, Json] | None:
    """The fields of a form; None where writing them again would not say the same."""
    pairs = parse_qsl(text, keep_blank_values=True)
    found: dict[str, list[str]] = defaultdict(list)
    for name, value in pairs:
        found[name].append(value)
    fields: dict[str, Json] = {name: values[0] if len(values) == 1 else values for name, values in found.items()}
    return fields if pairs and parse_qsl(encode_query(fields, space="+"), keep_blank_values=True) == pairs else None


def _form_data(request: CurlRequest, headers: dict[str, str]) -> dict[str, Json]:
    """A multipart form (RFC 7578), of texts and of files that are text."""
    from urllib3 import encode_multipart_formdata

    content, content_type = encode_multipart_formdata([_field(each) for each in request.form], BOUNDARY)
    headers["content-type"] = content_type
    return {"body": literal(content.decode())}


def _field(text: str) -> tuple[str, str | tuple[str, str] | tuple[str, str, str]]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"the form field {text!r} is not of the form name=value", hint="see -F of curl")
    source, *settings = value.split(";")
    given = dict(pair.strip().partition("=")[::2] for pair in settings)
    if value.startswith("<"):
        return name, file_content(source[1:])
    if not value.startswith("@"):
        return name, value
    path = source[1:]
    told = (given.get("filename", path.rsplit("/", 1)[-1]), file_content(path))
    return name, (*told, given["type"]) if "type" in given else told


def _seconds(text: str) -> Json:
    try:
        return Decimal(text) if text else None
    except ArithmeticError:
        raise UsageError(f"{text!r} is not a number of seconds", hint="see -m and --connect-timeout of curl") from None


def _notes(request: CurlRequest) -> list[str]:
    return [f"left out, since an http_call has nothing like it: {option}" for option in request.left_out]
