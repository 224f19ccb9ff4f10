"""Who may call the sandbox: no web page, no foreign Host, and unsigned only for what AWS itself takes unsigned."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qs

Headers = Iterable[tuple[bytes, bytes]]

PAGE_HEADERS = ("origin", "sec-fetch-site")
TYPED_IN = "none"
"""Sec-Fetch-Site of an address that the user typed (W3C, Fetch Metadata)."""

UNSIGNED_SERVICES = {
    "AWSCognitoIdentityProviderService": "cognito-idp",
    "AWSCognitoIdentityService": "cognito-identity",
}
"""The services that take operations unsigned, by the first part of `X-Amz-Target`.

STS has some too, but the emulator gives credentials of a role for any token: in an account only its trust policy would.
"""

_DIRECT_HOST = re.compile(r"(?:127\.0\.0\.1|localhost)(?::\d+)?")
_CAPABILITY_PATH = re.compile(r"/_ministack/cfn-(?:response|signal)/[^/]+")
_SIGN_IN_PATH = re.compile(r"/login|/logout|/oauth2/(?:authorize|token|userInfo|revoke)")
_SNS_LINKS = frozenset({"ConfirmSubscription", "Unsubscribe"})


def values(headers: Headers, name: str) -> list[str]:
    """The values of all header lines of this name."""
    wanted = name.encode()
    return [value.decode("latin-1") for key, value in headers if key.lower() == wanted]


def page_refusal(headers: Headers) -> str:
    """Why a request is refused that a web page sent, by the headers that no page can leave out; empty for others."""
    origin, site = (values(headers, name) for name in PAGE_HEADERS)
    if origin or any(value != TYPED_IN for value in site):
        return "a web page sent this request, and the sandbox answers none"
    return ""


def host_refusal(headers: Headers) -> str:
    """Why a Host is refused that is not this sandbox's: a name that leads to it by DNS rebinding is a stranger's.

    Its port may be that of a tunnel: a page of another port is known by its Origin.
    """
    hosts = values(headers, "host")
    if len(hosts) == 1 and _DIRECT_HOST.fullmatch(hosts[0].lower()):
        return ""
    return "the sandbox answers for 127.0.0.1, hosts of AWS and domain names of its APIs, and for no other Host"


def served_unsigned(method: str, path: str, headers: Headers, query: str) -> bool:
    """Whether AWS takes the request without a signature, or its path has a token that CloudFormation has given out."""
    if path == "/_ministack/health":
        return method == "GET"
    if _CAPABILITY_PATH.fullmatch(path):
        return method == "PUT"
    if _SIGN_IN_PATH.fullmatch(path):
        return True
    return path == "/" and method == "GET" and _is_sns_link(headers, parse_qs(query))


def unsigned_operation(method: str, path: str, headers: Headers) -> tuple[str, str] | None:
    """The service and operation of a call whose service takes some operations unsigned; None for other calls."""
    targets = values(headers, "x-amz-target")
    if (method, path) != ("POST", "/") or len(targets) != 1:
        return None
    prefix, _, operation = targets[0].partition(".")
    service = UNSIGNED_SERVICES.get(prefix)
    return (service, operation) if service else None


def _is_sns_link(headers: Headers, query: Mapping[str, list[str]]) -> bool:
    """Whether it is a link of a subscription's message; a header must not lead it to another service."""
    actions = query.get("Action", [])
    return len(actions) == 1 and actions[0] in _SNS_LINKS and "Token" in query and not values(headers, "x-amz-target")
