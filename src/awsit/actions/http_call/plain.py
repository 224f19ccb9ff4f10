"""Calls whose params surely fit the model, read without it: pydantic takes long to import and to build its validators.

What is read here has the attributes of `HttpCallParams`, by the same names and with the same values. Rare params and
whatever may be wrong are left to the model, whose words the messages are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from msgspec import Meta, MsgspecError, Struct

from awsit.actions.http_call.headers import wrong_headers
from awsit.errors import ActionError
from awsit.expressions.templates.segments import holds_template
from awsit.http.validation import check_url
from awsit.model.json import Json
from awsit.records import convert

Text = Annotated[str, Meta(pattern=r"\A[^\ud800-\udfff]*\Z")]
"""Text that UTF-8 can hold, which alone pydantic takes."""
Seconds = Annotated[float, Meta(gt=0)]
Status = Annotated[int, Meta(ge=100, le=599)] | Annotated[str, Meta(pattern=r"\A[1-5][xX]{2}\Z")]


class PlainHttpCall(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """As `HttpCallParams`."""

    url: str
    method: Literal["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"] = "GET"
    query: dict[Text, Any] = {}
    headers: dict[Text, Any] = {}
    body: Any = None
    form: dict[Text, Any] | None = None
    body_base64: None = None
    multipart: None = None
    auth: None = None
    cookies: Literal["keep"] | None = None
    client_certificate: None = None
    timeout_seconds: Seconds | None = None
    connect_timeout_seconds: Seconds = 5.0
    follow_redirects: bool = True
    keep_method: bool = False
    path_as_is: bool = False
    verify_tls: bool = True
    expected_status: Status | Annotated[list[Status], Meta(min_length=1)] | None = None
    contract: Annotated[str, Meta(pattern=r"\A\s*[^\s\ud800-\udfff][^\ud800-\udfff]*\Z")] | None = None
    contract_server: None = None
    max_response_bytes: Annotated[int, Meta(ge=1, le=64 * 1024 * 1024)] = 6 * 1024 * 1024


def plain_http_call(params: Mapping[str, Json], *, rendered: bool) -> PlainHttpCall | None:
    """The params, if they surely fit `HttpCallParams`; None where only the model can tell.

    Unless they are `rendered`, the URL may hold templates.
    """
    try:
        call = convert(params, PlainHttpCall)
        if rendered or not holds_template(call.url):
            check_url(call.url.strip())
    except (MsgspecError, ActionError, ValueError):  # of halves of surrogate pairs
        return None
    return call if _is_right(call) else None


def _is_right(call: PlainHttpCall) -> bool:
    """Whether the params fit one another, and their values the model."""
    if (call.body is not None and call.form is not None) or (call.cookies and _has_cookies(call.headers)):
        return False
    if (call.query or call.form) and not all(map(_is_field, (*call.query.values(), *(call.form or {}).values()))):
        return False
    return not call.headers or (all(map(_is_scalar, call.headers.values())) and not wrong_headers(call.headers))


def _has_cookies(headers: Iterable[str]) -> bool:
    return any(name.lower() == "cookie" for name in headers)


def _is_field(value: Json) -> bool:
    """Whether it is a value of a query or form: a single one, or a list of some."""
    return all(map(_is_scalar, value)) if isinstance(value, list) else _is_scalar(value)


def _is_scalar(value: Json) -> bool:
    return value is None or isinstance(value, str | int | float | Decimal)
