"""Texts that are made up: for a format, a length or a regular expression."""

from __future__ import annotations

from collections.abc import Iterator

from awsit.cli.drafts.openapi.document import UndraftableError
from awsit.cli.drafts.openapi.schema.merging import Detail
from awsit.cli.drafts.openapi.schema.regex_sample import samples_of
from awsit.cli.drafts.openapi.written import PASSWORD, UUID, sample
from awsit.errors import ExpressionError
from awsit.model.json import Json

LONGEST = 10_000
"""Characters of a text that is made up."""
_FORMATS: dict[str, str] = {
    "uuid": UUID,
    "date-time": "2030-01-01T12:00:00Z",
    "date": "2030-01-01",
    "time": "12:00:00Z",
    "duration": "P1D",
    "email": "someone@example.com",
    "uri": "https://example.com/",
    "url": "https://example.com/",
    "uri-reference": "/example",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "byte": "dGV4dA==",
    "password": PASSWORD,
    "json-pointer": "/example",
    "regex": "a+",
}


def text_of(detail: Detail) -> str:
    """A text that the schema allows. Raises UndraftableError for a pattern that is not understood."""
    least, most = _length(detail.get("minLength"), 0), _length(detail.get("maxLength"), LONGEST)
    if least > LONGEST:
        raise UndraftableError(f"a text of at least {least} characters is too long")
    text = _FORMATS.get(str(detail.get("format")), "text")
    if "pattern" in detail:
        return next(_matching(detail["pattern"], text, least, most))
    if not least <= len(sample(text)) <= most:
        return str(sample(text))[:most].ljust(least, "x")
    return text


def _matching(pattern: str, usual: str, least: int, most: int) -> Iterator[str]:
    """Texts that the pattern finds something in, the usual one first."""
    from awsit.expressions import regex

    try:
        for text in (usual, *samples_of(pattern, least)):
            if least <= len(sample(text)) <= most and regex.found_in(pattern, sample(text)):
                yield text
    except ExpressionError as error:
        raise UndraftableError(f"the pattern {pattern} is not understood: {error.message}") from error
    raise UndraftableError(f"no text was found for the pattern {pattern}")


def _length(value: Json, otherwise: int) -> int:
    return value if isinstance(value, int) else otherwise
