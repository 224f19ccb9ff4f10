"""What `plan` says of an `http_call`: its method and URL, and the IAM permissions of a request that is signed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from awsit.actions.arns import arn_pattern
from awsit.expressions.values import as_text
from awsit.http.validation import shown_url
from awsit.model.action.protocol import PlannedParams, Summary
from awsit.model.json import Json
from awsit.model.permissions import ANY, AwsLocation, Permission, RequiredPermissions
from awsit.patterns import lazy_pattern
from awsit.records import replace

IAM_ACTIONS: Mapping[str, tuple[str, ...]] = {
    "execute-api": ("execute-api:Invoke",),
    # a function URL asks for both ("Control access to Lambda function URLs", Lambda developer guide)
    "lambda": ("lambda:InvokeFunctionUrl", "lambda:InvokeFunction"),
}
"""The IAM actions of a request that is signed for a service.

Source: Service Authorization Reference, list_amazonapigateway.html and list_awslambda.html.
"""

_API_HOST = lazy_pattern(r"(?P<api>[a-z0-9]+)\.execute-api\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?")
_AUTHORITY = lazy_pattern(r"(?:[A-Za-z][A-Za-z0-9+.-]*://)?((?:\{\{.*?\}\}|<[^<>]*>|[^/?#{<])+)", re.DOTALL)
"""The host and port that a URL begins with, or the template or `<stack.Output>` that stands for its beginning."""


def required_permissions(params: PlannedParams, location: AwsLocation) -> RequiredPermissions:
    """The permissions of the service that the request is signed for; one without a signature needs none."""
    auth = params.get("auth")
    signature = auth.get("sigv4") if isinstance(auth, Mapping) else None
    if not isinstance(signature, Mapping):
        return RequiredPermissions()
    service = str(signature.get("service", "execute-api"))
    if service not in IAM_ACTIONS:
        unknown = f"an `http_call` is signed for {service}, whose IAM action its URL does not tell"
        return RequiredPermissions(unknown=unknown)
    region = arn_pattern(str(signature.get("region") or location.region))
    arn = _api_arn(params, region, location) if service == "execute-api" else _any_function(region, location)
    return RequiredPermissions(tuple(Permission(action, arn) for action in IAM_ACTIONS[service]))


def permissions_of_websocket(url: str, auth: Json, location: AwsLocation) -> RequiredPermissions:
    """The permissions to open a WebSocket; one that is not signed needs none.

    Its ARN is `API/STAGE/ROUTE` (Amazon API Gateway developer guide, "Control access to WebSocket APIs with IAM
    authorization").
    """
    needed = required_permissions({"url": url, "auth": auth}, location)
    return replace(
        needed, permissions=tuple(replace(each, resource=_of_route(each.resource)) for each in needed.permissions)
    )


def _of_route(arn: str) -> str:
    return f"{arn.removesuffix('/GET/*')}/$connect" if ":execute-api:" in arn else arn


def uses_aws(params: PlannedParams) -> bool:
    """Whether `auth` is by AWS: a signature, or a user of Cognito."""
    auth = params.get("auth")
    return isinstance(auth, Mapping) and any(auth.get(way) is not None for way in ("sigv4", "cognito"))


def summary_of(params: PlannedParams) -> Summary:
    """Method and URL, without its query, which may hold a token; the resource is the host."""
    url = as_text(params.get("url"))
    method = as_text(params.get("method", "GET")).upper()
    return Summary(f"{method} {shown_url(url)}{_token_words(params)}", host_of(url), others=token_givers(params))


def token_givers(params: PlannedParams) -> tuple[tuple[str, str], ...]:
    """What gives the token of `auth`, as kind and name: the host of `oauth2`, or the app client of `cognito`."""
    auth = params.get("auth")
    oauth2, cognito = (auth.get("oauth2"), auth.get("cognito")) if isinstance(auth, Mapping) else (None, None)
    if isinstance(oauth2, Mapping):
        return (("host", host_of(as_text(oauth2.get("token_url")))),)
    return (("app client", as_text(cognito.get("client"))),) if isinstance(cognito, Mapping) else ()


def host_of(url: str) -> str:
    """Host and port of a URL, or the template that stands for them."""
    authority = _AUTHORITY.match(url)
    return authority[1] if authority else url


def _token_words(params: PlannedParams) -> str:
    """Where the token of `oauth2` comes from; empty without."""
    auth = params.get("auth")
    oauth2 = auth.get("oauth2") if isinstance(auth, Mapping) else None
    return f", with a token of {shown_url(as_text(oauth2.get('token_url')))}" if isinstance(oauth2, Mapping) else ""


def _any_function(region: str, location: AwsLocation) -> str:
    """All functions: a function URL does not tell which function it belongs to."""
    return AwsLocation(location.partition, region, location.account).arn("lambda", "function:*")


def _api_arn(params: PlannedParams, region: str, location: AwsLocation) -> str:
    """The ARN `API/STAGE/METHOD/PATH`, with `*` for stage and path: the stage need not be the path's first part."""
    method = arn_pattern(str(params.get("method", "GET"))).upper()
    host = _API_HOST.fullmatch(_host(str(params.get("url", ""))))
    api, region = (host["api"], host["region"]) if host else (ANY, region)
    return AwsLocation(location.partition, region, location.account).arn("execute-api", f"{api}/*/{method}/*")


def _host(url: str) -> str:
    """The host of a URL, with `*` for what is not known; empty when it has none."""
    try:
        return urlsplit(arn_pattern(url)).hostname or ""
    except ValueError:
        return ""
