"""What an `http_call` takes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from awsit.actions.http_call.auth.params import Auth
from awsit.actions.http_call.client_certificate import ClientCertificateParams
from awsit.actions.http_call.cookies import KEEP
from awsit.actions.http_call.encoding import check_absolute
from awsit.actions.http_call.headers import check_headers, given_headers
from awsit.actions.http_call.multipart import Base64, MultipartPart
from awsit.actions.params import SCALAR_SCHEMA, Number, Params, Scalar, VerifyTls, type_name
from awsit.errors import ActionError
from awsit.http.validation import check_method
from awsit.suggestions import close_matches
from awsit.validation.contract import ContractName
from awsit.validation.errors import Finding, findings, refusal

_CLASS = re.compile(r"[1-5]xx", re.IGNORECASE)
_STATUSES = range(100, 600)
"""RFC 9110, section 15."""

_METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH")
_COOKIE_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_NOT_IN_COOKIES = re.compile(r"[;\x00-\x1f\x7f]")


def _method(value: str) -> str:
    """Methods of one's own are allowed, misspelt ones are not."""
    name = value.strip().upper()
    meant = () if name in _METHODS else close_matches(name, _METHODS)
    if meant:
        raise ValueError(f"{value!r} is not an HTTP method; did you mean {' or '.join(meant)}?")
    try:
        check_method(name)
    except ActionError as error:
        raise ValueError(f"must be a method: {error.message}; {error.hint}") from None
    return value


def _cookies(value: Mapping[str, Any] | str) -> Mapping[str, Any] | str:
    if isinstance(value, str):
        if value != KEEP:
            raise ValueError(f"takes `keep`, or names with their values, not {value!r}")
        return value
    for name, each in value.items():
        if _COOKIE_NAME.fullmatch(name) is None or (isinstance(each, str) and _NOT_IN_COOKIES.search(each)):
            raise ValueError(
                f"cannot hold the cookie {name!r}: a name is a token, a value has no semicolon or line break"
            )
    return value


def _query_value(value: Any) -> Any:
    values = value if isinstance(value, list) else [value]
    if nested := [each for each in values if isinstance(each, dict | list)]:
        raise ValueError(f"must be a single value or a list of single values, not {type_name(nested[0])}")
    return value


def _status(value: Any) -> Any:
    if value == []:
        raise refusal("is an empty list, which no status fits", "leave it out for any status below 400")
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, str) and _CLASS.fullmatch(each):
            continue
        if isinstance(each, bool) or not isinstance(each, int) or each not in _STATUSES:
            message = f"must be a status such as 201, a class such as 2xx, or a list of them, not {each!r}"
            raise refusal(message, _status_hint(each))
    return value


def _status_hint(value: Any) -> str:
    """How to write what was perhaps meant: the number of `"200"`, `OK` or `Not Found`."""
    text = str(value).strip()
    named = HTTPStatus.__members__.get(re.sub(r"[\s-]+", "_", text).upper())
    if named:
        return f"write {named:d}"
    return "write it without quotes" if isinstance(value, str) and text.isdigit() else ""


_STATUS_SCHEMA = {
    "anyOf": [
        {"type": "integer", "minimum": 100, "maximum": 599},
        {"type": "string", "pattern": "^[1-5][xX][xX]$"},
    ]
}
Headers = Annotated[dict[str, Scalar], AfterValidator(check_headers)]
QueryValue = Annotated[
    Any,
    AfterValidator(_query_value),
    WithJsonSchema({"anyOf": [SCALAR_SCHEMA, {"type": "array", "items": SCALAR_SCHEMA}]}),
]
ExpectedStatus = Annotated[
    Any,
    AfterValidator(_status),
    WithJsonSchema({"anyOf": [*_STATUS_SCHEMA["anyOf"], {"type": "array", "items": _STATUS_SCHEMA, "minItems": 1}]}),
]


