"""The forms in which a secret may turn up in a text: as it is, escaped, percent-encoded, in base64, in a JSONPath."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

from awsit.expressions.jsonpath.literals import quoted
from awsit.model.json import dumps

LEAST = 4
"""Shorter texts are too common in ordinary text to be masked wherever they stand."""
LEAST_LINE, LEAST_CORE = 16, 8
LONGEST = 64 * 1024


def forms(text: str) -> set[str]:
    """The text, its lines if they are long (of a key in PEM), and how JSON, JSONPath, URLs, HTML and base64 write it.

    Base64 is found inside longer base64 too, such as a Basic header: there the part is masked that depends on nothing
    but the secret (RFC 4648, section 4: three bytes become four characters).
    """
    text = text[:LONGEST]
    lines = [line.strip() for line in text.splitlines()] if "\n" in text else []
    all_forms = {text, *(line for line in lines if len(line) >= LEAST_LINE)}
    for each in (text, text.strip()):
        all_forms |= {
            dumps(each)[1:-1],
            quoted(each)[1:-1],
            repr(each)[1:-1],
            html.escape(each),
            *_percent(each),
            *_base64(each),
        }
    return {form for form in all_forms if len(form) >= LEAST}


def _percent(text: str) -> Iterator[str]:
    raw = text.encode(errors="surrogatepass")
    for encoded in (quote(raw, safe=""), quote(raw), quote_plus(raw)):
        yield encoded
        yield re.sub("%[0-9A-F]{2}", lambda code: code[0].lower(), encoded)


def _base64(text: str) -> Iterator[str]:
    raw = text.encode(errors="surrogatepass")
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        yield encode(raw).decode().rstrip("=")
        for before in range(3):
            core = _core(encode(b"\0" * before + raw).decode().rstrip("="), before, len(raw))
            if len(core) >= LEAST_CORE:
                yield core
                yield from {quote(core, safe="")} - {core}


def _core(encoded: str, before: int, length: int) -> str:
    """The characters that hold bits of the secret alone, where `before` other bytes precede it."""
    first = -(-before * 8 // 6)
    last = (before + length) * 8 // 6
    return encoded[first:last]
