"""How the request of a curl command shows who sends it, as `auth` of an `http_call`."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import urlsplit

from awsit.cli.drafts.curl.credentials import Credentials
from awsit.cli.drafts.curl.request import CurlRequest
from awsit.cli.drafts.curl.words.variables import has_variable, shown, variable, variables_of, without_variables
from awsit.errors import UsageError
from awsit.model.json import Json

_SIGNATURE = re.compile(r"AWS4-HMAC-SHA256 .*Credential=[^/]+/\d+/([^/]+)/([^/]+)/", re.DOTALL)
_SIGNED_HEADERS = ("authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256")
_AWS_HOST = re.compile(r"([a-z0-9-]+)\.([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com", re.IGNORECASE)
_SCHEME_AND_VALUE = re.compile(r"([A-Za-z][\w-]*) (\S+)")


def auth_of(request: CurlRequest, credentials: Credentials) -> Json:
    """What `auth` says, None without one; headers that it stands for are taken out of the request.

    As in curl, a header of the command comes before `--oauth2-bearer`, and that before `--user`.
    """
    given = request.headers.get("authorization")
    signature = _SIGNATURE.match(given or "")
    if signature or request.sigv4 is not None:
        request.headers.drop(*_SIGNED_HEADERS)
        region, service = signature.groups() if signature else _scope(request.sigv4 or "", request.url)
        return {"sigv4": {"service": service or "execute-api", **({"region": region} if region else {})}}
    if given is not None:
        return _of_header(request, given, credentials)
    if "authorization" in request.headers.removed:
        return None
    if request.bearer is not None:
        return {"bearer": credentials.hide(request.bearer, "API_TOKEN")}
    return None if request.user is None else _basic(request, request.user, credentials)


def _of_header(request: CurlRequest, given: str, credentials: Credentials) -> Json:
    """`Bearer` and `Basic` become `auth`, if that sends the same text; any other scheme stays a header."""
    parts = _SCHEME_AND_VALUE.fullmatch(given)
    scheme, value = parts.groups() if parts else ("", "")
    user = _decoded(value) if scheme == "Basic" else None
    if scheme != "Bearer" and user is None:
        if parts:
            request.headers.replace("authorization", f"{scheme} {credentials.hide(value, 'API_TOKEN')}")
        return None
    request.headers.drop("authorization")
    return _basic(request, user, credentials) if user is not None else {"bearer": credentials.hide(value, "API_TOKEN")}


def _basic(request: CurlRequest, pair: str, credentials: Credentials) -> Json:
    user, colon, password = pair.partition(":")
    if not colon and has_variable(user) and not without_variables(user):
        encoded = variable(f"{variables_of(user).pop()} | b64encode")
        request.headers.add("Authorization", f"Basic {encoded}")
        return None
    if not colon:
        return {"basic": {"username": user, "password": credentials.hide(f"the password of {user}", "API_PASSWORD")}}
    if not password:
        return {"basic": {"username": credentials.hide(user, "API_KEY"), "password": ""}}
    return {"basic": {"username": user, "password": credentials.hide(password, "API_PASSWORD")}}


def _decoded(text: str) -> str | None:
    """The `user:password` in base64; None for what is no such pair, or would be encoded otherwise."""
    try:
        pair = base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    return pair if ":" in pair and base64.b64encode(pair.encode()).decode() == text else None


def _scope(text: str, url: str) -> tuple[str, str]:
    """Region and service of `--aws-sigv4 provider1:provider2:region:service`; what is not said is in the host."""
    provider, _, region, service = [*text.lower().split(":"), "", "", ""][:4]
    if provider != "aws":
        hint = "leave the option out, and give the headers of the signature"
        raise UsageError(f"an http_call signs for AWS only, not for {shown(provider)!r}", hint=hint)
    host = _AWS_HOST.fullmatch(urlsplit(without_variables(url)).hostname or "")
    return region or (host[2] if host else ""), service or (host[1] if host else "")
