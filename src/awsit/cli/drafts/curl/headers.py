"""The headers that a curl command sends besides those of the connection."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct, field

from awsit.cli.drafts.curl.data import file_text
from awsit.cli.drafts.curl.options import Options
from awsit.cli.drafts.curl.words.variables import has_variable, shown
from awsit.errors import UsageError

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
FORM_TYPE = "application/x-www-form-urlencoded"


class Headers(Struct):
    """Names and values in the order of the command; `removed` holds, in lower case, those that curl is not to add."""

    given: list[tuple[str, str]] = field(default_factory=list)
    removed: set[str] = field(default_factory=set)

    def get(self, name: str) -> str | None:
        """The value of the first header of this name, in any case."""
        return next((value for each, value in self.given if each.lower() == name), None)

    def add(self, name: str, value: str | None) -> None:
        """A header of curl's own, unless the command gives it or takes it away."""
        if value is not None and self.get(name.lower()) is None and name.lower() not in self.removed:
            self.given.append((name, value))

    def replace(self, name: str, value: str) -> None:
        """Give the headers of this name, in lower case, another value."""
        self.given = [(each, value if each.lower() == name else old) for each, old in self.given]

    def drop(self, *names: str) -> None:
        """Take headers out."""
        self.given = [pair for pair in self.given if pair[0].lower() not in names]


def headers_of(options: Options, content_type: str | None) -> Headers:
    """The headers; `content_type` is that of the body. Raises NotFoundError and UsageError."""
    headers = Headers()
    for line in _lines(options):
        _read(headers, line)
    ranges = options.last("range")
    headers.add("range", None if ranges is None else f"bytes={ranges}")
    _add_removable(headers, "user-agent", options.last("user-agent"))
    headers.add("referer", (options.last("referer") or "").partition(";auto")[0] or None)
    headers.add("cookie", _cookie(options))
    headers.add("content-type", content_type)
    headers.add("accept", "application/json" if options.all("json") else None)
    return headers


def _lines(options: Options) -> Iterator[str]:
    for text in options.all("header"):
        if text.startswith("@"):
            yield from file_text(text[1:]).splitlines()
        else:
            yield text


def _read(headers: Headers, line: str) -> None:
    """`Name: value`; `Name;` is empty; `Name:` takes a header of curl away; curl leaves out what is neither."""
    name, colon, value = line.partition(":")
    if not colon:
        name, semicolon, value = line.partition(";")
        if has_variable(line):
            raise UsageError(f"the name of the header {shown(line)!r} is in a variable", hint="write the name")
        if not semicolon or value:
            headers.removed.update({name.lower()} if semicolon else ())
            return
    elif not value.strip():
        headers.removed.add(name.lower())
        return
    if not _TOKEN.fullmatch(name):
        raise UsageError(f"{shown(name)!r} is not the name of an HTTP header", hint="check -H of the curl command")
    if _CONTROL.search(value):
        raise UsageError(f"the value of header {name} holds a line break or control character", hint="take it out")
    headers.given.append((name, value.strip()))


def _add_removable(headers: Headers, name: str, value: str | None) -> None:
    if value == "":
        headers.removed.add(name)
    else:
        headers.add(name, value)


def _cookie(options: Options) -> str | None:
    return ";".join(each for each in options.all("cookie") if "=" in each or has_variable(each)) or None
