"""Headers of a request, and of the parts of a form, checked before anything is sent; templates are left to the run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from pydantic import AfterValidator

from awsit.actions.params import Scalar
from awsit.errors import ActionError
from awsit.expressions.templates.segments import holds_template
from awsit.http.validation import check_header_name, check_header_value
from awsit.validation.errors import Finding, findings

_OF_THE_PART = {"content-disposition": "name", "content-type": "content_type"}


def _headers(value: Mapping[str, Any]) -> Mapping[str, Any]:
    return _without(value, _wrong_headers(value))


def _part_headers(value: Mapping[str, Any]) -> Mapping[str, Any]:
    apart = [_given_apart(name) for name in value if name.lower() in _OF_THE_PART]
    return _without(value, [*apart, *_wrong_headers(value)])


def _without(value: Mapping[str, Any], wrong: Sequence[Finding]) -> Mapping[str, Any]:
    """The value, if nothing in it is wrong."""
    if wrong:
        raise findings(wrong)
    return value


def _wrong_headers(headers: Mapping[str, Any]) -> list[Finding]:
    return [finding for name, value in headers.items() for finding in _wrong(name, value)]


def _wrong(name: str, value: Any) -> Iterator[Finding]:
    try:
        if not holds_template(name):
            check_header_name(name)
    except ActionError as error:
        yield Finding(error.message, (name,), error.hint, code="invalid_key")
    try:
        if isinstance(value, str) and not holds_template(value):
            check_header_value(name, value)
    except ActionError as error:
        yield Finding(error.message, (name,), error.hint)


def _given_apart(name: str) -> Finding:
    hint = f"give it as `{_OF_THE_PART[name.lower()]}` of the part"
    return Finding(f"the part has the header {name} in `headers`", (name,), hint, code="invalid_key")


def _content_type(value: str) -> str:
    try:
        if not holds_template(value):
            check_header_value("Content-Type", value)
    except ActionError as error:
        raise findings([Finding(error.message, hint=error.hint)]) from None
    return value


Headers = Annotated[dict[str, Scalar], AfterValidator(_headers)]
PartHeaders = Annotated[dict[str, Scalar], AfterValidator(_part_headers)]
ContentType = Annotated[str, AfterValidator(_content_type)]
