"""The params of `mock`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator

from awsit.actions.params import Number, Params, Pattern
from awsit.errors import ActionError
from awsit.expressions.templates.segments import holds_template
from awsit.http.validation import check_header
from awsit.patterns import lazy_pattern
from awsit.validation.errors import Finding, findings, refusal

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
"""The methods that a mock answers."""
MOST_ROUTES = 100
LONGEST_DELAY = 60
_NO_BODY = frozenset({204, 304})
"""RFC 9110, section 6.4.1: responses with these statuses have no content."""
_SEGMENT = lazy_pattern(r"[^{}]*|\{[A-Za-z_][A-Za-z0-9_]*\+?\}")


def _method(value: str) -> str:
    if not holds_template(value) and value not in METHODS:
        raise refusal(f"must be one of {', '.join(METHODS)}, not {value!r}", "leave it out for any method")
    return value


def _path(value: str) -> str:
    if holds_template(value):
        return value
    if not value.startswith("/"):
        raise refusal(f"must begin with a slash, as {value!r} does not", f"write `/{value}`")
    if "?" in value or "#" in value:
        raise refusal("must be a path alone", 'say what the query must be under `match`: `match: {query: {page: "2"}}`')
    *before, last = value[1:].split("/")
    names = [each.strip("{+}") for each in (*before, last) if each.startswith("{")]
    if not all(map(_SEGMENT.fullmatch, (*before, last))):
        raise refusal("must name a part in braces as a whole, between slashes", "for example `/orders/{id}/items`")
    if any(each.endswith("+}") for each in before):
        raise refusal("must have a part for all the rest at its end", "for example `/files/{rest+}`")
    if twice := [name for name in names if names.count(name) > 1]:
        raise refusal(f"names two parts `{twice[0]}`", "give each part a name of its own")
    return value


def _headers(value: Mapping[str, str]) -> Mapping[str, str]:
    wrong = []
    for name, text in value.items():
        try:
            if not holds_template(name) and not holds_template(text):
                check_header(name, text)
        except ActionError as error:
            wrong.append(Finding(error.message, (name,), error.hint))
    if wrong:
        raise findings(wrong)
    return value


class MockResponse(Params):
    """What the mock answers."""

    status: int = Field(default=200, ge=200, le=599, description="Status of the response.")
    headers: Annotated[dict[str, str], AfterValidator(_headers)] = Field(
        default_factory=dict, description="Headers of the response. `Content-Type` follows from the body."
    )
    body: Any = Field(default=None, description="Body of the response: text as it is, any other value as JSON.")
    delay_seconds: Number = Field(
        default=0.0, ge=0, le=LONGEST_DELAY, description="How long the mock waits before it answers."
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.status in _NO_BODY and self.body is not None:
            raise ValueError(f"a response of status {self.status} has no `body`")
        return self


class MockRoute(MockResponse):
    """A call that the mock knows, and what it answers: the one response that is written here, or `responses`."""

    method: Annotated[str, AfterValidator(_method)] | None = Field(
        default=None, description="Method of the call; by default any."
    )
    path: Annotated[str, AfterValidator(_path)] = Field(
        description="Path of the call. `{name}` stands for any one part, `{name+}` at its end for all the rest.",
        examples=["/orders/{id}"],
    )
    match: Pattern = Field(
        default_factory=dict,
        description="A partial document, with markers as in `matches`, that the call must fit. By default any does.",
    )
    responses: list[MockResponse] | None = Field(
        default=None,
        min_length=1,
        max_length=MOST_ROUTES,
        description="Responses in place of one: the first call gets the first, and so on; the last one stays.",
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        written = sorted(self.model_fields_set & MockResponse.model_fields.keys())
        if self.responses is not None and written:
            raise ValueError(f"has `responses`, and `{written[0]}` beside them; write it into one of these")
        return self


class MockParams(Params):
    """Params of `mock`: what it answers. Of several routes that a call fits, the first one answers."""

    routes: list[MockRoute] = Field(
        default_factory=list,
        max_length=MOST_ROUTES,
        description="The calls that it knows; any other is answered by 404.",
    )
    port: int = Field(
        default=0,
        ge=0,
        le=65535,
        description="Port on this machine; by default any that is free. In the account it has no meaning.",
    )
    stop: str | None = Field(
        default=None, min_length=1, description="Name of a mock that is ended: how the mock itself is removed."
    )
