"""URLs of APIs: which API or function URL answers a request, and which of the API's routes.

Sources: Amazon API Gateway developer guide, "Invoke REST APIs" and "Develop routes for HTTP APIs"; AWS Lambda developer
guide, "Creating and managing Lambda function URLs".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import unquote, urlsplit

from msgspec import Struct

_API_HOST = re.compile(r"(?P<id>[a-z0-9]+)(?:-vpce-[a-z0-9-]+)?\.execute-api\.[a-z0-9.-]+")
_URL_HOST = re.compile(r"(?P<id>[a-z0-9]+)\.lambda-url\.[a-z0-9.-]+")
_EMULATED = re.compile(
    r"^/(?:restapis/(?P<rest>[\w-]+)/(?P<stage>[^/]+)/_user_request_|_aws/execute-api/(?P<api>[\w-]+)/(?P<other>[^/]+))"
    r"(?P<path>/.*)?$"
)
"""The paths by which an emulated AWS answers for an API: the host is its own."""

ANY_METHOD = "ANY"
DEFAULT_ROUTE = "$default"


class ApiAddress(Struct, frozen=True):
    """The API or the function URL of a host. `paths` are what the path may be below the stage, the likeliest first.

    `host` is set alone where the URL names no ID: it may be a custom domain.
    """

    host: str
    api_id: str = ""
    is_function_url: bool = False
    paths: tuple[str, ...] = ()


class ApiRoute(Struct, frozen=True):
    """A route, and the name or ARN of the function that answers it."""

    method: str
    path: str
    function: str


def address_of(url: str) -> ApiAddress:
    """The address that a URL names."""
    try:
        parts = urlsplit(url)
        host, path = parts.hostname or "", unquote(parts.path) or "/"
    except ValueError:
        return ApiAddress("")
    emulated = _EMULATED.match(path)
    if emulated:
        return ApiAddress(host, emulated["rest"] or emulated["api"], paths=(emulated["path"] or "/",))
    api, function_url = _API_HOST.fullmatch(host), _URL_HOST.fullmatch(host)
    if api:
        return ApiAddress(host, api["id"], paths=(_below_stage(path), path))
    if function_url:
        return ApiAddress(host, function_url["id"], is_function_url=True, paths=(path,))
    return ApiAddress(host, paths=(path, _below_stage(path)))


def functions_of(routes: Sequence[ApiRoute], method: str, paths: Iterable[str]) -> list[str]:
    """The functions of the route that answers a request; those of all routes where none does."""
    for path in paths:
        fitting = [route for route in routes if _fits(route, method.upper(), path)]
        if fitting:
            return [min(fitting, key=_unspecific).function]
    default = [route.function for route in routes if route.path == DEFAULT_ROUTE]
    return list(dict.fromkeys(default or [route.function for route in routes]))


def _below_stage(path: str) -> str:
    return "/" + path.lstrip("/").partition("/")[2]


def _fits(route: ApiRoute, method: str, path: str) -> bool:
    if route.path == DEFAULT_ROUTE or route.method not in {method, ANY_METHOD}:
        return False
    return re.fullmatch(_pattern(route.path), path.rstrip("/") or "/") is not None


def _pattern(template: str) -> str:
    """The paths of a route: `{id}` is one segment, `{proxy+}` the rest of the path."""
    parts = re.split(r"(\{[^}]*\})", template.rstrip("/") or "/")
    return "".join(
        (".+" if part.endswith("+}") else "[^/]+") if part.startswith("{") else re.escape(part) for part in parts
    )


def _unspecific(route: ApiRoute) -> tuple[int, int, bool]:
    """API Gateway takes the most specific route: full match, then greedy variables, then any method."""
    return route.path.count("+}"), route.path.count("{"), route.method == ANY_METHOD