class HttpCallParams(Params):
    """Params of `http_call`."""

    url: Annotated[str, AfterValidator(check_absolute)] = Field(
        description="Absolute http or https URL.", examples=["https://api.example.com/orders"]
    )
    method: Annotated[str, AfterValidator(_method)] = Field(
        default="GET", description="HTTP method; lower case is accepted."
    )
    query: dict[str, QueryValue] = Field(
        default_factory=dict,
        description="Query parameters, added to those of the URL. A list repeats the name, null leaves it out.",
    )
    headers: Headers = Field(default_factory=dict, description="Headers; null leaves one out, also a default one.")
    body: Any = Field(
        default=None,
        description="Body: text is sent as it is, anything else as JSON. Null sends no body.",
    )
    form: dict[str, QueryValue] | None = Field(
        default=None, description="Body as form fields (`application/x-www-form-urlencoded`); a list repeats the name."
    )
    body_base64: Base64 | None = Field(default=None, description="Binary body, in base64.")
    multipart: list[MultipartPart] | None = Field(
        default=None,
        min_length=1,
        description="Body as the parts of a form (`multipart/form-data`), in order: values and files.",
    )
    auth: Auth | None = Field(default=None, description="Authentication.")
    cookies: Annotated[dict[str, Scalar] | str, AfterValidator(_cookies)] | None = Field(
        default=None,
        description="Cookies to send, by name; null leaves one out. `keep`: as a browser does, send those that "
        "responses set to earlier calls of the run with `keep`, and keep those that are set now.",
        examples=["keep"],
    )
    client_certificate: ClientCertificateParams | None = Field(
        default=None, description="Certificate that the client shows to a server that asks for one (mutual TLS)."
    )
    timeout_seconds: Number | None = Field(
        default=None, gt=0, description="Seconds for the whole exchange; default and maximum: what the action has."
    )
    connect_timeout_seconds: Number = Field(
        default=5.0, gt=0, description="Seconds to connect, TLS included, and to hand over the request."
    )
    follow_redirects: bool = Field(
        default=True,
        description="Follow up to five redirects, as browsers do: after 301, 302 and 303 a POST becomes a GET. "
        "Headers with secrets are not sent on to another origin.",
    )
    keep_method: bool = Field(default=False, description="Keep method and body over every redirect.")
    path_as_is: bool = Field(
        default=False, description="Send the path with its dot segments (`/a/../b`), which are resolved otherwise."
    )
    verify_tls: VerifyTls = Field(
        default=True,
        description="Check the server's certificate; a path names a file with the CA's certificate (PEM), where the "
        "action runs.",
    )
    expected_status: ExpectedStatus | None = Field(
        default=None,
        description="Status that passes: a number, a class such as `2xx`, or a list of them. Default: any below 400.",
    )
    contract: ContractName = Field(
        default=None,
        description="OpenAPI document that the response is held to: a path relative to the file in which it stands. "
        "Each thing that does not fit the URL's operation is a failed assertion. Default: the `contract` of the "
        "scenario, else of the project; false: none.",
        examples=["openapi.yaml"],
    )
    contract_server: Annotated[str, AfterValidator(check_absolute)] | None = Field(
        default=None,
        description="Base URL of the API, in place of the `servers` of its contract: for an address that differs from "
        "stage to stage. `defaults` give it to every call.",
        examples=["https://test.example.com/v1"],
    )
    max_response_bytes: int = Field(
        default=6 * 1024 * 1024, ge=1, le=64 * 1024 * 1024, description="A larger response body is an error."
    )

    @model_validator(mode="after")
    def _one_body(self) -> Self:
        if sum(body is not None for body in (self.body, self.form, self.body_base64, self.multipart)) > 1:
            raise ValueError("only one of `body`, `form`, `body_base64` and `multipart` can be given")
        return self

    @model_validator(mode="after")
    def _headers_of_others(self) -> Self:
        """Headers that other params bring."""
        if wrong := list(self._given_twice()):
            raise findings(wrong)
        return self

    def _given_twice(self) -> Iterator[Finding]:
        for name in (name for name, value in given_headers(self.headers) if value is not None):
            if name.lower() == "content-type" and self.multipart is not None:
                message = f"the header {name} of a `multipart` body is not the scenario's"
                yield Finding(f"{message}: it holds the boundary of the parts", ("headers", name), "leave it out")
            if name.lower() == "cookie" and self.cookies is not None:
                yield Finding(f"both `cookies` and a {name} header are given", ("headers", name), "leave one out")
