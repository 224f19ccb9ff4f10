"""The forms in which a secret may turn up in a text: as it is, escaped, in another case, in base64, hex, a URL.

Further ones of mails and of programs of Windows: quoted-printable (RFC 2045, section 6.7), base32, UTF-16.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import quote, quote_plus

from awsit.expressions.jsonpath.literals import quoted
from awsit.model.json import dumps

LEAST = 4
"""Shorter texts are too common in ordinary text to be masked wherever they stand."""
LEAST_LINE, LEAST_CORE = 16, 8
LONGEST = 64 * 1024
LONG = 4 * 1024
_REMEMBERED = 128
"""Secrets whose forms are worked out once for all steps; long ones would fill the memory."""
_LEVELS_OF_JSON, _LEVELS_OF_LONG = 3, 1
"""A body may hold JSON that is a text in JSON, and a message shows it as JSON once more."""


def forms(text: str) -> frozenset[str]:
    """The text, its lines if they are long (of a key in PEM), and how JSON, HTML, base64, hex and the like write it.

    Each of them also as JSON escapes it.

    A text of eight characters or more also in upper and in lower case, as headers and logs may write it.

    Base64 is found inside longer base64 too, such as a Basic header: there the part is masked that depends on nothing
    but the secret (RFC 4648, section 4: three bytes become four characters). So is base32 (section 6: five become
    eight).
    """
    return _forms(text) if len(text) <= LONG else _forms.__wrapped__(text[:LONGEST])


def forget() -> None:
    """Forget the secrets whose forms were worked out."""
    _forms.cache_clear()


@lru_cache(maxsize=_REMEMBERED)
def _forms(text: str) -> frozenset[str]:
    import html  # both are slow to import, and many runs have no secrets
    import json

    lines = [line.strip() for line in text.splitlines()] if "\n" in text else []
    all_forms = {text, *(line for line in lines if len(line) >= LEAST_LINE)}
    for each in {text, text.strip()}:
        all_forms |= {
            json.dumps(each)[1:-1],
            quoted(each)[1:-1],
            repr(each)[1:-1],
            html.escape(each),
            *_percent(each),
            *_base64(each.encode(errors="surrogatepass")),
            *_base32(each.encode(errors="surrogatepass")),
            *_utf_16_in_base64(each),
            *_quoted_printable(each),
            *_in_other_cases(each),
        }
    for _ in range(_LEVELS_OF_JSON if len(text) <= LONG else _LEVELS_OF_LONG):
        all_forms |= {dumps(form)[1:-1] for form in all_forms}
    if text.isascii():
        all_forms.add("\0".join(text))  # in UTF-16, each second byte is nothing; escaped, `DecodedText` finds it
    return frozenset(form for form in all_forms if len(form) >= LEAST)


def _percent(text: str) -> Iterator[str]:
    """As programs write it in a URL; `DecodedText` finds any other way."""
    raw = text.encode(errors="surrogatepass")
    for encoded in (quote(raw, safe=""), quote(raw), quote_plus(raw)):
        yield encoded
        yield re.sub("%[0-9A-F]{2}", lambda code: code[0].lower(), encoded)


def _in_other_cases(text: str) -> Iterator[str]:
    raw = text.encode(errors="surrogatepass")
    if len(raw) >= LEAST_CORE:
        yield from (text.upper(), text.lower(), raw.hex(), raw.hex().upper())


def _base64(raw: bytes) -> Iterator[str]:
    yield base64.b64encode(raw).decode().rstrip("=")
    yield base64.urlsafe_b64encode(raw).decode().rstrip("=")
    yield from _inside_base64(raw)


def _inside_base64(raw: bytes) -> Iterator[str]:
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for before in range(3):
            core = _core(encode(b"\0" * before + raw), before, len(raw), 6)
            if len(core) >= LEAST_CORE:
                yield core
                yield from {quote(core, safe="")} - {core}


def _base32(raw: bytes) -> Iterator[str]:
    yield base64.b32encode(raw).decode().rstrip("=")
    for before in range(5):
        core = _core(base64.b32encode(b"\0" * before + raw), before, len(raw), 5)
        if len(core) >= LEAST_CORE:
            yield core


def _core(encoded: bytes, before: int, length: int, bits: int) -> str:
    """The characters, of so many bits, that hold bits of the secret alone, where `before` other bytes precede it."""
    first = -(-before * 8 // bits)
    last = (before + length) * 8 // bits
    return encoded[first:last].decode()


def _utf_16_in_base64(text: str) -> Iterator[str]:
    """Of both byte orders, where `in_base64` does not find it: in a short run, or without ASCII around it."""
    if len(text) < LEAST_CORE or not text.isascii():
        yield from _inside_base64(text.encode("utf-16-le", "surrogatepass"))
        yield from _inside_base64(text.encode("utf-16-be", "surrogatepass"))


def _quoted_printable(text: str) -> Iterator[str]:
    """As mails write it, blanks and ends of lines as they are or encoded; `Redactor` looks beyond soft line breaks."""
    characters = text.encode(errors="surrogatepass").decode("latin-1")  # one for each byte
    for kept in ("", "\n", r" \t", r" \t\n"):
        yield re.sub(rf"[^!-<>-~{kept}]", lambda byte: f"={ord(byte[0]):02X}", characters)
