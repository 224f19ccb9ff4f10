"""A curl command line, read into a request (https://curl.se/docs/manpage.html)."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus, unquote

import click

from awsit.errors import NotFoundError, UsageError

_CONTINUATION = re.compile(r"[\\^]\r?\n")
_ANSI_C = re.compile(r"(?<=[\s=])\$'((?:[^'\\]|\\.)*)'", re.DOTALL)
_FORM_TYPE = "application/x-www-form-urlencoded"
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_USER_OF_URL = re.compile(r"(?P<start>(?:[A-Za-z][A-Za-z0-9+.-]*://)?)(?P<user>[^/?#]*)@")


def _taking(*names: str, multiple: bool = False) -> click.Option:
    return click.Option(names, multiple=multiple)


def _flag(*names: str) -> click.Option:
    return click.Option(names, is_flag=True)


_WITHOUT_MEANING_HERE = (
    _flag("-s", "--silent"),
    _flag("-S", "--show-error"),
    _flag("-f", "--fail"),
    _flag("--fail-with-body"),
    _flag("-v", "--verbose"),
    _flag("-i", "--include"),
    _flag("-L", "--location"),
    _flag("-#", "--progress-bar"),
    _flag("-g", "--globoff"),
    _flag("--compressed"),
    _flag("--http1.1", "http_1_1"),
    _flag("--http2", "http_2"),
    _flag("-N", "--no-buffer"),
    _taking("-o", "--output"),
    _taking("-w", "--write-out"),
)
_LEFT_OUT = (
    _taking("-x", "--proxy"),
    _taking("-E", "--cert"),
    _taking("--key"),
    _taking("-c", "--cookie-jar"),
    _taking("--retry"),
    _taking("--max-redirs"),
    _taking("--resolve"),
    _taking("--limit-rate"),
)
_READ = (
    click.Argument(["urls"], nargs=-1),
    _taking("--url", multiple=True),
    _taking("-X", "--request"),
    _taking("-H", "--header", multiple=True),
    _taking("-d", "--data", "--data-ascii", "data", multiple=True),
    _taking("--data-raw", multiple=True),
    _taking("--data-binary", multiple=True),
    _taking("--data-urlencode", multiple=True),
    _taking("--json", multiple=True),
    _taking("-F", "--form", multiple=True),
    _taking("--form-string", multiple=True),
    _flag("-G", "--get"),
    _flag("-I", "--head"),
    _taking("-u", "--user"),
    _taking("--oauth2-bearer"),
    _taking("--aws-sigv4"),
    _taking("-A", "--user-agent"),
    _taking("-e", "--referer"),
    _taking("-b", "--cookie"),
    _taking("-m", "--max-time"),
    _taking("--connect-timeout"),
    _taking("--cacert"),
    _flag("-k", "--insecure"),
)
_CURL = click.Command("curl", params=[*_READ, *_LEFT_OUT, *_WITHOUT_MEANING_HERE], add_help_option=False)


@dataclass(frozen=True, slots=True)
class CurlRequest:
    """What the command would send. `body` is None without one; `left_out` names options that say nothing here."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: str | None = None
    form: tuple[str, ...] = ()
    user: str = ""
    bearer: str = ""
    sigv4: str = ""
    verify_tls: bool | str = True
    timeout_seconds: str = ""
    connect_timeout_seconds: str = ""
    left_out: tuple[str, ...] = ()


def read_curl(command: str) -> CurlRequest:
    """The request of a curl command; credentials in its URL become `user`, as curl sends them.

    Raises UsageError that names an option which is not known here.
    """
    given = _options(command)
    urls = [*given["url"], *given["urls"]]
    if len(urls) != 1:
        found = f"{len(urls)} URLs" if urls else "no URL"
        raise UsageError(f"the curl command has {found}", hint="give it exactly one, in quotes")
    data = _data(given)
    plain, user = _without_user(urls[0])
    url, body = _placed(plain, data, in_query=given["get"])
    return CurlRequest(
        method=_method(given, has_body=body is not None or bool(given["form"])),
        url=url if "://" in url or url.startswith("$") else f"http://{url}",
        headers=tuple(_headers(given, has_body=body is not None)),
        body=body,
        form=(*given["form"], *given["form_string"]),
        user=given["user"] or user,
        bearer=given["oauth2_bearer"] or "",
        sigv4=given["aws_sigv4"] or "",
        verify_tls=False if given["insecure"] else given["cacert"] or True,
        timeout_seconds=given["max_time"] or "",
        connect_timeout_seconds=given["connect_timeout"] or "",
        left_out=tuple(max(option.opts, key=len) for option in _LEFT_OUT if given[str(option.name)]),
    )


