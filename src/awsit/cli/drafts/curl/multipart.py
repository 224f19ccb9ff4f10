"""A multipart form as curl writes it (RFC 7578)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath

from awsit.cli.drafts.curl.data import file_text
from awsit.cli.drafts.curl.options import Options
from awsit.cli.drafts.curl.words.variables import shown
from awsit.errors import UsageError

BOUNDARY = "awsit-form-boundary"
_VALUE = re.compile(r'\s*"(?P<quoted>(?:[^"\\]|\\.)*)"[^;]*|(?P<plain>[^;]*)', re.DOTALL)
_SETTING = re.compile(
    r";\s*(?:(?P<key>type|filename|headers|encoder)=(?:\"(?P<quoted>(?:[^\"\\]|\\.)*)\"[^;]*"
    r"|(?P<plain>(?:[^;]|;(?!\s*(?:type|filename|headers|encoder)=))*))|[^;]*)",
    re.DOTALL,
)
_TYPES = {
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


@dataclass(frozen=True, slots=True)
class FormPart:
    """One field of the form."""

    name: str
    content: str
    file_name: str | None = None
    content_type: str | None = None

    def __str__(self) -> str:
        """The part as it stands between two boundaries."""
        name = f'; name="{_escaped(self.name)}"' if self.name else ""
        file_name = "" if self.file_name is None else f'; filename="{_escaped(self.file_name)}"'
        content_type = f"\r\nContent-Type: {self.content_type}" if self.content_type else ""
        return f"Content-Disposition: form-data{name}{file_name}{content_type}\r\n\r\n{self.content}\r\n"


def parts_of(options: Options) -> list[FormPart]:
    """The fields of `-F` and `--form-string`. Raises NotFoundError and UsageError."""
    return [
        _part(value) if option == "form" else FormPart(*_named(value))
        for option, value in options.values
        if option in {"form", "form-string"}
    ]


def body_of(parts: list[FormPart]) -> str:
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
    settings = {each["key"]: _unquoted(each) for each in _SETTING.finditer(rest) if each["key"]}
    if settings.keys() & {"headers", "encoder"}:
        raise _unsaid(name, "headers or an encoding of its own")
    if not sign:
        return FormPart(name, content, settings.get("filename"), settings.get("type"))
    if "," in (found["plain"] or ""):
        raise _unsaid(name, "several files")
    if sign == "<":
        return FormPart(name, file_text(content), settings.get("filename"), settings.get("type"))
    path = PurePath(content)
    guessed = _TYPES.get(path.suffix.lower(), "application/octet-stream")
    return FormPart(name, file_text(content), settings.get("filename", path.name), settings.get("type", guessed))


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
