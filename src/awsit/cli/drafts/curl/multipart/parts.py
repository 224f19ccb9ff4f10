"""A multipart form as curl writes it (RFC 7578)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

from msgspec import Struct

from awsit.cli.drafts.curl.data import file_text
from awsit.cli.drafts.curl.options import Options
from awsit.cli.drafts.curl.words.variables import shown
from awsit.errors import UsageError
from awsit.records import replace

MULTIPART = "multipart/form-data"
BOUNDARY = "awsit-form-boundary"
_VALUE = re.compile(r'\s*"(?P<quoted>(?:[^"\\]|\\.)*)"[^;]*|(?P<plain>[^;]*)', re.DOTALL)
_SETTING = re.compile(
    r";\s*(?:(?P<key>type|filename|headers|encoder)=(?:\"(?P<quoted>(?:[^\"\\]|\\.)*)\"[^;]*"
    r"|(?P<plain>(?:[^;]|;(?!\s*(?:type|filename|headers|encoder)=))*))|[^;]*)",
    re.DOTALL,
)
TYPES = {
    ".gif": "image/gif",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".htm": "text/html",
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".xml": "application/xml",
}
"""Content types by the ends of names, as curl knows them."""


class FormPart(Struct, frozen=True):
    """One field of the form. `file` names the file that holds the content; `headers` are lines, `Name: value`."""

    name: str
    content: str
    file_name: str | None = None
    content_type: str | None = None
    file: str | None = None
    headers: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The part as it stands between two boundaries."""
        name = f'; name="{_escaped(self.name)}"' if self.name else ""
        file_name = "" if self.file_name is None else f'; filename="{_escaped(self.file_name)}"'
        content_type = [f"Content-Type: {self.content_type}"] if self.content_type else []
        lines = (f"Content-Disposition: form-data{name}{file_name}", *content_type, *self.headers)
        return "\r\n".join((*lines, "", self.content, ""))


def parts_of(options: Options) -> list[FormPart]:
    """The fields of `-F` and `--form-string`. Raises NotFoundError and UsageError."""
    return [
        _part(value) if option == "form" else FormPart(*_named(value))
        for option, value in options.values
        if option in {"form", "form-string"}
    ]


def body_of(parts: Sequence[FormPart]) -> str:
    """The parts between their boundaries."""
    return "".join(f"--{BOUNDARY}\r\n{part}" for part in parts) + f"--{BOUNDARY}--\r\n"


def _named(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UsageError(f"the form field {shown(text)!r} is not of the form name=value", hint="see -F of curl")
    return name, value


def _part(text: str) -> FormPart:
    name, value = _named(text)
    sign = value[:1] if value[:1] in {"@", "<"} else ""
    found = _VALUE.match(value, len(sign))
    if found is None or value.startswith(("(", "=)")):
        raise _unsaid(name, "parts inside a part")
    content, rest = _unquoted(found), value[found.end() :]
    pairs = [(each["key"], _unquoted(each)) for each in _SETTING.finditer(rest) if each["key"]]
    settings = dict(pairs)
    part = FormPart(name, content, settings.get("filename"), settings.get("type"), headers=_headers(name, pairs))
    if not sign:
        return replace(part, content_type=part.content_type or _guessed(part.file_name or ""))
    if "," in (found["plain"] or ""):
        raise _unsaid(name, "several files")
    if sign == "<":
        return replace(part, content=file_text(content))
    sent_name = PurePath(content).name if part.file_name is None else part.file_name
    guessed = _guessed(sent_name) or _guessed(content) or "application/octet-stream"
    content_type = part.content_type or guessed
    return replace(part, content=file_text(content), file=content, file_name=sent_name, content_type=content_type)


def _guessed(name: str) -> str | None:
    return next((kind for end, kind in TYPES.items() if name.lower().endswith(end)), None)


def _headers(name: str, settings: list[tuple[str, str]]) -> tuple[str, ...]:
    """The `headers=` of a field. Raises UsageError for what is read from a file, and for a coded content."""
    lines = [value for key, value in settings if key == "headers"]
    if any(key == "encoder" for key, _ in settings):
        raise _unsaid(name, "an encoding of its own")
    if any(line[:1] in {"@", "<"} for line in lines):
        raise _unsaid(name, "headers in a file")
    return tuple(lines)


def _unquoted(found: re.Match[str]) -> str:
    if found["quoted"] is not None:
        return re.sub(r'\\(["\\])', r"\1", found["quoted"])
    return found["plain"].strip()


def _escaped(text: str) -> str:
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _unsaid(name: str, what: str) -> UsageError:
    return UsageError(
        f"the form field {shown(name)!r} has {what}, which awsit does not write", hint="leave the field out"
    )
