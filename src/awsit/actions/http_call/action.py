"""`http_call`: one HTTP request, checked by its status."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING

import awsit
from awsit.actions.http_call.auth.headers import authenticate, how_to_allow, shown_headers
from awsit.actions.http_call.body import EncodedBody, decode_body, encode_body
from awsit.actions.http_call.cookies import keeps, set_by, with_cookies
from awsit.actions.http_call.encoding import encode_query, host_names
from awsit.actions.http_call.forecast import required_permissions, summary_of, uses_aws
from awsit.actions.http_call.headers import header_texts, trace_besides
from awsit.actions.http_call.plain import plain_http_call
from awsit.actions.http_call.statuses import is_expected, retry_after, status_text
from awsit.errors import ActionError, Effect, ErrorKind
from awsit.http.urls import normalized
from awsit.http.validation import check_url, shown_url
from awsit.model.action.call import ActionContext, ActionResult
from awsit.model.action.protocol import PlannedParams, Summary
from awsit.model.http import HttpRequest, HttpResponse
from awsit.model.json import Json, dumps
from awsit.model.permissions import AwsLocation, RequiredPermissions
from awsit.model.ports import Aws
from awsit.model.text.secret_names import is_secret_name
from awsit.records import replace

if TYPE_CHECKING:
    from awsit.actions.http_call.contract.check import Contract
    from awsit.actions.http_call.params import HttpCallParams
    from awsit.actions.http_call.plain import PlainHttpCall

    Call = HttpCallParams | PlainHttpCall
    Model = type[HttpCallParams]

_READS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_SAFE = _READS | {"PUT", "DELETE"}
_SHOWN_CHARACTERS = 300


class HttpCallAction:
    """Send one HTTP request; an unexpected status is a failed check."""

    type = "http_call"
    resource_kind = "host"
    limit_kind = "http"
    carries_trace = True
    not_found_means_gone = True
    """An error of this kind comes from AWS, when the request is signed. A status 404 is none, and proves nothing."""

    @property
    def params_model(self) -> Model:
        """The model of its params."""
        from awsit.actions.http_call.params import HttpCallParams  # slow to import: most calls are plain

        return HttpCallParams

    def plain_params(self, params: PlannedParams, *, rendered: bool) -> PlainHttpCall | None:
        """The params of most calls, read without the model."""
        return plain_http_call(params, rendered=rendered)

    def execute(self, params: Call, context_data: ActionContext) -> ActionResult:
        """Send the request and read the response.

        Result: `{status, headers, body, elapsed_ms}`, header names in lower case, the body parsed when it is JSON;
        `{cookies}` too when the response sets any.
        Raises ActionError of kind timeout, connection or validation, with the result as far as it had come.
        """
        contract = _contract(params, context_data)
        sent_body = encode_body(params, context_data.files)
        unsigned = build_request(params, sent_body, context_data)
        authenticated = authenticate(unsigned, params.auth, context_data.aws)
        prepared = with_cookies(authenticated, params.cookies, context_data.kept)
        try:
            request, response = _exchange(prepared, params, context_data)
        except ActionError as error:
            error.request = _shown(prepared, sent_body)
            raise
        body = decode_body(response)
        result = _result(response, body)
        kept = keeps(request, response, context_data.kept.own)
        done = ActionResult(result, _shown(request, sent_body), keeps=kept, effect=_effect(response))
        if contract:
            checked = contract.check(response.method or request.method, response)
            place = "params.url" if params.contract is None else "params.contract"
            checks = tuple(replace(check, source=place) for check in checked.results)
            done = replace(done, checks=checks, contract_call=checked.call)
        if is_expected(response.status, params.expected_status):
            return done
        return replace(
            done,
            failure=_failure(request, response, params.expected_status, body) + how_to_allow(params.auth, response),
            failure_code=str(response.status),
            retry_after_seconds=retry_after(response.headers.get("retry-after", ""), context_data.clock.wall()),
        )

    def is_safe_to_repeat(self, params: Call) -> bool:
        """Whether the method is idempotent (RFC 9110, section 9.2.2)."""
        return params.method.strip().upper() in _SAFE

    def only_reads(self, params: Call) -> bool:
        """Whether the method is safe (RFC 9110, section 9.2.1)."""
        return params.method.strip().upper() in _READS

    def limited_names(self, params: PlannedParams) -> tuple[str, ...]:
        """The host that the request is sent to, with its port where the URL has one, and without."""
        return host_names(str(params.get("url", "")))

    def get_ready(self, aws: Aws) -> None:
        """Nothing: connections are made within a turn."""

    def uses_aws(self, params: PlannedParams) -> bool:
        """Only to sign a request, or to sign in to Cognito."""
        return uses_aws(params)

    def permissions(self, params: PlannedParams, location: AwsLocation) -> RequiredPermissions:
        """The permissions of a signed request; one without a signature needs none."""
        return required_permissions(params, location)

    def named_files(self, params: PlannedParams) -> Iterator[tuple[str, Json]]:
        """The files of `multipart` and `client_certificate`."""
        if "multipart" in params:
            from awsit.actions.http_call import multipart

            yield from multipart.named_files(params["multipart"])
        if "client_certificate" in params:
            from awsit.actions.http_call import client_certificate

            yield from client_certificate.named_files(params["client_certificate"])

    def contract(self, params: PlannedParams) -> Json:
        """The OpenAPI document that the response is held to."""
        return params.get("contract")

    def summary(self, params: PlannedParams) -> Summary:
        """Method and URL; the resource is the host."""
        return summary_of(params)


ACTION = HttpCallAction()


def _shown(request: HttpRequest, body: EncodedBody) -> Json:
    """A request as reports show it."""
    headers = shown_headers(request.headers)
    return {"method": request.method, "url": request.url, "headers": headers, "body": body.shown}


def _exchange(request: HttpRequest, params: Call, context_data: ActionContext) -> tuple[HttpRequest, HttpResponse]:
    """The request as it was sent, and its response. Raises ActionError, with the result as far as it had come."""
    try:
        besides = trace_besides(params.headers, context_data.trace_headers)
        if params.auth and (params.auth.oauth2 or params.auth.cognito):
            from awsit.actions.http_call.auth.givers import giver_of  # few calls need them
            from awsit.actions.http_call.auth.sending import send_with_token

            giver = giver_of(params.auth, request)
            return send_with_token(request, giver, replace(context_data, trace_headers=besides))
        return request, context_data.http.send(replace(request, headers={**request.headers, **besides}))
    except ActionError as error:
        from awsit.http.errors import InterruptedResponse  # brings urllib3, which checks of a call do without

        if isinstance(error, InterruptedResponse):
            error.result = _result(error.partial, decode_body(error.partial))
        raise


def _contract(params: Call, context_data: ActionContext) -> Contract | None:
    """The OpenAPI document of the action, else of the scenario, ready to check. Raises ActionError."""
    own = params.contract
    name = context_data.contract if own is None else own
    if not name:
        return None
    try:
        from awsit.actions.http_call.contract.check import load  # brings openapi-core, which is slow to import
    except ImportError as error:
        raise ActionError(
            f"`contract` needs a library that is not installed: {error.name}",
            kind=ErrorKind.VALIDATION,
            hint="install awsit with its extra, the way you installed it, such as pip install 'awsit[contracts]'",
        ) from error
    return load(name, context_data.files.read, params.contract_server, is_own=own is not None)


def _effect(response: HttpResponse) -> Effect:
    """What the request did. Only 307 and 308 say that it was not carried out where it was sent to first (RFC 9110)."""
    effect = Effect.of_status(response.status)
    if effect is not Effect.NONE:
        return effect
    is_moved = set(response.redirects) <= {HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT}
    return effect if is_moved else Effect.UNKNOWN


def _result(response: HttpResponse, body: Json) -> Json:
    result: dict[str, Json] = {
        "status": response.status,
        "headers": dict(response.headers),
        "body": body,
        "elapsed_ms": round(response.elapsed_seconds * 1000),
    }
    if cookies := set_by(response):
        result["cookies"] = cookies
    return result


def build_request(params: Call, body: EncodedBody, context_data: ActionContext) -> HttpRequest:
    """The request that `params` describe, without authentication. Raises ActionError of kind validation."""
    headers = header_texts(params.headers)
    header_names = {name.lower() for name in params.headers}  # one that is null is left out, and gets no default either
    if body.content_type and "content-type" not in header_names:
        headers["Content-Type"] = body.content_type
    if "user-agent" not in header_names:
        headers["User-Agent"] = f"awsit/{awsit.__version__}"
    certificate = params.client_certificate
    allowed = context_data.allowed_seconds or context_data.timeout_seconds
    allowed = min(params.timeout_seconds or allowed, allowed)
    timeout = min(allowed, context_data.timeout_seconds)
    return HttpRequest(
        method=params.method.strip().upper(),
        url=_url(params),
        headers=headers,
        body=body.content,
        timeout_seconds=timeout,
        connect_timeout_seconds=min(params.connect_timeout_seconds, timeout),
        follow_redirects=params.follow_redirects,
        verify=params.verify_tls,
        max_response_bytes=params.max_response_bytes,
        is_secret=lambda name, value: is_secret_name(name) or context_data.is_secret(value),
        keep_method=params.keep_method,
        path_as_is=params.path_as_is,
        client_certificate=certificate.read(context_data.files) if certificate else None,
        allowed_seconds=allowed,
    )


def _url(params: Call) -> str:
    """The URL in the form that is signed and sent. Raises ActionError for one that cannot be called."""
    url = _with_query(params)
    check_url(url)
    return normalized(url, path_as_is=params.path_as_is)


def _with_query(params: Call) -> str:
    url = params.url.strip()
    added = encode_query(params.query) if params.query else ""
    if not added:
        return url
    head, _, fragment = url.partition("#")
    joint = "" if head.endswith(("?", "&")) else "&" if "?" in head else "?"
    return f"{head}{joint}{added}" + (f"#{fragment}" if fragment else "")


def _failure(request: HttpRequest, response: HttpResponse, expected: Json, body: Json) -> str:
    wanted = "a status below 400" if expected is None else _listed(expected)
    text = body if isinstance(body, str) else dumps(body)
    start = text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"
    shown = f"; the body: {start}" if body is not None else "; the body is empty"
    called = f"{request.method} {shown_url(request.url)}"
    if response.redirects:
        called += f", redirected ({_listed(list(response.redirects), ', ')}) to {shown_url(response.url)},"
    if expected is not None and any(is_expected(status, expected) for status in response.redirects):
        wanted += ": `follow_redirects: false` takes a redirect itself for the answer"
    return f"{called} answered {status_text(response.status)}, expected {wanted}{shown}"


def _listed(statuses: Json, joint: str = " or ") -> str:
    return joint.join(str(each) for each in statuses) if isinstance(statuses, list) else str(statuses)
