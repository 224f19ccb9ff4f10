"""What `-d` and its kin send (https://curl.se/docs/manpage.html).

Bytes that are not UTF-8 stand in the text as Python's `surrogateescape` writes them.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from awsit.cli.drafts.curl.options import Options
from awsit.cli.drafts.curl.words.variables import filtered, has_variable, pieces
from awsit.errors import NotFoundError, UsageError
from awsit.model.files import MAX_FILE_BYTES
from awsit.system.files import read_regular

OPTIONS = ("data", "data-ascii", "data-raw", "data-binary", "data-urlencode", "json")


def data_of(options: Options) -> str | None:
    """The data of all options, in their order; None without one. Raises NotFoundError and UsageError."""
    data: str | None = None
    for name, value in options.values:
        if name in OPTIONS:
            joint = "" if data is None or name == "json" else "&"
            data = f"{data or ''}{joint}{_content(name, value)}"
    return data


def url_query_of(options: Options) -> str | None:
    """What `--url-query` adds to the URL; None without one."""
    parts = [each[1:] if each.startswith("+") else _encoded(each) for each in options.all("url-query")]
    return "&".join(parts) if parts else None


def file_text(name: str) -> str:
    """The content of a file that the command names. Raises NotFoundError and UsageError."""
    if name == "-" or has_variable(name):
        what = "the standard input" if name == "-" else "a file that a variable names"
        raise UsageError(f"the curl command sends {what}", hint="name the file, or write its content into the command")
    path = Path(name)
    if not path.is_file():
        raise NotFoundError(f"the curl command sends the file {name}, which does not exist", hint="check the path")
    return read_regular(path, MAX_FILE_BYTES).decode("utf-8", "surrogateescape")


def _content(option: str, value: str) -> str:
    if option == "data-urlencode":
        return _encoded(value)
    if option == "data-raw" or not value.startswith("@"):
        return value
    content = file_text(value[1:])
    if option in {"json", "data-binary"}:
        return content
    return content.translate(dict.fromkeys(map(ord, "\r\n\0")))


def _encoded(text: str) -> str:
    """`content`, `=content`, `name=content`, `@file` and `name@file`: the content encoded, the name as it is."""
    name, equals, value = text.partition("=")
    if not equals:
        name, at, file = text.partition("@")
        value = file_text(file) if at else text
        name = name if at else ""
    encoded = "".join(_encoded_piece(piece) for piece in pieces(value))
    return f"{name}={encoded}" if name else encoded


def _encoded_piece(piece: str) -> str:
    if has_variable(piece):
        return filtered(piece, "urlencode | replace('%20', '+')")
    return quote(piece, safe="", errors="surrogateescape").replace("%20", "+")
