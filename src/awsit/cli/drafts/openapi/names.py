"""The names of headers and cookies that a request can hold, as text of a scenario."""

from __future__ import annotations

from awsit.cli.drafts.openapi.document import UndraftableError
from awsit.errors import ActionError
from awsit.expressions.templates.template import literal
from awsit.http.validation import check_header_name


def header_name(name: str) -> str:
    """The name of a header that a scenario may give. Raises UndraftableError."""
    return _checked(name, "a header")


def cookie_name(name: str) -> str:
    """The name of a cookie, a token as that of a header (RFC 6265, section 4.1.1). Raises UndraftableError."""
    return _checked(name, "a cookie")


def _checked(name: str, kind: str) -> str:
    try:
        check_header_name(name)
    except ActionError as error:
        raise UndraftableError(f"{name!r} is not the name of {kind} that a scenario may give") from error
    return str(literal(name))
