"""The request that a curl command sends."""

from __future__ import annotations

import re
from pathlib import PurePath, PureWindowsPath
from urllib.parse import quote, urlsplit

from msgspec import Struct

from awsit.cli.drafts.curl.data import data_of, file_text, url_query_of
from awsit.cli.drafts.curl.headers import FORM_TYPE, Headers, headers_of
from awsit.cli.drafts.curl.multipart.parts import BOUNDARY, MULTIPART, FormPart, body_of, parts_of
from awsit.cli.drafts.curl.options import Options, read_options
from awsit.cli.drafts.curl.url import add_query, read_url
from awsit.cli.drafts.curl.words.bash import bash_words
from awsit.cli.drafts.curl.words.cmd import cmd_words, is_for_cmd
from awsit.cli.drafts.curl.words.variables import has_variable, variables_of
from awsit.errors import UsageError

_PROMPT = re.compile(r"\s*[$%>]\s+(?=curl)")
_POWERSHELL = re.compile(r"`[ \t]*\r?\n")
_METHOD = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


class CurlRequest(Struct):
    """What the command sends; `variables` are those of the shell that it uses, `notes` name what is not repeated.

    `parts` are those of a multipart form, whose text is the `body`.
    """

    method: str
    url: str
    headers: Headers
    body: str | None
    user: str | None
    bearer: str | None
    sigv4: str | None
    options: Options
    variables: frozenset[str]
    parts: tuple[FormPart, ...] = ()
    notes: tuple[str, ...] = ()


def read_curl(command: str) -> CurlRequest:
    """The request of a curl command. Raises UsageError for what would become another request, and NotFoundError."""
    words, pipe = _words(command)
    if not words or PureWindowsPath(words[0]).stem.lower() != "curl":
        hint = "leave out what stands before it" if "curl" in words else "give the whole command, in single quotes"
        raise UsageError("the command does not begin with `curl`", hint=hint)
    options = read_options(words[1:])
    parts = parts_of(options)
    data = data_of(options)
    upload = options.last("upload-file")
    _check_one_body(options, has_data=data is not None, has_parts=bool(parts), has_upload=upload is not None)
    url, user = _url(options, data)
    body, content_type = _body(options, data)
    if parts:
        body, content_type = body_of(parts), f"{MULTIPART}; boundary={BOUNDARY}"
    headers = headers_of(options, content_type)
    if parts:
        _add_boundary(headers)
    if upload is not None:
        url, body = _upload_url(url, upload), file_text(upload)
    return CurlRequest(
        method=_method(options, has_body=body is not None),
        url=url,
        headers=headers,
        body=body,
        user=options.last("user") if options.last("user") is not None else user,
        bearer=options.last("oauth2-bearer"),
        sigv4=options.last("aws-sigv4"),
        options=options,
        variables=frozenset().union(*(variables_of(word) for word in words)),
        parts=tuple(parts),
        notes=(f"left out, since it reads only the answer: | {pipe}",) if pipe else (),
    )


def _words(command: str) -> tuple[list[str], str]:
    if "\0" in command:
        raise UsageError("the curl command holds a NUL character", hint="copy it again")
    if _POWERSHELL.search(command):
        raise UsageError("the curl command is quoted for PowerShell", hint="copy it for bash instead")
    text = _PROMPT.sub("", command, count=1).strip()
    return (cmd_words(text), "") if is_for_cmd(text) else bash_words(text)


def _check_one_body(options: Options, *, has_data: bool, has_parts: bool, has_upload: bool) -> None:
    """As curl itself, which sends nothing when it is asked for two kinds of request."""
    as_query = options.has("get") and not has_parts
    kinds = [
        has_data and not as_query,
        has_parts,
        has_upload,
        options.has("head") or (options.has("get") and has_upload),
    ]
    if sum(kinds) > 1:
        hint = "give it one of -d, -F, -T and -I"
        raise UsageError("curl sends nothing: the options ask for different requests", hint=hint)


def _url(options: Options, data: str | None) -> tuple[str, str | None]:
    urls = options.all("url")
    if len(urls) != 1:
        found = f"{len(urls)} URLs" if urls else "no URL"
        raise UsageError(f"the curl command has {found}", hint="give it exactly one, in quotes")
    url, user = read_url(urls[0], globs=not options.has("globoff"))
    in_query = options.has("get") and data is not None
    return add_query(url, data if in_query else url_query_of(options)), user


def _body(options: Options, data: str | None) -> tuple[str | None, str | None]:
    """The data as a body, and its content type."""
    content_type = "application/json" if options.all("json") else FORM_TYPE
    if data is None or options.has("get"):
        return None, content_type if options.all("json") else None
    return data, content_type


def _upload_url(url: str, file: str) -> str:
    """A URL that ends in a folder gets the file's name."""
    path = urlsplit(url).path
    if path and not path.endswith("/"):
        return url
    head, mark, query = url.partition("?")
    return f"{head.removesuffix('/')}/{quote(PurePath(file).name)}{mark}{query}"


def _add_boundary(headers: Headers) -> None:
    """Give a multipart type of the command curl's boundary, too. Raises UsageError for a type of another kind."""
    own = headers.get("content-type") or ""
    if not own.lower().startswith(MULTIPART):
        raise UsageError("the form is sent under a Content-Type of another kind", hint="leave the header out")
    if own != f"{MULTIPART}; boundary={BOUNDARY}":
        headers.replace("content-type", f"{own}; boundary={BOUNDARY}")


def _method(options: Options, *, has_body: bool) -> str:
    given = options.last("request")
    if given is None:
        uploads = options.last("upload-file") is not None
        return "HEAD" if options.has("head") else "PUT" if uploads else "POST" if has_body else "GET"
    if not has_variable(given) and not _METHOD.fullmatch(given):
        raise UsageError(f"{given!r} is not an HTTP method", hint="check -X of the curl command")
    return given
