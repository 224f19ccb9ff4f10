"""Authentication of HTTP calls, and the headers of them that reports may show."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace

from awsit.actions.http_call.params import Auth
from awsit.actions.http_call.utf8 import in_utf8
from awsit.errors import ActionError, ErrorKind
from awsit.http.redirects import SECRET_HEADERS
from awsit.model.http import HttpRequest
from awsit.model.ports import Aws

HIDDEN = "***"
MULTIPART = "multipart/form-data"


def authenticate(request: HttpRequest, auth: Auth | None, aws: Aws) -> HttpRequest:
    """The request with its Authorization header. Raises ActionError when the headers hold one already."""
    if auth is None:
        return request
    if any(name.lower() == "authorization" for name in request.headers):
        raise ActionError(
            "both `auth` and an Authorization header are given", kind=ErrorKind.VALIDATION, hint="leave one of them out"
        )
    if auth.sigv4 is not None:
        return _signed(request, auth.sigv4.service, auth.sigv4.region, aws)
    if auth.basic is not None:
        pair = in_utf8(f"{auth.basic.username}:{auth.basic.password}", "auth.basic", "check where they come from")
        return _with_authorization(request, f"Basic {base64.b64encode(pair).decode()}")
    return _with_authorization(request, f"Bearer {auth.bearer}")


def _with_authorization(request: HttpRequest, value: str) -> HttpRequest:
    return replace(request, headers={**request.headers, "Authorization": value})


def _signed(request: HttpRequest, service: str, region: str | None, aws: Aws) -> HttpRequest:
    try:
        return aws.sign(request, service, region)
    except Exception as error:
        raise aws.translate(error) from error


def shown_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers as reports show them: credentials hidden, and no boundary of parts, which is another one each time."""
    shown = {name: HIDDEN if name.lower() in SECRET_HEADERS else value for name, value in headers.items()}
    return {name: MULTIPART if value.startswith(f"{MULTIPART};") else value for name, value in shown.items()}
