"""Authentication of HTTP calls, and the headers of them that reports may show."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING

from awsit.actions.http_call.forecast import IAM_ACTIONS
from awsit.actions.http_call.utf8 import in_utf8
from awsit.errors import ActionError, ErrorKind
from awsit.http.redirects import SECRET_HEADERS
from awsit.model.http import HttpRequest, HttpResponse
from awsit.model.permissions import ANY, Permission
from awsit.model.ports import Aws
from awsit.model.stack_parameters import parameter_for
from awsit.records import replace

if TYPE_CHECKING:
    from awsit.actions.http_call.auth.params import Auth

HIDDEN = "***"
MULTIPART = "multipart/form-data"


def authenticate(request: HttpRequest, auth: Auth | None, aws: Aws) -> HttpRequest:
    """The request with its Authorization header; that of `oauth2` comes when it is sent.

    Raises ActionError when the headers hold one already.
    """
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
    return request if auth.bearer is None else with_bearer(request, auth.bearer)


def how_to_allow(auth: Auth | None, response: HttpResponse) -> str:
    """What to do where a signed request was refused, to follow the failure; empty for any other response."""
    actions = IAM_ACTIONS.get(auth.sigv4.service) if auth and auth.sigv4 else None
    if not actions or response.status != HTTPStatus.FORBIDDEN:
        return ""
    parameter, _ = parameter_for(Permission(actions[0], ANY))
    allowed = " and ".join(actions)
    return f"; the caller needs {allowed}: for awsit's function, `awsit deploy --parameter {parameter}=ARN`"


def with_bearer(request: HttpRequest, token: str) -> HttpRequest:
    """The request with a bearer token (RFC 6750, section 2.1)."""
    return _with_authorization(request, f"Bearer {token}")


def _with_authorization(request: HttpRequest, value: str) -> HttpRequest:
    return replace(request, headers={**request.headers, "Authorization": value})


def _signed(request: HttpRequest, service: str, region: str | None, aws: Aws) -> HttpRequest:
    try:
        return aws.sign(request, service, region)
    except Exception as error:
        raise aws.translate(error) from error


def shown_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers as reports show them: credentials hidden, and no boundary of parts, which is another one each time."""
    shown = {}
    for name, value in headers.items():
        if name.lower() in SECRET_HEADERS:
            shown[name] = HIDDEN
        else:
            shown[name] = MULTIPART if value.startswith(f"{MULTIPART};") else value
    return shown
