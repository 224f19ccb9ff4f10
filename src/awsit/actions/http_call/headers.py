"""Headers of a request, and of the parts of a form, checked before anything is sent; templates are left to the run."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from awsit.actions.http_call.encoding import scalar_text
from awsit.errors import ActionError
from awsit.expressions.templates.segments import holds_template
from awsit.http.validation import check_header_name, check_header_value
from awsit.model.text.trace import TRACEPARENT, XRAY
from awsit.validation.errors import Finding, findings

_TRACES = frozenset({TRACEPARENT, XRAY.lower()})
_OF_THE_PART = {"content-disposition": "name", "content-type": "content_type"}


def check_headers(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """The headers, if they can be sent. Raises `findings`."""
    return _without(value, wrong_headers(value))


def header_texts(headers: Mapping[str, Any]) -> dict[str, str]:
    """The headers as they are sent; one that is null is left out."""
    return {name: scalar_text(value) for name, value in given_headers(headers) if value is not None}


def given_headers(headers: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Names and values; of names that differ in their case alone, the first, which stands before that of a default.

    Source: RFC 9110, section 5.1 ("Field names are case-insensitive").
    """
    first: dict[str, str] = {}
    for name in headers:
        first.setdefault(name.lower(), name)
    return [(name, headers[name]) for name in first.values()]


def check_part_headers(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """The headers of a part, if they can be sent. Raises `findings`."""
    apart = [_given_apart(name) for name in value if name.lower() in _OF_THE_PART]
    return _without(value, [*apart, *wrong_headers(value)])


def _without(value: Mapping[str, Any], wrong: Sequence[Finding]) -> Mapping[str, Any]:
    """The value, if nothing in it is wrong."""
    if wrong:
        raise findings(wrong)
    return value


def wrong_headers(headers: Mapping[str, Any]) -> list[Finding]:
    """What keeps headers from being sent; a template is left to the run."""
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


def check_content_type(value: str) -> str:
    """The content type, if it can be sent. Raises `findings`."""
    try:
        if not holds_template(value):
            check_header_value("Content-Type", value)
    except ActionError as error:
        raise findings([Finding(error.message, hint=error.hint)]) from None
    return value


def trace_besides(given: Collection[str], trace_headers: Mapping[str, str]) -> Mapping[str, str]:
    """The headers of the trace that a request gets besides those that the scenario gives, which stay.

    A scenario that names a trace, in either header, is in that one alone.
    """
    if not given:
        return trace_headers
    own = {name.lower() for name in given}
    if own & _TRACES:
        own |= _TRACES
    return {name: value for name, value in trace_headers.items() if name.lower() not in own}