def _without_user(url: str) -> tuple[str, str]:
    """The URL, and the `user:password` that it held (RFC 3986, section 3.2.1). Raises UsageError if it is not HTTP."""
    if url.startswith("^"):
        raise UsageError("the curl command is quoted for cmd of Windows", hint="copy it for bash instead")
    scheme = _SCHEME.match(url)
    if scheme and scheme[1].lower() not in {"http", "https"}:
        raise UsageError(f"the curl command speaks {scheme[1]}", hint="an http_call speaks http and https only")
    held = _USER_OF_URL.match(url)
    return (held["start"] + url[held.end() :], unquote(held["user"])) if held else (url, "")


def _options(command: str) -> dict[str, Any]:
    try:
        words = shlex.split(_without_ansi_c(_CONTINUATION.sub(" ", command.strip())))
    except ValueError as error:
        raise UsageError(f"the curl command cannot be read: {error}", hint="check its quotes") from error
    if not words or Path(words[0]).stem != "curl":
        raise UsageError("the command does not begin with `curl`", hint="give the whole command, in single quotes")
    try:
        return dict(_CURL.make_context("curl", words[1:]).params)
    except click.ClickException as error:
        message = error.format_message().rstrip(".")
        raise UsageError(
            f"the curl command cannot be translated: {message[:1].lower()}{message[1:]}",
            hint="leave out what does not change the request",
        ) from error


def _without_ansi_c(command: str) -> str:
    """The command with bash's `$'...'`, which browsers write, in quotes that shlex knows."""

    def decoded(found: re.Match[str]) -> str:
        text = found[1].encode("ascii", "backslashreplace").decode("unicode_escape")
        return shlex.quote(text.encode("utf-16", "surrogatepass").decode("utf-16"))

    return _ANSI_C.sub(decoded, command)


def _method(given: dict[str, Any], *, has_body: bool) -> str:
    if given["request"]:
        return str(given["request"]).upper()
    return "HEAD" if given["head"] else "POST" if has_body else "GET"


def _data(given: dict[str, Any]) -> str | None:
    if given["json"]:
        return "".join(_content(text, keep_lines=True) for text in given["json"])
    parts = [_content(text) for text in given["data"]]
    parts += given["data_raw"]
    parts += [_content(text, keep_lines=True) for text in given["data_binary"]]
    parts += [_encoded(text) for text in given["data_urlencode"]]
    return "&".join(parts) if parts else None


def _placed(url: str, data: str | None, *, in_query: bool) -> tuple[str, str | None]:
    if not in_query or data is None:
        return url, data
    return f"{url}{'&' if '?' in url else '?'}{data}", None


def _content(text: str, *, keep_lines: bool = False) -> str:
    if not text.startswith("@"):
        return text
    content = file_content(text[1:])
    return content if keep_lines else content.replace("\r", "").replace("\n", "")


def file_content(name: str) -> str:
    """The text of a file that the command names. Raises NotFoundError and UsageError."""
    if not Path(name).is_file():
        raise NotFoundError(f"the curl command sends the file {name}, which does not exist", hint="check the path")
    try:
        return Path(name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise UsageError(f"the file {name} is not text", hint="send it with `body_base64` of http_call") from None


def _encoded(text: str) -> str:
    name, equals, value = text.partition("=")
    return f"{name}={quote_plus(value)}" if equals and name else quote_plus(value or name)


def _headers(given: dict[str, Any], *, has_body: bool) -> list[tuple[str, str]]:
    headers = [_header(text) for text in given["header"]]
    named = {name.lower() for name, _ in headers}
    extra = {"user-agent": given["user_agent"], "referer": given["referer"], "cookie": given["cookie"]}
    if given["json"]:
        extra |= {"content-type": "application/json", "accept": "application/json"}
    elif has_body:
        extra["content-type"] = _FORM_TYPE
    return headers + [(name, value) for name, value in extra.items() if value and name not in named]


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    return (name.strip(), value.strip()) if colon else (name.strip().rstrip(";"), "")
