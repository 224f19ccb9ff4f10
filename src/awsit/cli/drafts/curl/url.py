"""The URL of a curl command: its scheme, its globs, the user in it, and the query that options add."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from awsit.cli.drafts.curl.words.variables import has_variable, shown, without_variables
from awsit.errors import UsageError

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?=/)/{1,3}")
_OTHER_HOSTS = re.compile(r"(ftp|dict|ldap|imap|smtp|pop3)\.", re.IGNORECASE)
_USER = re.compile(r"(?P<start>[A-Za-z][A-Za-z0-9+.-]*://)(?P<user>[^/?#]*)@")
_GLOB = re.compile(
    r"\\(?P<escaped>[\[\]{}])|\{(?P<set>[^{}]*)\}|(?P<plain>\[\]|\[[0-9A-Fa-f:.]*:[0-9A-Fa-f:.%]*\])|(?P<bad>[\[\]{}])"
)
_UNSENDABLE = re.compile(r"[\x00-\x20\x7f]")
_HINT = "encode such characters, a space as %20; braces and brackets are kept by --globoff"


def read_url(text: str, *, globs: bool) -> tuple[str, str | None]:
    """The URL without its fragment, and the `user:password` in it (RFC 3986, section 3.2.1). Raises UsageError."""
    whole = _with_scheme(_without_globs(text) if globs else text)
    _check(whole)
    url = whole.partition("#")[0]
    held = _USER.match(url)
    if not held:
        return url, None
    user, _, password = held["user"].partition(":")
    return held["start"] + url[held.end() :], f"{unquote(user)}:{unquote(password)}"


def add_query(url: str, query: str | None) -> str:
    """The URL with more in its query, joined as curl does. Raises UsageError."""
    if query is None:
        return url
    if _UNSENDABLE.search(without_variables(query)):
        raise UsageError("the data for the URL's query holds a blank or a control character", hint=_HINT)
    if "?" not in url and not has_variable(url) and not urlsplit(url).path:
        url += "/"
    if not query and not url.partition("?")[2]:
        return url.removesuffix("?")
    joint = "" if url.endswith(("?", "&")) else "&" if "?" in url else "?"
    return f"{url}{joint}{query}"


def encoded_by_transport(url: str) -> Sequence[str]:
    """The characters that curl sends as they are, and an `http_call` percent-encoded (RFC 3986, section 2)."""
    return sorted(
        set(re.findall(r"[^\x00-\x20A-Za-z0-9._~:/?#@!$&'()*+,;=%-]|%(?![0-9A-Fa-f]{2})", without_variables(url)))
    )


def _with_scheme(url: str) -> str:
    if has_variable(url[:1]):
        return url
    scheme = _SCHEME.match(url)
    if scheme and scheme[1].lower() not in {"http", "https"}:
        raise UsageError(f"the curl command speaks {scheme[1]}", hint="an http_call speaks http and https only")
    other = _OTHER_HOSTS.match(url)
    if other:
        hint = "begin the URL with https:// or http://"
        raise UsageError(f"curl speaks {other[1].lower()} to a host that is called so", hint=hint)
    return f"{scheme[1]}://{url[scheme.end() :]}" if scheme else f"http://{url}"


def _without_globs(url: str) -> str:
    """The one URL that curl's globbing makes of it. Raises UsageError where it makes several, or none."""

    def one(found: re.Match[str]) -> str:
        if found["bad"] or found["set"] == "":
            raise UsageError(f"{shown(url)!r} is not a URL: {found[0]!r} is no whole range or set", hint=_HINT)
        if found["set"] and "," in found["set"]:
            raise UsageError(
                f"the URL makes several requests: {shown(found[0])}", hint="give it one request, or use --globoff"
            )
        return found["escaped"] or found["set"] or found["plain"]

    ranges = re.search(r"\[(\w+-\w+(?::\d+)?)\]", url)
    if ranges:
        raise UsageError(f"the URL makes several requests: {ranges[0]}", hint="give it one request, or use --globoff")
    return _GLOB.sub(one, url)


def _check(url: str) -> None:
    found = _UNSENDABLE.search(url)
    if found:
        raise UsageError(f"curl cannot send the URL: it holds {found[0]!r}", hint=_HINT)
    try:
        host = urlsplit(without_variables(url)).hostname
    except ValueError as error:
        raise UsageError(f"{without_variables(url)!r} is not a URL: {error}", hint="check the curl command") from error
    if not host and not has_variable(url):
        raise UsageError(f"{url!r} is not a URL: it names no host", hint="check the curl command")
