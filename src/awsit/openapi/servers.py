"""Which URLs belong to the servers of an OpenAPI document (OpenAPI Specification 3.1.1, section 4.8.5)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from awsit.model.json import Json

_VARIABLE = re.compile(r"\{[^{}]*\}")
_END = "(?=/|$)"


def servers_of(root: Json) -> tuple[str, ...]:
    """The URLs of a document's servers, which may be relative and hold `{variables}`; `/` when it names none."""
    servers = root.get("servers")
    named = servers if isinstance(servers, list) else []
    return tuple(str(each["url"]) for each in named if isinstance(each, Mapping) and each.get("url")) or ("/",)


def is_on_host(servers: Sequence[str], url: str) -> bool:
    """Whether the URL is on the host of a server; any is, when one is relative or has variables in its host."""
    hosts = [_host(server) for server in servers]
    return any(not host or "{" in host for host in hosts) or _host(url) in hosts


def is_below(servers: Sequence[str], url: str) -> bool:
    """Whether the URL is that of a server, or continues it; a relative server is one of every host."""
    return any(_is_below(server, url) for server in servers)


def _is_below(server: str, url: str) -> bool:
    host = _host(server)
    parts, path = urlsplit(url), urlsplit(server).path.strip("/") if host else server.strip("/")
    fits_path = re.match(_pattern(f"/{path}" if path else ""), parts.path) is not None
    return fits_path and (not host or re.fullmatch(_pattern(host), parts.netloc.lower()) is not None)


def _pattern(text: str) -> str:
    """A regular expression for a part of a server's URL, whose variables stand for any text without a slash.

    Each takes as little as it can, for good: to try more would find no other match, and take exponential time.
    """
    first, *others = map(re.escape, _VARIABLE.split(text))
    if not others:
        return f"{first}{_END}"
    *between, last = others
    return first + "".join(f"(?>[^/]*?{each})" for each in between) + f"(?>[^/]*?{last}{_END})"


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()
